using System.Security.Cryptography;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// Another client of the same store, which no grain here knows of: another silo, a bulk load, the other half of a
/// partition.
/// </summary>
internal sealed class OtherWriter(ILedgerStore store)
{
    private static readonly Sealer Sealer = LedgerCluster.Sealer;

    /// <summary>Records without asking any rule.</summary>
    public Task<BlockHead> RecordAsync(
        PhoneNumber number, LedgerEvent happened, DateTimeOffset? recordedAt = null, CommandId? command = null) =>
        RecordAsync(
            NumberBlock.Of(number), Sealer.TagOf(number), NumberBlock.OffsetOf(number), happened, recordedAt, command);

    /// <summary>In the block's own record.</summary>
    public Task<BlockHead> RecordAsync(NumberBlock block, LedgerEvent happened) =>
        RecordAsync(block, Sealer.TagOf(block), EntryContent.NoOffset, happened, null, null);

    /// <summary>One event of each number, in one transaction.</summary>
    public async Task RecordAllAsync(
        NumberBlock block, IEnumerable<int> offsets, Func<PhoneNumber, LedgerEvent> happened)
    {
        var entries = new List<NewEntry>();
        foreach (int offset in offsets)
        {
            PhoneNumber number = block.At(offset);
            Pseudonym tag = Sealer.TagOf(number);
            entries.Add(Seal(block, tag, 0, Chain.Start(block, tag), (ushort)offset, happened(number), Now, null));
        }

        AppendResult result = await store.AppendAsync(
            new Append(block, [.. entries.Select(entry => new ExpectedVersion(entry.Tag, 0))], entries, Now), default);
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
    }

    private static DateTimeOffset Now =>
        DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private async Task<BlockHead> RecordAsync(
        NumberBlock block, Pseudonym tag, ushort offset, LedgerEvent happened, DateTimeOffset? recordedAt,
        CommandId? command)
    {
        IReadOnlyList<StoredEntry> present = await store.ReadTagsAsync(block, [tag], default);
        (long version, Hash256 hash) = present.Count == 0
            ? (0, Chain.Start(block, tag))
            : (present[^1].Version, present[^1].Hash);
        DateTimeOffset at = recordedAt ?? Now;
        NewEntry entry = Seal(block, tag, version, hash, offset, happened, at, command);
        AppendResult result = await store.AppendAsync(new Append(block, [new(tag, version)], [entry], at), default);
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        return result.Head;
    }

    private static NewEntry Seal(
        NumberBlock block, Pseudonym tag, long version, Hash256 hash, ushort offset, LedgerEvent happened,
        DateTimeOffset at, CommandId? command) => Sealer.Next(
            block, tag, version, hash, new EntryContent(at, offset, happened), command,
            RandomNumberGenerator.GetBytes(EntrySealer.RandomBytes));
}
