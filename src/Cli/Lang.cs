namespace NumberLedger.Cli;

/// <summary>
/// In which of its two languages the program speaks. Both stand side by side where something is said.
/// </summary>
internal sealed class Lang
{
    public const string EnglishTag = "en";
    public const string ChineseTag = "zh-CN";
    public const string OptionName = "--lang";

    /// <summary>In order of precedence (POSIX).</summary>
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    private readonly bool _isChinese;

    private Lang(bool isChinese) => _isChinese = isChinese;

    public static Lang English { get; } = new(isChinese: false);

    public static Lang Chinese { get; } = new(isChinese: true);

    public bool IsChinese => _isChinese;

    public string Say(string english, string chinese) => _isChinese ? chinese : english;

    /// <summary>English counts: 1 line, 2 lines.</summary>
    public static string Lines(string count) => count == "1" ? "1 line" : count + " lines";

    /// <summary>One after the other; after a wide stop there is no blank.</summary>
    public static string Join(params IEnumerable<string> sentences) => sentences.Where(sentence => sentence.Length > 0)
        .Aggregate("", (told, sentence) =>
            told.Length == 0 || told[^1] >= '\u2E80' ? told + sentence : $"{told} {sentence}");

    /// <summary>
    /// That of <c>--lang</c>, otherwise that of the user's locale. Known before the command line is parsed, since help
    /// and mistakes are told in it too.
    /// </summary>
    public static Lang Of(string[] args, Func<string, string?> environment)
    {
        string? asked = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == OptionName) asked = args.ElementAtOrDefault(i + 1);
            if (args[i].StartsWith(OptionName + '=', StringComparison.Ordinal)) asked = args[i].Split('=', 2)[1];
        }

        string locale = asked ?? LocaleVariables
            .Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
    }
}
