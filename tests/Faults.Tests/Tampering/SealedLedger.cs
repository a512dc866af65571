using System.Security.Cryptography;
using NumberLedger.Silo;
using NumberLedger.Stores;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// A ledger of some hundred entries, as files: closed, as a crash would leave it, as it was earlier, and backed up.
/// </summary>
internal sealed class SealedLedger : IDisposable
{
    public const string Database = "ledger.db", Log = "ledger.db-wal", CheckpointFile = "ledger.checkpoint";

    private const int Blocks = 3;
    private const int NumbersPerBlock = 40;

    private static readonly string[] Files = [Database, Log, CheckpointFile];
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _scratch = new();
    private readonly Dictionary<Pseudonym, (long Version, Hash256 Hash)> _chains = [];
    private readonly Sealer _sealer = new(Master);
    private int _entries;

    public static MasterKey Master { get; } = new([.. Enumerable.Range(1, MasterKey.Size).Select(i => (byte)i)]);

    /// <summary>By name. Half of the ledger is not in it.</summary>
    public Dictionary<string, byte[]> Earlier { get; private set; } = [];

    /// <summary>The database has the first half, the log the second.</summary>
    public Dictionary<string, byte[]> Crashed { get; private set; } = [];

    public Dictionary<string, byte[]> Closed { get; private set; } = [];

    public byte[] Backup { get; private set; } = [];

    public byte[] EarlierBackup { get; private set; } = [];

    /// <summary>Every row of entries and heads, in words.</summary>
    public string[] Rows { get; private set; } = [];

    public static async Task<SealedLedger> MakeAsync()
    {
        var ledger = new SealedLedger();
        await ledger.FillAsync();
        return ledger;
    }

    /// <summary>Files put in place, and looked at as whoever starts or inspects a ledger does.</summary>
    /// <returns>What is found, and the rows as they are read then.</returns>
    public async Task<(string[] Findings, string[] Rows)> InspectAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        Put(files);
        return await InspectAsync();
    }

    /// <param name="change">To the database of a closed ledger; false: it could not be done.</param>
    public async Task<(string[] Findings, string[] Rows)?> InspectAsync(Func<string, bool> change)
    {
        Put(Closed);
        return change(_scratch[Database]) ? await InspectAsync() : null;
    }

    /// <returns>What a backup holds, in words.</returns>
    /// <exception cref="BrokenBackupException">It is not whole.</exception>
    public static async Task<string[]> ReadAsync(byte[] backup)
    {
        using BackupReader reader = await BackupReader.OpenAsync(new MemoryStream(backup), Master, default);
        var rows = new List<string>();
        await foreach (BackupPart part in reader.ReadPartsAsync(default))
        {
            rows.AddRange(part.Entries.Select(entry => $"{part.Block} {part.Head} {TextOf(new RawEntry(
                entry.Position, Bytes(entry.Tag), entry.Version, entry.Salt, entry.Sealed, entry.Hash.ToArray(),
                null))} {entry.Command}"));
        }

        return [.. rows];
    }

    public void Dispose()
    {
        _sealer.Dispose();
        _scratch.Dispose();
    }

    private static byte[] Bytes(Pseudonym tag)
    {
        byte[] bytes = new byte[Pseudonym.Size];
        tag.Write(bytes);
        return bytes;
    }

    private static string TextOf(RawEntry entry) =>
        $"{entry.Position} {Convert.ToHexString(entry.Tag)} {entry.Version} {Convert.ToHexString(entry.Salt ?? [])} "
        + $"{Convert.ToHexString(entry.Sealed)} {Convert.ToHexString(entry.Hash)} "
        + Convert.ToHexString(entry.Command ?? []);

    private async Task<(string[] Findings, string[] Rows)> InspectAsync()
    {
        SqliteInspection inspection;
        try
        {
            inspection = await SqliteInspection.OpenAsync(_scratch.Path, Master);
        }
        catch (StoreUnavailableException cannot)
        {
            return ([cannot.Message], []);
        }

        using (inspection)
        {
            FsckReport report = await new Fsck(inspection, _sealer, Now).RunAsync(default);
            return report.Findings.Count > 0
                ? ([.. report.Findings.Select(finding => $"{finding}")], [])
                : ([], await ReadRowsAsync(inspection));
        }
    }

    private static async Task<string[]> ReadRowsAsync(SqliteInspection inspection)
    {
        var rows = new List<string>();
        foreach (NumberBlock block in await inspection.ListBlocksAsync(default, int.MaxValue, default))
        {
            RawBlock raw = await inspection.ReadBlockAsync(block, default);
            rows.Add($"{block} head {raw.Head?.Position} {Convert.ToHexString(raw.Head?.Hash ?? [])} {raw.Head?.RecordedAt}");
            rows.AddRange(raw.Entries.Select(entry => $"{block} {TextOf(entry)}"));
        }

        return [.. rows];
    }

    private void Put(IReadOnlyDictionary<string, byte[]> files)
    {
        foreach (string file in Files)
        {
            File.Delete(_scratch[file]);
            if (files.TryGetValue(file, out byte[]? bytes)) File.WriteAllBytes(_scratch[file], bytes);
        }
    }

    private Dictionary<string, byte[]> Take() => Files.Where(file => File.Exists(_scratch[file]))
        .ToDictionary(file => file, file => File.ReadAllBytes(_scratch[file]));

    private async Task FillAsync()
    {
        await using (SqliteLedgerStore store = SqliteLedgerStore.Open(_scratch.Path, Master))
        {
            await AppendAsync(store, NumberBlock.Registry, null, new LedgerEvent.PartyRegistered(
                "jade", "Jade", PartyRole.Carrier));
            for (int block = 0; block < Blocks; block++)
            {
                await AppendAsync(store, BlockAt(block), null, new LedgerEvent.RangeSet("jade", 0, 9, Day(0)));
            }

            await LiveAsync(store, 0);
            EarlierBackup = await BackUpAsync(store);
        }

        Earlier = Take();
        await using (SqliteLedgerStore store = SqliteLedgerStore.Open(_scratch.Path, Master, TimeSpan.Zero))
        {
            await LiveAsync(store, 1);
            Backup = await BackUpAsync(store);
            await store.Writer.WriteAsync(1, _ => true, default); // The checkpoint is written before it.
            Crashed = Take();
        }

        Closed = Take();
        (string[] findings, Rows) = await InspectAsync(Closed);
        Assert.Empty(findings);
    }

    private static async Task<byte[]> BackUpAsync(SqliteLedgerStore store)
    {
        using var backup = new MemoryStream();
        await BackupWriter.WriteAsync(
            store, await store.ReadMomentAsync(default), Master, Now, backup, progress: null, default);
        return backup.ToArray();
    }

    private async Task LiveAsync(SqliteLedgerStore store, int half)
    {
        for (int i = 0; i < NumbersPerBlock; i++)
        {
            for (int block = 0; block < Blocks; block++)
            {
                int offset = (i * 237) + block;
                LedgerEvent happened = (half, i % 3) switch
                {
                    (0, _) => new LedgerEvent.Bound(
                        "acme", BindingRole.Borrower, Purposes.All, At(Day(10 + i)), Day(10 + i), null, null),
                    (_, 0) => new LedgerEvent.OptedOut(null, Purposes.Marketing, At(Day(50 + i)), "acme"),
                    (_, 1) => new LedgerEvent.CarrierReport(
                        CarrierEventKind.Disconnected, "jade", $"e{i}", Day(100 + i), null, null),
                    _ => new LedgerEvent.Released("acme"),
                };
                await AppendAsync(store, BlockAt(block), offset, happened);
            }
        }
    }

    private async Task AppendAsync(SqliteLedgerStore store, NumberBlock block, int? offset, LedgerEvent happened)
    {
        Pseudonym tag = offset is { } of ? _sealer.TagOf(NumberAt(block, of)) : _sealer.TagOf(block);
        (long version, Hash256 hash) = _chains.GetValueOrDefault(tag, (0, Chain.Start(block, tag)));
        DateTimeOffset at = Now.AddDays(-10).AddSeconds(++_entries);
        NewEntry entry = _sealer.Next(
            block, tag, version, hash, new EntryContent(at, (ushort?)offset ?? EntryContent.NoOffset, happened),
            new CommandId((UInt128)_entries), RandomNumberGenerator.GetBytes(EntrySealer.RandomBytes));
        await store.AppendAsync(new Append(block, [new(tag, version)], [entry], at), default);
        _chains[tag] = (entry.Version, entry.Hash);
    }

    private static NumberBlock BlockAt(int block) => new(861_380_000 + block);

    private static PhoneNumber NumberAt(NumberBlock block, int offset)
    {
        Assert.True(block.TryNumberAt((ushort)offset, out PhoneNumber number));
        return number;
    }

    private static DateOnly Day(int number) => new DateOnly(2024, 1, 1).AddDays(number);

    private static DateTimeOffset At(DateOnly day) => new(day, new TimeOnly(12, 0), TimeSpan.FromHours(8));
}
