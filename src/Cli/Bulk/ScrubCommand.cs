using System.CommandLine;

namespace NumberLedger.Cli;

/// <summary><c>scrub</c>: a file of numbers to send to, each line back with its verdict.</summary>
internal static class ScrubCommand
{
    private static readonly string[] Rules = ["fcc-rnd", "camara", "aliyun"];

    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        var file = new FileArguments(
            lang,
            lang.Say("Lines with a number each, CSV or NDJSON; - is standard input.", "每行一个号码的文件，CSV 或 NDJSON；- 表示标准输入。"),
            lang.Say(
                "Where the lines go with their verdicts; until all are there it is called FILE.part. Otherwise standard output.",
                "带结论的结果写到这个文件，完成之前名为 FILE.part；不写则为标准输出。"));
        Option<string> purpose = Arguments.Purpose(
            lang,
            lang.Say(
                "The purpose of lines that name none; otherwise marketing. One of:", "没有写明用途的行按此用途核查，不写则为 marketing。可选："),
            required: false);
        var rule = new Option<string?>("--rule")
        {
            HelpName = string.Join('|', Rules),
            Description = lang.Say("Add how this registry would answer for the line's date.", "另加一列：该登记机构对这一行日期的回答。"),
        };
        rule.AcceptOnlyFromAmong(Rules);
        Option<string?> onBehalfOf = Arguments.OnBehalfOf(lang);
        var goOn = new Option<bool>("--continue")
        {
            Description = lang.Say(
                "Go on after the lines that FILE.part of an interrupted run answers (CSV, within an hour).",
                "从中断时留下的 FILE.part 之后继续（仅限 CSV，一小时之内）。"),
        };
        var command = new Command(
            "scrub", lang.Say("Check a file of numbers, while it streams.", "核查一个文件里的号码，边传边答。"))
        {
            purpose, rule, onBehalfOf, goOn,
        };
        file.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(goOn)) return;

            if (result.GetValue(file.Output) is null or Arguments.Standard
                || result.GetValue(file.File) is null or Arguments.Standard || result.GetValue(file.Job))
            {
                result.AddError(lang.Say(
                    "--continue takes the file and -o of the run that was interrupted, and no job.",
                    "--continue 需要写出中断时的文件和 -o，且不能用于任务。"));
            }
        });
        globals.SetAction(command, (parsed, session, cancellationToken) =>
        {
            FileOrder order = file.OrderOf(
                parsed, "/v1/scrubs", writes: false, ("purpose", parsed.GetValue(purpose)),
                ("rule", parsed.GetValue(rule)), ("onBehalfOf", parsed.GetValue(onBehalfOf)));
            bool continues = parsed.GetValue(goOn);
            if (continues && (order.In, order.Out) != (FileFormat.Csv, FileFormat.Csv))
            {
                throw new CliFailure(ExitCodes.Usage, lang.Say(
                    "Only CSV can be continued. Run it without --continue, or use --job.", "只有 CSV 可以继续。请去掉 --continue 重新运行，或改用 --job。"));
            }

            return new FileRun(
                session, order, "scrub", parsed.GetValue(file.Job), parsed.GetValue(file.Resume), continues)
                .RunAsync(cancellationToken);
        });
        return command;
    }
}
