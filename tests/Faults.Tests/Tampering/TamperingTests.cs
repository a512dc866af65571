using System.Globalization;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Whatever is done to the files and rows of a ledger is told by its start or by fsck, unless every entry and head is
/// still read as it was written.
/// </summary>
/// <remarks>A short round; as long a one as is wanted by NUMBERLEDGER_FAULTS_TAMPERINGS=10000.</remarks>
public sealed class TamperingTests
{
    private const string CountVariable = "NUMBERLEDGER_FAULTS_TAMPERINGS", SeedVariable = "NUMBERLEDGER_FAULTS_SEED";
    private const int CountDefault = 300;
    private const int FixedSeed = 1;

    /// <summary>The ways that a test has each.</summary>
    private const int Ways = 4;

    [Fact]
    public Task To_the_database() => RunAsync(async (ledger, random) =>
    {
        (string what, byte[] bytes) = ByteTampering.Of(
            ledger.Closed[SealedLedger.Database], ledger.Earlier[SealedLedger.Database], random);
        (string[] findings, string[] rows) = await ledger.InspectAsync(
            new Dictionary<string, byte[]>(ledger.Closed) { [SealedLedger.Database] = bytes });
        return (what, findings.Length > 0, rows);
    });

    [Fact]
    public Task To_the_log() => RunAsync(async (ledger, random) =>
    {
        byte[] log = ledger.Crashed[SealedLedger.Log];
        (string what, byte[] bytes) = ByteTampering.Of(log, log[..(log.Length / 2)], random);
        (string[] findings, string[] rows) = await ledger.InspectAsync(
            new Dictionary<string, byte[]>(ledger.Crashed) { [SealedLedger.Log] = bytes });
        return (what, findings.Length > 0, rows);
    });

    [Fact]
    public Task To_the_rows() => RunAsync(async (ledger, random) =>
    {
        string? what = null;
        (string[] Findings, string[] Rows)? inspected = null;
        while (inspected is null)
        {
            inspected = await ledger.InspectAsync(
                database => (what = RowTampering.Apply(database, random)) is not null);
        }

        return (what!, inspected.Value.Findings.Length > 0, inspected.Value.Rows);
    });

    [Fact]
    public async Task To_a_backup()
    {
        string[]? sound = null;
        await RunAsync(async (ledger, random) =>
        {
            sound ??= await SealedLedger.ReadAsync(ledger.Backup);
            (string what, byte[] bytes) = ByteTampering.Of(ledger.Backup, ledger.EarlierBackup, random);
            if (bytes.AsSpan().SequenceEqual(ledger.EarlierBackup)) return (what, true, []); // Sound, and older.
            try
            {
                string[] read = await SealedLedger.ReadAsync(bytes);
                return (what, false, read.SequenceEqual(sound) ? ledger.Rows : read);
            }
            catch (BrokenBackupException)
            {
                return (what, true, []);
            }
        });
    }

    /// <param name="tamper">Says what was done, whether it was told, and if not, how the rows are read.</param>
    private static async Task RunAsync(
        Func<SealedLedger, Random, Task<(string What, bool IsTold, string[] Rows)>> tamper)
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        int count = ReadVariable(CountVariable) ?? CountDefault;
        int seed = ReadVariable(SeedVariable) ?? Random.Shared.Next();
        using SealedLedger ledger = await SealedLedger.MakeAsync();
        int told = 0, harmless = 0, unseen = 0;
        foreach (int eachSeed in (int[])[FixedSeed, seed])
        {
            output.WriteLine($"{SeedVariable}={eachSeed}");
            var random = new Random(eachSeed);
            for (int i = 0; i < count / Ways / 2; i++)
            {
                (string what, bool isTold, string[] rows) = await tamper(ledger, random);
                if (isTold) told++;
                else if (rows.SequenceEqual(ledger.Rows)) harmless++;
                else if (Substance(rows).SequenceEqual(Substance(ledger.Rows))) unseen++;
                else Assert.Fail($"Seed {eachSeed}, number {i}: nobody was told of {what}");
            }
        }

        output.WriteLine(
            $"{told} told, {harmless} changed no entry and no head, {unseen} only the order between numbers or command ids.");
    }

    /// <summary>
    /// What fsck says that it sees. The order between entries of different numbers it does not, nor command ids, which
    /// are of no meaning once nobody repeats them: docs/reference/fsck.md.
    /// </summary>
    private static string[] Substance(string[] rows) =>
    [
        .. rows.Select(row => row.Split(' '))
            .Select(row => row[1] == "head" ? string.Join(' ', row) : $"{row[0]} {string.Join(' ', row[2..^1])}")
            .Order(StringComparer.Ordinal),
    ];

    private static int? ReadVariable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
