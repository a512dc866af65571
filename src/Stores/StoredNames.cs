using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NumberLedger.Stores;

/// <summary>What every driver of files and of states checks, and draws.</summary>
public static partial class StoredNames
{
    /// <summary>Sorts behind every name that begins with the prefix before it.</summary>
    public const char BehindAll = '~';

    private const int VersionSize = 8;

    public static bool IsOne(string name) => Names().IsMatch(name);

    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Check(string name, int charsMax) => IsOne(name) && name.Length <= charsMax
        ? name
        : throw new ArgumentException("Not a name: see IFileStore and IStateStore.", nameof(name));

    public static void CheckState(string name) => Check(name, IStateStore.NameCharsMax);

    public static void CheckState(string name, ReadOnlyMemory<byte> content)
    {
        CheckState(name);
        if (content.Length <= IStateStore.BytesMax) return;

        throw new ArgumentException(
            $"A state has at most {IStateStore.BytesMax} bytes, and this {content.Length}.", nameof(content));
    }

    public static void CheckPrefix(string prefix)
    {
        if (prefix.Length > 0) CheckState(prefix);
    }

    /// <summary>Drawn: a state that was deleted and made again must not be taken for what it was.</summary>
    public static string DrawVersion() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(VersionSize));

    [GeneratedRegex(@"^[a-z][a-z0-9_.]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
