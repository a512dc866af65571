using System.CommandLine;

namespace NumberLedger.Cli;

/// <summary><c>completion</c>: a script that makes a shell complete verbs and options.</summary>
internal static class CompletionCommand
{
    public static Command Create(Globals globals, Command root)
    {
        Lang lang = globals.Lang;
        var shell = new Argument<string>("shell")
        {
            Description = lang.Say("bash, zsh or fish.", "bash、zsh 或 fish。"),
        };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion", lang.Say(
                "Print a script that completes verbs and options: source <(numberledger completion bash).",
                "输出补全命令和选项的脚本：source <(numberledger completion bash)。")) { shell };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(parsed.GetRequiredValue(shell) switch
            {
                "bash" => CompletionScripts.Bash(root),
                "zsh" => CompletionScripts.Zsh(root),
                _ => CompletionScripts.Fish(root),
            });
            return ExitCodes.Ok;
        });
        return command;
    }
}
