using System.Globalization;
using System.Text.Json.Nodes;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Silo;

/// <summary>What the demo shows: verdicts, reasons, and the story of one message that was not sent.</summary>
internal sealed class DemoReport(IAnsiConsole console, DemoWords words)
{
    public void Begin() => console.WriteLine(words.Begin + Environment.NewLine);

    public void Loaded((int Ranges, int Events, int Bindings, int OptOuts) counts, TimeSpan took)
    {
        (int Count, string What)[] parts =
        [
            (counts.Ranges, words.Ranges), (counts.Events, words.Events), (counts.Bindings, words.Bindings),
            (counts.OptOuts, words.OptOuts),
        ];
        string list = string.Join(
            words.Comma, parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count:N0} {part.What}")));
        console.WriteLine(
            string.Format(CultureInfo.InvariantCulture, words.Loaded, took.TotalSeconds, list) + Environment.NewLine);
    }

    public void Answers(List<CampaignAnswer> answers, TimeSpan took)
    {
        console.WriteLine(
            string.Format(CultureInfo.InvariantCulture, words.Checked, took.TotalSeconds, answers.Count)
            + Environment.NewLine);
        Bars(words.Verdict, answers.CountBy(answer => answer.Verdict), answers.Count);
        Bars(
            words.FirstReason,
            answers.Where(answer => answer.Reasons.Length > 0).CountBy(answer => answer.Reasons[0]), answers.Count);
    }

    public void Story(CampaignAnswer prevented, JsonArray entries)
    {
        string number = PhoneNumber.Parse(prevented.Line[0]).ToMasked();
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(words.Story)}[/]").LeftJustified());
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        foreach ((string day, string what) in entries.Select(Tell).OrderBy(told => told.Day, StringComparer.Ordinal))
        {
            table.AddRow(new Text(day), new Text(what));
        }

        table.AddRow(
            new Markup($"[bold]{Markup.Escape(words.Today)}[/]"),
            new Markup(
                Markup.Escape(string.Format(CultureInfo.InvariantCulture, words.Asked, prevented.Line[1], number))));
        table.AddRow(new Text(""), new Markup($"[red bold]{prevented.Verdict}[/]: {string.Join(", ", prevented.Reasons)}"));
        console.Write(table);
        console.WriteLine(words.Moral);
    }

    public void Ending(string resultFile, string serve)
    {
        console.WriteLine();
        // Plain lines: a path must not be broken, whoever copies it.
        console.Profile.Out.Writer.WriteLine($"{words.Results}  {resultFile}");
        console.Profile.Out.Writer.WriteLine($"{words.Serve}  {serve}");
    }

    private (string Day, string What) Tell(JsonNode? entry)
    {
        string kind = entry!["kind"]!.GetValue<string>();
        string at = (entry["effectiveOn"] ?? entry["consentedOn"] ?? entry["receivedAt"] ?? entry["recordedAt"])!
            .GetValue<string>()[..10];
        string by = (entry["carrier"] ?? entry["lender"] ?? entry["reportedBy"])?.GetValue<string>() ?? "";
        return (at, words.OfKind(kind) + words.InBrackets(by));
    }

    private void Bars(string title, IEnumerable<KeyValuePair<string, int>> counts, int total) => VerdictBars.Write(
        console, title, counts.Select(pair => KeyValuePair.Create(pair.Key, (long)pair.Value)), total, words.OfReason);
}
