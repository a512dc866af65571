using System.CommandLine;
using System.Text.Json.Nodes;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary><c>history</c>: what was recorded of a number, as far as the key's party may see it.</summary>
internal static class HistoryCommand
{
    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        Argument<string> number = Arguments.Number(lang);
        var knownAt = new Option<string?>("--known-at")
        {
            HelpName = "instant",
            Description = lang.Say(
                "Only what was recorded by then: 2026-03-01T09:30:00+08:00.", "只看到那时为止已记录的：2026-03-01T09:30:00+08:00。"),
        };
        knownAt.Validators.Add(result =>
        {
            if (Instants.IsOne(result.GetValueOrDefault<string>())) return;

            result.AddError(lang.Say(
                "--known-at takes an instant with its zone, such as 2026-03-01T09:30:00+08:00.",
                "--known-at 应为带时区的时刻，例如 2026-03-01T09:30:00+08:00。"));
        });
        Option<string?> region = Arguments.Region(lang);
        var command = new Command(
            "history", lang.Say("What was recorded of a number, as far as you may see it.", "这个号码记录过什么（限贵方可见的部分）。"))
        {
            number, knownAt, region,
        };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var question = new JsonObject
            {
                ["number"] = await Arguments.ReadNumberAsync(
                    parsed.GetRequiredValue(number), lang, cancellationToken),
            };
            if (parsed.GetValue(knownAt) is { } instant) question["knownAt"] = instant;

            using LedgerClient client = session.Connect();
            JsonNode answer = await client.AskAsync(
                "/v1/numbers/history" + Arguments.Query(("region", parsed.GetValue(region))), question,
                cancellationToken);
            Tell(answer, session.Screen);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Tell(JsonNode answer, Screen screen)
    {
        if (screen.Json)
        {
            Screen.WriteJson(answer);
            return;
        }

        JsonArray entries = answer["entries"]!.AsArray();
        Lang lang = screen.Lang;
        if (entries.Count == 0)
        {
            screen.Note("Nothing is recorded that you may see.", "没有贵方可见的记录。");
            return;
        }

        // Where there is no room for all, only a sentence can be broken.
        Table table = Screen.NewTable(
            Screen.Head(lang.Say("Day", "日期")).NoWrap(), Screen.Head(lang.Say("What happened", "发生了什么")),
            Screen.Head(lang.Say("By", "由谁")).NoWrap(), Screen.Head(lang.Say("Recorded", "记录于")).NoWrap());
        foreach (JsonNode? entry in entries)
        {
            string kind = entry!["kind"]!.GetValue<string>();
            table.AddRow(
                new Text(DayOf(entry)), new Text(LedgerWords.OfKind(kind, lang.IsChinese)), new Text(PartyOf(entry)),
                new Text(Instants.Told(entry["recordedAt"]), new Style(decoration: Decoration.Dim)));
        }

        screen.Out.Write(table);
    }

    private static string DayOf(JsonNode entry) =>
        (entry["effectiveOn"] ?? entry["consentedOn"] ?? entry["receivedAt"] ?? entry["recordedAt"])
            ?.GetValue<string>()[..10] ?? "";

    private static string PartyOf(JsonNode entry) =>
        (entry["carrier"] ?? entry["lender"] ?? entry["reportedBy"])?.GetValue<string>() ?? "";
}
