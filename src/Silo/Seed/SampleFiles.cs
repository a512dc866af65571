using System.Globalization;
using System.Text;

namespace NumberLedger.Silo;

/// <summary>
/// Writes a sample as files that the API takes line by line: NDJSON lines are bodies, CSV columns their members.
/// </summary>
/// <remarks>
/// UTF-8 without BOM, lines end with LF, days and instants as on the wire. Nothing needs quoting, in CSV or in JSON.
/// The formats are in docs/reference/samples.md.
/// </remarks>
internal static class SampleFiles
{
    public const string Manifest = "sample.json";
    public const string Carriers = "carriers.csv";
    public const string Ranges = "ranges.csv";
    public const string Bindings = "bindings.csv";
    public const string Releases = "releases.csv";
    public const string OptOuts = "opt-outs.ndjson";
    public const string Campaign = "campaign.csv";

    public const string CarriersHeader = "id,name";
    public const string RangesHeader = "carrier,from,to,tracked_since";
    public const string BindingsHeader = "number,role,purposes,consented_at,expires_at";
    public const string ReleasesHeader = "number";
    public const string CampaignHeader = "number,purpose,date";

    public static string EventsOf(string carrier) => $"carrier-events.{carrier}.ndjson";

    /// <summary>Writes every file of the sample into the folder, over what is there.</summary>
    /// <returns>The names of the files.</returns>
    public static IReadOnlyList<string> Write(SampleWorld world, string folder)
    {
        Directory.CreateDirectory(folder);
        var names = new List<string>();
        Save(Manifest, ManifestOf(world));
        Save(Carriers, [CarriersHeader, .. world.Carriers.Select(carrier => $"{carrier.Id},{carrier.Name}")]);
        Save(Ranges, [RangesHeader, .. world.Ranges.Select(RowOf)]);
        foreach (SampleCarrier carrier in world.Carriers) Save(EventsOf(carrier.Id), EventsOf(world, carrier));
        Save(Bindings, [BindingsHeader, .. world.Bindings.Select(RowOf)]);
        Save(Releases, [ReleasesHeader, .. world.Releases.Select(number => number.ToE164())]);
        Save(OptOuts, world.OptOuts.Select(RowOf));
        Save(Campaign, [CampaignHeader, .. world.Campaign.Select(RowOf)]);
        return names;

        void Save(string name, IEnumerable<string> lines)
        {
            using var file = new StreamWriter(Path.Combine(folder, name), append: false, new UTF8Encoding(false));
            foreach (string line in lines)
            {
                file.Write(line);
                file.Write('\n');
            }

            names.Add(name);
        }
    }

    private static string[] ManifestOf(SampleWorld world) =>
    [
        "{",
        $"  \"seed\": {world.Options.Seed},",
        $"  \"numbers\": {world.Options.Numbers},",
        $"  \"today\": \"{Day(world.Options.Today)}\"",
        "}",
    ];

    private static string RowOf(SampleRange range) =>
        $"{range.Carrier.Id},{range.From.ToE164()},{range.To.ToE164()},{Day(range.Carrier.TrackedSince)}";

    private static string RowOf(SampleBinding binding) =>
        $"{binding.Number.ToE164()},{binding.Role},{binding.Purposes}," +
        $"{Instant(binding.ConsentedAt)},{Instant(binding.ExpiresAt)}";

    private static string RowOf(SampleLine line) => $"{line.Number.ToE164()},{line.Purpose},{Day(line.ConsentedOn)}";

    private static string RowOf(SampleOptOut optOut)
    {
        string scope = optOut.OfEveryone ? "everyone" : "lender";
        string purposes = optOut.Purpose is { } purpose ? $"\"purposes\":[\"{purpose}\"]," : "";
        string number = optOut.Number.ToE164(), receivedAt = Instant(optOut.ReceivedAt);
        return $$"""{"number":"{{number}}","scope":"{{scope}}",{{purposes}}"receivedAt":"{{receivedAt}}"}""";
    }

    /// <summary>The carrier's news in the order of its telling, then how far each of its feeds is complete.</summary>
    private static IEnumerable<string> EventsOf(SampleWorld world, SampleCarrier carrier)
    {
        int count = 0;
        var ids = new Dictionary<int, string>();
        foreach (SampleEvent news in world.Events.Where(news => news.Carrier == carrier))
        {
            string id = ids[news.Id] = NextId();
            string number = news.Number.ToE164();
            yield return $$"""{"eventId":"{{id}}","kind":"{{news.Kind}}","number":"{{number}}"{{RestOf(news)}}}""";
        }

        foreach (SampleFeed feed in world.Feeds.Where(feed => feed.Range.Carrier == carrier))
        {
            string range = $"\"from\":\"{feed.Range.From.ToE164()}\",\"to\":\"{feed.Range.To.ToE164()}\"";
            string through = Day(feed.CompleteThrough);
            yield return
                $$"""{"eventId":"{{NextId()}}","kind":"feed_alive",{{range}},"completeThrough":"{{through}}"}""";
        }

        string NextId() => string.Create(CultureInfo.InvariantCulture, $"{carrier.EventPrefix}-{++count:D6}");

        string RestOf(SampleEvent news)
        {
            string on = news.On is { } day ? $",\"effectiveOn\":\"{Day(day)}\"" : "";
            string other = news.OtherCarrier is { } carrier ? $",\"otherCarrier\":\"{carrier}\"" : "";
            string retracts = news.Retracts is { } mistake ? $",\"retracts\":\"{ids[mistake]}\"" : "";
            return on + other + retracts;
        }
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Instant(DateTimeOffset? instant) =>
        instant?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) ?? "";
}
