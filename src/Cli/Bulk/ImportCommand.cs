using System.CommandLine;

namespace NumberLedger.Cli;

/// <summary><c>import</c>: a carrier's file of events, or a lender's file of bindings.</summary>
internal static class ImportCommand
{
    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        return new Command(
            "import", lang.Say("Bring a file into the ledger.", "把文件导入账本。"))
        {
            Carrier(globals), Bindings(globals),
        };
    }

    private static Command Carrier(Globals globals)
    {
        Lang lang = globals.Lang;
        Option<string?> completeThrough = Arguments.Day(
            lang, "--complete-through",
            lang.Say(
                "Once all of the file is taken, your record is complete through this day.", "文件全部收下之后，声明上报已完整到这一天。"));
        var command = new Command(
            "carrier", lang.Say("What happened to numbers: CSV, NDJSON, or as the FCC has it.", "号码发生了什么：CSV、NDJSON 或 FCC 格式。"))
        {
            completeThrough,
        };
        SetUp(globals, command, "import carrier", "/v1/carrier-files", completeThrough);
        return command;
    }

    private static Command Bindings(Globals globals)
    {
        Lang lang = globals.Lang;
        var command = new Command(
            "bindings", lang.Say("Numbers bound to consents: CSV or NDJSON.", "号码与同意的绑定：CSV 或 NDJSON。"));
        SetUp(globals, command, "import bindings", "/v1/bindings/files", null);
        return command;
    }

    private static void SetUp(
        Globals globals, Command command, string verb, string path, Option<string?>? completeThrough)
    {
        Lang lang = globals.Lang;
        var file = new FileArguments(
            lang,
            lang.Say("The file; - is standard input.", "文件；- 表示标准输入。"),
            lang.Say(
                "Where refused lines go, with why and what to do. Otherwise standard output.", "被拒绝的行及其原因和办法写到这个文件；不写则为标准输出。"));
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = lang.Say("Judge every line, record nothing.", "只判断每一行，不记录任何内容。"),
        };
        command.Add(dryRun);
        file.AddTo(command);
        globals.SetAction(command, (parsed, session, cancellationToken) =>
        {
            FileOrder order = file.OrderOf(
                parsed, path, writes: true, ("dryRun", parsed.GetValue(dryRun) ? "true" : null),
                ("completeThrough", completeThrough is null ? null : parsed.GetValue(completeThrough)));
            return new FileRun(
                session, order, verb, parsed.GetValue(file.Job), parsed.GetValue(file.Resume), ContinuePart: false)
                .RunAsync(cancellationToken);
        });
    }
}
