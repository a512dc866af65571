using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NumberLedger.Stores;
using NumberLedger.Terminal;

namespace NumberLedger.Silo;

/// <summary><c>fsck</c>: is everything in the folder still what was written?</summary>
/// <remarks>The result goes to standard output, progress and reasons for not running to standard error.</remarks>
internal static class FsckCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        Option<string> data = StoreVerb.Data(
            "The folder with the ledger, on which none may be running; or with its master key, if it is in a database, on "
            + "which others may.");
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON object." };
        var command = new Command(
            "fsck", "Verify every position, chain, seal and index of a ledger. Exits with 0, or with 4 and what it found.")
        {
            data, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(json), parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        string folder, bool json, InvocationConfiguration streams, CancellationToken cancellationToken) =>
        StoreVerb.RunAsync(streams, "stopped before the end, so nothing is said about the ledger.", async () =>
        {
            FsckReport report = await InspectAsync(folder, streams.Error, cancellationToken);
            await streams.Output.WriteLineAsync(json ? JsonOf(report) : TextOf(report));
            return report.Findings.Count == 0 ? 0 : StoreVerb.NotSound;
        });

    /// <exception cref="StartException">There is no ledger, or no key to it.</exception>
    private static async Task<FsckReport> InspectAsync(
        string folder, TextWriter progress, CancellationToken cancellationToken)
    {
        string? connectionString = StoreSetting.OfEnvironment();
        MasterKey master = MasterKeyFile.LoadOfLedger(folder, isElsewhere: connectionString is not null);
        using var sealer = new Sealer(master);
        if (connectionString is null)
        {
            using SqliteInspection ofFolder = await SqliteInspection.OpenAsync(folder, master);
            return await InspectAsync(ofFolder, sealer, progress, cancellationToken);
        }

        ILedgerInspection ofDatabase = await StoreSetting.InspectAsync(connectionString, master);
        await using var closed = (IAsyncDisposable)ofDatabase;
        return await InspectAsync(ofDatabase, sealer, progress, cancellationToken);
    }

    /// <summary>Of a folder that no database and no setting stands in for.</summary>
    /// <returns>What was found, in words; null if it is sound.</returns>
    public static async Task<string?> FindingsInAsync(
        string folder, MasterKey master, TextWriter progress, CancellationToken cancellationToken)
    {
        using var sealer = new Sealer(master);
        using SqliteInspection inspection = await SqliteInspection.OpenAsync(folder, master);
        FsckReport report = await InspectAsync(inspection, sealer, progress, cancellationToken);
        return report.Findings.Count == 0 ? null : TextOf(report);
    }

    private static async Task<FsckReport> InspectAsync(
        ILedgerInspection inspection, Sealer sealer, TextWriter progress, CancellationToken cancellationToken)
    {
        var fsck = new Fsck(inspection, sealer, TimeProvider.System.GetUtcNow());
        Task<FsckReport> run = Task.Run(() => fsck.RunAsync(cancellationToken), cancellationToken);
        await StoreVerb.TellProgressAsync(run, () => ProgressOf(fsck.Report), progress);
        return await run;
    }

    private static string ProgressOf(FsckReport soFar) =>
        $"fsck: {Counts.Blocks(soFar.Blocks)}, {Counts.Entries(soFar.Entries)}, {FindingsIn(soFar)} so far";

    private static string TextOf(FsckReport report)
    {
        string seen = $"{Counts.Blocks(report.Blocks)}, {Counts.Entries(report.Entries)}, "
            + Counts.Of(report.Numbers, "number", "numbers");
        if (report.Findings.Count == 0) return $"fsck: all sound. {seen}.";

        List<string> lines =
        [
            .. report.Findings.Select(finding => $"{PlaceOf(finding)}: {finding.Problem} ({CodeOf(finding.Kind)})"),
        ];
        lines.Add("");
        lines.Add($"fsck: {FindingsIn(report)} in {seen}. What to do:");
        lines.AddRange(report.Findings
            .GroupBy(finding => finding.Remedy, finding => CodeOf(finding.Kind))
            .Select(kinds => $"  {string.Join(", ", kinds.Distinct())}: {kinds.Key}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string FindingsIn(FsckReport report) => Counts.Of(report.Findings.Count, "finding", "findings");

    private static string PlaceOf(Finding finding) => (finding.Block, finding.Position) switch
    {
        (null, _) => "store",
        ({ } block, null) => $"block {block}",
        ({ } block, { } position) => Invariant($"block {block}, position {position}"),
    };

    private static string JsonOf(FsckReport report) => JsonSerializer.Serialize(
        new
        {
            sound = report.Findings.Count == 0,
            report.Blocks,
            report.Entries,
            report.Numbers,
            findings = report.Findings.Select(finding => new
            {
                block = finding.Block?.ToString(),
                finding.Position,
                code = CodeOf(finding.Kind),
                finding.Problem,
                finding.Remedy,
            }),
        },
        Json);

    private static string CodeOf(FindingKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
