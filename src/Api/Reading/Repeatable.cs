namespace NumberLedger.Api;

/// <summary>What a problem may repeat of a request.</summary>
internal static class Repeatable
{
    private const int CharsMax = 64;

    /// <summary>A text with more digits may be, or contain, a phone number.</summary>
    private const int DigitsMax = 4;

    /// <summary>To stand behind a word: " named x"; empty if the name may say something about a person.</summary>
    public static string Named(string name) => IsHarmless(name) ? $" named {name}" : "";

    public static bool IsHarmless(string name) => name.Length <= CharsMax && name.Count(char.IsDigit) <= DigitsMax;
}
