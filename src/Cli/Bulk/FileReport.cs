using System.Globalization;
using System.Text.Json.Nodes;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary>What is told at the end of a file, and with what the program ends.</summary>
internal sealed class FileReport(Screen screen, FileOrder order)
{
    private readonly Lang _lang = screen.Lang;

    public int Tell(AnswerTrailer trailer, TimeSpan took)
    {
        // An answer on standard output is not to be mixed with what is told of it.
        if (screen.Json && order.Output is not null) Screen.WriteJson(JsonOf(trailer, took));
        else if (screen.Json) Screen.WriteJsonToError(JsonOf(trailer, took));
        else Show(trailer, took);

        if (trailer.FeedIsIncomplete)
        {
            // The one object of --json has it as stopped.
            if (!screen.Json)
            {
                screen.Note(
                    "Lines were refused, so no feed was taken to be complete. "
                    + "Mend them, and send the whole file again.",
                    "有行被拒绝，因此未认定上报完整。请改正后把整个文件重新发送。");
            }

            return ExitCodes.Findings;
        }

        if (trailer.Stopped is { } why)
        {
            string told = _lang.Say(
                $"The file was not read to its end: {trailer.Detail} [{why}]", $"文件没有处理完：{trailer.Detail} [{why}]");
            throw new CliFailure(
                why == "ledger-unavailable" ? ExitCodes.Unavailable : ExitCodes.Failed, told, why);
        }

        return trailer.Count("refused") > 0 ? ExitCodes.Findings : ExitCodes.Ok;
    }

    private void Show(AnswerTrailer trailer, TimeSpan took)
    {
        string seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string rows = Whole(trailer.Rows);
        string rate = Whole((trailer.Rows - trailer.Count("continued")) / Math.Max(took.TotalSeconds, 0.001));
        screen.Error.WriteLine(order.Writes
            ? _lang.Say(
                $"{(IsDry(trailer) ? "Judged" : "Imported")} ({seconds} s): {Lang.Lines(rows)}, {rate}/s",
                $"{(IsDry(trailer) ? "已试判" : "已导入")}（{seconds} 秒）：{rows} 行，每秒 {rate} 行")
            : _lang.Say(
                $"Checked ({seconds} s): {Lang.Lines(rows)}, {rate}/s",
                $"已核查（{seconds} 秒）：{rows} 行，每秒 {rate} 行"));
        Console.Error.WriteLine();
        if (trailer.Rows > 0) ShowBars(trailer);
        if (IsDry(trailer)) Console.Error.WriteLine(_lang.Say("Nothing was recorded: --dry-run.", "未记录任何内容：--dry-run。"));
        if (order.Output is null || trailer.StoppedEarly) return;

        // A plain line: a path must not be broken, whoever copies it.
        Console.Error.WriteLine($"{(order.Writes ? _lang.Say("refused", "被拒绝的行") : _lang.Say("results", "结果文件"))}  {order.Output}");
    }

    private void ShowBars(AnswerTrailer trailer)
    {
        bool chinese = _lang.IsChinese;
        (string title, string[] names) = order.Writes
            ? (_lang.Say("Lines", "行"), new[] { "recorded", "duplicate", "refused" })
            : (_lang.Say("Verdict", "结论"), ["allow", "deny", "unknown", "bad"]);
        VerdictBars.Write(
            screen.Error, title,
            names.Select(name => KeyValuePair.Create(name == "bad" ? "bad_line" : name, trailer.Count(name)))
                .Where(pair => pair.Value > 0),
            trailer.Rows, name => LedgerWords.OfReason(name, chinese));

        IReadOnlyDictionary<string, long> details = order.Writes ? trailer.Codes : trailer.Reasons;
        if (details.Count == 0) return;

        VerdictBars.Write(
            screen.Error, order.Writes ? _lang.Say("Why refused", "拒绝原因") : _lang.Say("First reason", "首要原因"),
            details, trailer.Rows,
            name => order.Writes ? ProblemWords.Title(name, _lang) ?? "" : LedgerWords.OfReason(name, chinese));
    }

    private JsonObject JsonOf(AnswerTrailer trailer, TimeSpan took)
    {
        var told = new JsonObject();
        foreach (string name in trailer.Values.Keys.Where(name => !name.Contains('.', StringComparison.Ordinal)))
        {
            told[name] = name is "sha256" or "stopped" or "detail" ? trailer.Values[name]
                : name is "dryRun" ? IsDry(trailer) : trailer.Count(name);
        }

        if (trailer.Reasons.Count > 0) told["reasons"] = Counts(trailer.Reasons);
        if (trailer.Codes.Count > 0) told["codes"] = Counts(trailer.Codes);
        told["verified"] = true;
        told["seconds"] = Math.Round(took.TotalSeconds, 3);
        if (order.Output is { } path) told["output"] = trailer.StoppedEarly ? order.Part ?? path : path;
        return told;
    }

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) =>
        new(counts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static bool IsDry(AnswerTrailer trailer) => trailer.Values.GetValueOrDefault("dryRun") is "true" or "True";

    private static string Whole(double count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
