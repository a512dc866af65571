using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NumberLedger.Cli;

/// <summary>The verbs, and what holds for all of them.</summary>
internal static class CommandLine
{
    public const string Program = "numberledger";

    /// <summary>What goes wrong is told by this program, not by the library.</summary>
    private static readonly InvocationConfiguration Plain = new()
    {
        EnableDefaultExceptionHandler = false,
        // After Ctrl-C: on a busy machine the library's 2 s may pass before it is told how to go on.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        Lang lang = Lang.Of(args, Environment.GetEnvironmentVariable);
        try
        {
            ResultStream.TakeConsole();
            return await RunAsync(args, lang);
        }
        catch (Exception cause)
        {
            CliFailure? failure = Failures.Of(cause, lang, CancellationToken.None);
            // Of a bug its stack. Nothing may abort here: that would end with the code of a signal.
            await Screen.TryTellAsync(failure is null ? $"{cause}" : $"{Program}: {failure.Message}");
            return failure?.ExitCode ?? ExitCodes.Failed;
        }
    }

    private static async Task<int> RunAsync(string[] args, Lang lang)
    {
        if (ServerVerbs.Are(args))
        {
            await Console.Error.WriteLineAsync($"{Program}: " + lang.Say(
                $"{args[0]} touches a store, so it is a verb of the server's program: ./run {args[0]}",
                $"{args[0]} 要用到存储，属于服务器程序：请用 ./run {args[0]}"));
            return ExitCodes.Usage;
        }

        ParseResult parsed = Create(lang).Parse(args);
        if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(Plain);

        await Mistakes.TellAsync(parsed, lang, Console.Error);
        return ExitCodes.Usage;
    }

    public static Command Create(Lang lang)
    {
        var globals = new Globals(lang);
        var root = new Command(
            Program, lang.Say("The ledger of who may still be texted at a phone number.", "号码账本：这个号码现在还可以给谁发短信。"))
        {
            CheckCommand.Create(globals),
            ScrubCommand.Create(globals),
            ImportCommand.Create(globals),
            HistoryCommand.Create(globals),
            JobsCommand.Create(globals),
            KeysCommand.Create(globals),
            BackupCommand.Create(globals),
            DoctorCommand.Create(globals),
        };
        root.Add(CompletionCommand.Create(globals, root));
        foreach (Option option in globals.All) root.Add(option);

        root.Add(new HelpOption
        {
            Recursive = true,
            Action = new HelpText(lang),
            Description = lang.Say("Show help and usage information", "显示帮助"),
        });
        root.Add(new VersionOption { Description = lang.Say("Show version information", "显示版本") });
        return root;
    }
}
