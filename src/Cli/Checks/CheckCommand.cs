using System.CommandLine;
using System.Text.Json.Nodes;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary><c>check</c>: may I send to this number?</summary>
internal static class CheckCommand
{
    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        Argument<string> number = Arguments.Number(lang);
        Option<string> purpose = Arguments.Purpose(
            lang, lang.Say("What the message is for:", "短信的用途："), required: true);
        Option<string?> consentedOn = Arguments.Day(
            lang, "--consented-on",
            lang.Say(
                "The day of a consent that you bring. Otherwise the check stands on your stored binding.",
                "贵方自带的同意的日期；不写则依据已登记的绑定。"));
        Option<string?> onBehalfOf = Arguments.OnBehalfOf(lang);
        Option<string?> region = Arguments.Region(lang);
        var command = new Command(
            "check", lang.Say("May I send to this number? Exits with 0 only if allowed.", "可以给这个号码发短信吗？只有可以时退出码才是 0。"))
        {
            number, purpose, consentedOn, onBehalfOf, region,
        };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var question = new JsonObject
            {
                ["number"] = await Arguments.ReadNumberAsync(
                    parsed.GetRequiredValue(number), lang, cancellationToken),
                ["purpose"] = parsed.GetRequiredValue(purpose),
            };
            if (parsed.GetValue(consentedOn) is { } day) question["consentedOn"] = day;
            if (parsed.GetValue(onBehalfOf) is { } lender) question["onBehalfOf"] = lender;

            using LedgerClient client = session.Connect();
            JsonNode answer = await client.AskAsync(
                "/v1/checks" + Arguments.Query(("region", parsed.GetValue(region))), question, cancellationToken);
            return Tell(answer, session.Screen);
        });
        return command;
    }

    private static int Tell(JsonNode answer, Screen screen)
    {
        string verdict = answer["verdict"]!.GetValue<string>();
        if (screen.Json)
        {
            Screen.WriteJson(answer);
        }
        else
        {
            bool chinese = screen.Lang.IsChinese;
            var dim = new Style(decoration: Decoration.Dim);
            Color color = VerdictBars.ColorOf(verdict);
            screen.Out.MarkupLine(
                $"[bold {color.ToMarkup()}]{Markup.Escape(verdict)}[/]  {Markup.Escape(LedgerWords.OfReason(verdict, chinese))}");
            Table table = Screen.NewTable(new TableColumn("").NoWrap(), new("")).HideHeaders();
            (string Title, string Name)[] named = [.. Named(answer, screen.Lang)];
            foreach ((string title, string name) in named)
            {
                string first = Cells.Pad(name, named.Max(pair => pair.Name.Length)) + "  ";
                table.AddRow(
                    new Text(title, dim), new Paragraph(first).Append(LedgerWords.OfReason(name, chinese), dim));
            }

            foreach ((string title, string told) in Circumstances(answer, screen.Lang))
            {
                table.AddRow(new Text(title, dim), new Text(told));
            }

            screen.Out.Write(table);
        }

        return verdict == "allow" ? ExitCodes.Ok : ExitCodes.Findings;
    }

    private static IEnumerable<(string Title, string Name)> Named(JsonNode answer, Lang lang)
    {
        foreach (JsonNode? reason in answer["reasons"]!.AsArray())
        {
            yield return (lang.Say("reason", "原因"), reason!.GetValue<string>());
        }

        foreach (JsonNode? advisory in answer["advisories"]!.AsArray())
        {
            yield return (lang.Say("advisory", "提示"), advisory!.GetValue<string>());
        }
    }

    private static IEnumerable<(string Title, string Told)> Circumstances(JsonNode answer, Lang lang)
    {
        if (answer["asOf"] is { } asOf) yield return (lang.Say("as of", "依据"), $"{asOf["block"]}:{asOf["position"]}");
        if (answer["decidedAt"] is { } decidedAt) yield return (lang.Say("decided", "判定于"), Instants.Told(decidedAt));
        if (answer["feed"] is { } feed)
        {
            string through = feed["completeThrough"]?.ToString() is { } day
                ? lang.Say($", complete through {day}", $"，已报全至 {day}")
                : "";
            yield return (lang.Say("carrier", "运营商"), $"{feed["carrier"]}{through}");
        }
    }
}
