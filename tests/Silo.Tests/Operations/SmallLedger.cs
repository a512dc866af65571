using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Operations;

/// <summary>A closed ledger of fourteen entries on the disk, to be tampered with.</summary>
/// <remarks>
/// The registry at 1 to 2; the block at 1 its range, at 2, 4, 6, 8 number A (bound, disconnected, reassigned, bound
/// again), at 3, 5, 7 number B (bound, opted out, ported out), at 9 to 10 number C (bound, released), at 11 and 12
/// number D (SIM changed, bound).
/// </remarks>
internal sealed class SmallLedger : IDisposable
{
    public static readonly NumberBlock Block = new(861_380_000);
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Pseudonym, (long Version, Hash256 Hash)> _chains = [];
    private readonly Sealer _sealer = new(Master);
    private long _entries;

    public static MasterKey Master { get; } = new([.. Enumerable.Range(1, MasterKey.Size).Select(i => (byte)i)]);

    public string Folder => _folder.Path;

    public static async Task<SmallLedger> MakeAsync()
    {
        var ledger = new SmallLedger();
        await File.WriteAllTextAsync(
            ledger._folder["master.key"], string.Concat(Enumerable.Range(1, MasterKey.Size).Select(i => $"{i:x2}")));
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(ledger.Folder, Master);
        await ledger.AppendAsync(
            store, NumberBlock.Registry, null, new LedgerEvent.PartyRegistered("jade", "Jade", PartyRole.Carrier));
        await ledger.AppendAsync(store, NumberBlock.Registry, null, new LedgerEvent.RangeListed(
            "jade", NumberAt(0), NumberAt(9_999), Day(1)));
        await ledger.AppendAsync(store, Block, null, new LedgerEvent.RangeSet("jade", 0, 9, Day(1)));
        (int A, int B, int C, int D) = (1_234, 5_678, 9_000, 9_999);
        await ledger.AppendAsync(store, Block, A, Bound(Day(10)));
        await ledger.AppendAsync(store, Block, B, Bound(Day(11), expiresOn: Day(500)));
        await ledger.AppendAsync(store, Block, A, Report(CarrierEventKind.Disconnected, "e1", Day(100)));
        await ledger.AppendAsync(
            store, Block, B, new LedgerEvent.OptedOut(null, Purposes.Marketing, At(Day(50)), "acme"));
        await ledger.AppendAsync(store, Block, A, Report(CarrierEventKind.Reassigned, "e2", Day(200)));
        await ledger.AppendAsync(store, Block, B, Report(CarrierEventKind.PortedOut, "e3", Day(210)));
        await ledger.AppendAsync(store, Block, A, Bound(Day(220)));
        await ledger.AppendAsync(store, Block, C, Bound(Day(12)));
        await ledger.AppendAsync(store, Block, C, new LedgerEvent.Released("acme"));
        await ledger.AppendAsync(store, Block, D, Report(CarrierEventKind.SimChanged, "e4", Day(400)));
        await ledger.AppendAsync(store, Block, D, Bound(Day(300)));
        return ledger;
    }

    /// <summary>Plain SQL, as anybody with the file could run it.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False");
        connection.Open();
        connection.CreateFunction("flip", (byte[] bytes, int at) => Flipped(bytes, at));
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    /// <summary>Goes around all rules, with the right key: what a faulty program could write.</summary>
    public async Task AppendAsync(LedgerEvent happened, int offset, int recordOf, DateTimeOffset recordedAt)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(Folder, Master);
        await AppendAsync(store, Block, recordOf, happened, offset, recordedAt);
    }

    /// <summary>The same, in the block's own record.</summary>
    public async Task AppendAsync(NumberBlock block, LedgerEvent happened, DateTimeOffset recordedAt)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(Folder, Master);
        await AppendAsync(store, block, null, happened, null, recordedAt);
    }

    /// <summary>Saves the block's snapshot as a running ledger does.</summary>
    /// <param name="forgetting">Leaves the last entry out, under the right key, position and hash all the same.</param>
    public async Task SaveSnapshotAsync(bool forgetting = false)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(Folder, Master);
        IReadOnlyList<StoredEntry> entries = await store.ReadBlockAsync(Block, 0, int.MaxValue, default);
        BlockHead head = (await store.ReadHeadsAsync([Block], default))[0];
        BlockIndex index = BlockFold.Fold(Block, _sealer, forgetting ? [.. entries.SkipLast(1)] : entries)
            .ToIndex(Block);
        index.MoveTo(head);
        byte[] nonce = RandomNumberGenerator.GetBytes(SnapshotSealer.NonceSize);
        await store.SaveSnapshotAsync(
            Block, _sealer.Snapshots.Seal(Block, head, SnapshotCodec.Encode(index), nonce), default);
    }

    public async Task<FsckReport> FsckAsync(MasterKey? key = null)
    {
        using SqliteInspection inspection = await SqliteInspection.OpenAsync(Folder, key ?? Master);
        using var sealer = new Sealer(key ?? Master);
        return await new Fsck(inspection, sealer, Now).RunAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _sealer.Dispose();
        _folder.Dispose();
    }

    public static LedgerEvent Bound(DateOnly on, DateOnly? expiresOn = null) => new LedgerEvent.Bound(
        "acme", BindingRole.Borrower, Purposes.All, At(on), on, expiresOn is { } day ? At(day) : null, null);

    private static LedgerEvent.CarrierReport Report(CarrierEventKind kind, string id, DateOnly on) =>
        new(kind, "jade", id, on, null, null);

    private static DateOnly Day(int number) => new DateOnly(2024, 1, 1).AddDays(number);
    private static DateTimeOffset At(DateOnly day) => new(day, new TimeOnly(12, 0), TimeSpan.FromHours(8));

    private static PhoneNumber NumberAt(int offset)
    {
        Assert.True(Block.TryNumberAt(offset, out PhoneNumber number));
        return number;
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private async Task AppendAsync(
        SqliteLedgerStore store, NumberBlock block, int? recordOf, LedgerEvent happened, int? offset = null,
        DateTimeOffset? recordedAt = null)
    {
        Pseudonym tag = recordOf is { } number ? _sealer.TagOf(NumberAt(number)) : _sealer.TagOf(block);
        (long version, Hash256 hash) = _chains.GetValueOrDefault(tag, (0, Chain.Start(block, tag)));
        DateTimeOffset at = recordedAt ?? Now.AddDays(-10).AddSeconds(++_entries);
        var content = new EntryContent(at, (ushort?)(offset ?? recordOf) ?? EntryContent.NoOffset, happened);
        byte[] random = RandomNumberGenerator.GetBytes(EntrySealer.RandomBytes);
        NewEntry entry = _sealer.Next(block, tag, version, hash, content, new CommandId((UInt128)(++_entries)), random);
        await store.AppendAsync(new Append(block, [new(tag, version)], [entry], at), default);
        _chains[tag] = (entry.Version, entry.Hash);
    }
}
