using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using NumberLedger.Terminal;

namespace NumberLedger.Cli;

/// <summary><c>backup</c>: the whole ledger of a server that goes on serving, as one file.</summary>
internal static class BackupCommand
{
    public const string Path = "/v1/backup";

    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        var output = new Option<string>("--output", "-o")
        {
            Required = true,
            HelpName = "file",
            Description = lang.Say(
                "The file to write, mode 0600. It appears whole and verified, or not at all.",
                "要写入的文件（权限 0600）；只有完整并通过核对才会出现。"),
        };
        var command = new Command(
            "backup", lang.Say(
                "Copy the whole ledger, while it serves, into one file (operators). Of a stopped one: backup --data DIR.",
                "把正在服务的账本整个备份到一个文件（运营者）；账本已停止时用 backup --data DIR。")) { output };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            string path = OutputPath.Usable(parsed.GetRequiredValue(output), lang);
            var meter = new FileMeter { CountsEntries = true };
            (BackupHeader header, long bytes) = await new FileProgressView(
                session.Screen, "backup", meter, resultsToStandardOutput: false, inBytes: false)
                .DuringAsync(new BackupTransfer(session, path, meter).RunAsync(cancellationToken));
            Tell(header, bytes, path, session.Screen);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Tell(BackupHeader header, long bytes, string path, Screen screen)
    {
        string madeAt = header.MadeAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        if (screen.Json)
        {
            var result = new JsonObject
            {
                ["file"] = path,
                ["bytes"] = bytes,
                ["madeAt"] = madeAt,
                ["blocks"] = header.Blocks,
                ["entries"] = header.Entries,
            };
            if (OutputPath.IsWrittenThrough(path)) Screen.WriteJsonToError(result); // It may be standard output.
            else Screen.WriteJson(result);
            return;
        }

        screen.Note(
            $"{path} is whole and verified: {Counts.Blocks(header.Blocks)}, {Counts.Entries(header.Entries)}, as of {madeAt}.",
            $"{path} 完整并已核对：{Whole(header.Blocks)} 个号段，{Whole(header.Entries)} 条记录，截至 {madeAt}。");
        screen.Note(
            "It does not hold the master key (keep a copy elsewhere), files and answers of jobs, or keys.json.",
            "其中没有主密钥（请另行保管一份）、任务的文件和结果，也没有 keys.json。");
    }

    private static string Whole(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
