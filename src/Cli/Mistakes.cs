using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace NumberLedger.Cli;

/// <summary>
/// Mistakes on the command line, each in a sentence. The library has them in English only, as it is used here.
/// </summary>
internal static partial class Mistakes
{
    public static async Task TellAsync(ParseResult parsed, Lang lang, TextWriter to)
    {
        // A verb that does not exist is also one that is missing: one sentence is enough.
        string[] told = [.. parsed.Errors.Select(error => Say(error.Message, lang)).Distinct()];
        string isMissing = Say("Required command was not provided.", lang);
        if (told.Length > 1) told = [.. told.Where(message => message != isMissing)];
        foreach (string message in told) await to.WriteLineAsync($"{CommandLine.Program}: {message}");

        await to.WriteLineAsync($"{CommandLine.Program}: " + lang.Say(
            $"{PathOf(parsed.CommandResult)} --help tells how.", $"用法见 {PathOf(parsed.CommandResult)} --help"));
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static string Say(string message, Lang lang)
    {
        if (Choices().Match(message) is { Success: true } choices)
        {
            string list = string.Join(", ", choices.Groups["choice"].Captures.Select(choice => choice.Value));
            return lang.Say(
                $"'{choices.Groups["given"].Value}' is none of: {list}.", $"“{choices.Groups["given"].Value}”不在可选值之中：{list}。");
        }

        if (!lang.IsChinese) return message;

        foreach ((Regex english, string chinese) in Chinese)
        {
            if (english.IsMatch(message)) return english.Replace(message, chinese);
        }

        return message;
    }

    private static readonly (Regex English, string Chinese)[] Chinese =
    [
        (Pattern(@"^Required argument missing for option: '(.+)'\.$"), "选项 $1 后面缺少值。"),
        (Pattern(@"^Required argument '(.+)' missing for command: '(.+)'\.$"), "$2 缺少参数 $1。"),
        (Pattern(@"^Option '(.+)' is required\.$"), "必须写出选项 $1。"),
        (Pattern(@"^Unrecognized command or argument '(.*)'\.$"), "不认识的命令或参数：$1"),
        (Pattern(@"^Required command was not provided\.$"), "没有写出命令。"),
        (Pattern(@"^Option '(.+)' expects a single argument but \d+ were provided\.$"), "选项 $1 只能有一个值。"),
        (Pattern(@"^Cannot parse argument '(.*)' for option '(.+)' as expected type '.+'\.$"), "选项 $2 不接受 $1。"),
    ];

    private static Regex Pattern(string text) => new(text, RegexOptions.NonBacktracking);

    [GeneratedRegex(
        @"^Argument '(?<given>.*)' not recognized\. Must be one of:(\s+'(?<choice>[^']*)')+\s*$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Choices();
}
