using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>The values of an enum as the API writes them: snake_case. Of flags, the single ones.</summary>
internal static class Words<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> ToText = Single().ToFrozenDictionary(value => value, TextOf);

    private static readonly FrozenDictionary<string, T> FromText = ToText.ToFrozenDictionary(
        pair => pair.Value, pair => pair.Key);

    /// <summary>In the order of their declaration.</summary>
    public static ImmutableArray<string> All { get; } = [.. Single().Select(TextOf)];

    public static string Of(T value) => ToText[value];

    public static bool TryParse(string text, out T value) => FromText.TryGetValue(text, out value);

    /// <summary>The set flags, lowest first.</summary>
    public static string[] Split(T flags) => [.. Single().Where(flag => flags.HasFlag(flag)).Select(Of)];

    private static IEnumerable<T> Single() =>
        Enum.GetValues<T>().Where(value => !IsFlags || BitOperations.IsPow2(Convert.ToInt64(value)));

    private static bool IsFlags => typeof(T).IsDefined(typeof(FlagsAttribute), false);

    private static string TextOf(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
