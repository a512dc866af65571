using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NumberLedger.Cli.Tests;

/// <summary>Help and mistakes, in both languages, and one list of all verbs.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_shows_the_verbs_of_both_programs(string option)
    {
        Ended ended = await CliProcess.RunAsync(option);

        Assert.Equal((ExitCodes.Ok, ""), (ended.ExitCode, ended.Error));
        Assert.All(
            new[] { "check", "scrub", "import", "history", "jobs", "keys", "backup", "doctor", "completion" }
                .Concat(ServerVerbs.Names),
            verb => Assert.Matches($"(?m)^  {verb}( |$)", ended.Output));
    }

    [Fact]
    public void The_servers_verbs_are_those_that_it_has_and_that_run_sends_to_it()
    {
        string program = File.ReadAllText(Repository.Full("src/Silo/Program.cs"));
        string run = File.ReadAllText(Repository.Full("run"));

        string[] verbs =
        [
            .. Regex.Matches(program, @"(\w+)Command\.Create\(\)")
                .Select(match => match.Groups[1].Value.ToLowerInvariant()),
        ];

        // Both have one: --data tells a folder's from a server's.
        Assert.Equal(verbs, ServerVerbs.Names.Append("backup"));
        Assert.Contains($"  {string.Join(" | ", ServerVerbs.Names)}) project=Silo", run, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Everything_is_described_in_the_readers_language(string tag)
    {
        Lang lang = tag == "en" ? Lang.English : Lang.Chinese;

        Assert.All(Symbols(CommandLine.Create(lang)), symbol =>
        {
            Assert.False(string.IsNullOrEmpty(symbol.Description), symbol.Name);
            Assert.DoesNotMatch("[，。：；、）] ", symbol.Description);
            bool chinese = symbol.Description.Any(character => character >= '\u2E80');
            Assert.True(chinese == lang.IsChinese, $"{symbol.Name}: {symbol.Description}");
        });
    }

    [Theory]
    [InlineData("en", "'sms' is none of: marketing, servicing, collection, verification.")]
    [InlineData("zh-CN", "“sms”不在可选值之中：marketing, servicing, collection, verification。")]
    public async Task A_mistake_is_told_in_a_sentence_and_ends_with_2(string lang, string said)
    {
        Ended ended = await CliProcess.RunAsync("check", "+8613800001234", "--purpose", "sms", "--lang", lang);

        Assert.Equal((ExitCodes.Usage, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains("numberledger check --help", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chek")]
    [InlineData("check")]
    [InlineData("check", "+8613800001234", "--purpose")]
    [InlineData("check", "+8613800001234", "--purpose", "marketing", "--consented-on", "1.3.2026")]
    [InlineData("doctor", "--server", "ftp://127.0.0.1")]
    [InlineData("doctor", "--server", "http://127.0.0.1:5080/v1")]
    [InlineData("import")]
    public async Task Mistakes_have_no_English_left_in_Chinese(params string[] args)
    {
        Ended ended = await CliProcess.RunAsync([.. args, "--lang=zh-CN"]);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.All(
            ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(line, character => character >= '\u2E80'));
    }

    [Fact]
    public async Task The_language_is_the_locales_unless_said_otherwise()
    {
        var chinese = new Dictionary<string, string?> { ["LANG"] = "zh_CN.UTF-8" };

        Assert.Contains("用法：", (await CliProcess.RunAsync(chinese, "--help")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "Usage:", (await CliProcess.RunAsync(chinese, "--help", "--lang", "en")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_of_the_server_is_told_where_it_is()
    {
        Ended ended = await CliProcess.RunAsync("serve", "--data", "x");

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("./run serve", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_for_bash_completes_verbs_options_and_values()
    {
        Ended script = await CliProcess.RunAsync("completion", "bash");

        Assert.Equal("scrub", await CompleteAsync(script.Output, "numberledger", "sc"));
        Assert.Equal("carrier", await CompleteAsync(script.Output, "numberledger", "import", "ca"));
        Assert.Equal(
            "--complete-through",
            await CompleteAsync(script.Output, "numberledger", "import", "carrier", "x.csv", "--com"));
        Assert.Equal("fish", await CompleteAsync(script.Output, "numberledger", "completion", "f"));
        Assert.Equal("delete", await CompleteAsync(script.Output, "numberledger", "jobs", "d"));
        Assert.Equal("carrier", await CompleteAsync(script.Output, "numberledger", "jobs", "list", "c"));
        Assert.Equal("fsck", await CompleteAsync(script.Output, "./run", "fs"));
    }

    [Theory]
    [InlineData("zsh", "#compdef numberledger")]
    [InlineData("fish", "complete -c numberledger")]
    public async Task Completion_for_other_shells_names_every_verb(string shell, string said)
    {
        Ended script = await CliProcess.RunAsync("completion", shell);

        Assert.Contains(said, script.Output, StringComparison.Ordinal);
        Assert.Contains("scrub", script.Output, StringComparison.Ordinal);
        Assert.Contains("--complete-through", script.Output, StringComparison.Ordinal);
    }

    private static async Task<string> CompleteAsync(string script, params string[] words)
    {
        string ask = $"COMP_WORDS=({string.Join(' ', words)}); COMP_CWORD={words.Length - 1}; _numberledger; echo \"${{COMPREPLY[*]}}\"";
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script + ask])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process bash = Process.Start(start)!;
        string completed = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return completed.Trim();
    }

    private static IEnumerable<Symbol> Symbols(Command command) =>
    [
        command, .. command.Arguments, .. command.Options, .. command.Subcommands.SelectMany(Symbols),
    ];
}
