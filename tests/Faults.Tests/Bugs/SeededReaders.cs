using System.Collections.Concurrent;
using NumberLedger.Grains;

namespace NumberLedger.Faults.Tests;

/// <summary>An answer as a block's index gives it.</summary>
internal static class IndexAnswers
{
    public static CheckReply Answer(this BlockIndex index, CheckQuery query)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new(index.Head.Position, now, [.. query.Items.Select(item =>
        {
            NumberLedger.Answer answer = index.Check(
                item.Offset, query.Lender, new Question(item.Purpose, item.ConsentedOn), Moment.At(now));
            return new CheckAnswer(answer.Verdict, answer.Reasons, answer.Advisories, null, null);
        })]);
    }
}

/// <summary>Of a number that it was asked for before it believes its index.</summary>
internal sealed class BelievingReader(BlockReplicas replicas, IBlockReader reader) : IBlockReader
{
    private readonly ConcurrentDictionary<(NumberBlock, ushort), bool> _asked = new();

    public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
    {
        BlockReplica replica = replicas.Of(block);
        return _asked.TryAdd((block, query.Items[0].Offset), true) || replica.Head.Position == 0
            ? await reader.CheckAsync(block, query)
            : await replica.AskAsync(default, default, query, static (index, query) => index.Answer(query));
    }
}

/// <summary>Where nothing is known, nothing was refused.</summary>
internal sealed class AllowingReader(IBlockReader reader) : IBlockReader
{
    public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
    {
        try
        {
            return await reader.CheckAsync(block, query);
        }
        catch (LedgerUnavailableException)
        {
            return new(0, DateTimeOffset.UtcNow, [.. query.Items.Select(
                _ => new CheckAnswer(Verdict.Allow, Reasons.None, Advisories.None, null, null))]);
        }
    }
}

internal sealed class LastRegistry(RegistryReplica registry) : IRegistryReader
{
    public async ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await registry.ReadAsync(cancellationToken);
        }
        catch (LedgerUnavailableException) when (registry.Latest.Position > 0)
        {
            return registry.Latest;
        }
    }

    public KnownRegistry Known => registry.Known;

    public ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known) => ReadAsync(CancellationToken.None);
}

/// <summary>
/// Keeps answers for as long as the block does not move, by number and purpose: whose they were
/// it forgets.
/// </summary>
internal sealed class CachingReader(IBlockReader reader) : IBlockReader
{
    private readonly ConcurrentDictionary<(NumberBlock Block, long Position, CheckItem Item), CheckAnswer>
        _kept = new();

    public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
    {
        CheckReply reply = await reader.CheckAsync(block, query);
        return reply with
        {
            Answers =
            [
                .. query.Items.Zip(
                    reply.Answers, (item, answer) => _kept.GetOrAdd((block, reply.Position, item), answer)),
            ],
        };
    }
}

/// <summary>
/// Has its own index of each block, compared with the head for every question, and brought up to it
/// wrongly.
/// </summary>
internal abstract class OwnIndexReader(ILedgerStore store) : IBlockReader
{
    private const int All = int.MaxValue;

    private readonly ConcurrentDictionary<NumberBlock, Lazy<Slot>> _slots = new();

    public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
    {
        Slot slot = _slots.GetOrAdd(block, _ => new(() => new Slot(new BlockIndex(block)))).Value;
        try
        {
            BlockHead head = await ReadHeadAsync(block);
            if (slot.Read(index => index.Head.Position < head.Position)) await CatchUpAsync(block, slot, head);
            return slot.Read(index => index.Answer(query));
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new LedgerUnavailableException(unavailable.Message);
        }
    }

    protected abstract Task CatchUpAsync(NumberBlock block, Slot slot, BlockHead head);

    protected async Task<BlockHead> ReadHeadAsync(NumberBlock block) =>
        (await store.ReadHeadsAsync([block], CancellationToken.None))[0];

    protected Task<IReadOnlyList<StoredEntry>> ReadRowsAsync(NumberBlock block, long after = 0) =>
        store.ReadBlockAsync(block, after, All, CancellationToken.None);

    protected Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(NumberBlock block, params Pseudonym[] tags) =>
        store.ReadTagsAsync(block, tags, CancellationToken.None);

    /// <summary>What a busy machine makes of the time between two lines, now and then.</summary>
    protected static Task LoseTimeAsync() => Random.Shared.Next(8) == 0 ? Task.Delay(100) : Task.CompletedTask;

    protected sealed class Slot(BlockIndex empty)
    {
        private readonly Lock _gate = new();
        private BlockIndex _index = empty;

        public T Read<T>(Func<BlockIndex, T> read)
        {
            lock (_gate) return read(_index);
        }

        public void Replace(BlockIndex index)
        {
            lock (_gate) _index = index;
        }
    }
}

/// <summary>Reads the entries, and then the head that they are to be of: what came in between is in neither.</summary>
internal sealed class RowsFirstReader(ILedgerStore store, Sealer sealer) : OwnIndexReader(store)
{
    protected override async Task CatchUpAsync(NumberBlock block, Slot slot, BlockHead head)
    {
        BlockIndex index = BlockFold.Fold(block, sealer, await ReadRowsAsync(block)).ToIndex(block);
        await LoseTimeAsync();
        index.MoveTo(await ReadHeadAsync(block));
        slot.Replace(index);
    }
}

/// <summary>
/// Lets everybody load who finds it behind, and takes what has a higher position than all it has: right where positions
/// are in the order of commits, and nothing is applied over what is newer.
/// </summary>
internal class TailReader(ILedgerStore store, Sealer sealer) : OwnIndexReader(store)
{
    private readonly ConcurrentDictionary<Pseudonym, long> _versions = new();

    protected override async Task CatchUpAsync(NumberBlock block, Slot slot, BlockHead head)
    {
        IReadOnlyList<StoredEntry> tail = await ReadRowsAsync(block, slot.Read(index => index.Head.Position));
        if (tail is not [.., var last]) return;

        IReadOnlyList<StoredEntry> stored = await ReadTagsAsync(block, [.. tail.Select(entry => entry.Tag).Distinct()]);
        await LoseTimeAsync();
        slot.Read(index =>
        {
            foreach (IGrouping<Pseudonym, StoredEntry> tag in stored.GroupBy(entry => entry.Tag))
            {
                if (IsNews(tag.Key, tag.Last().Version)) Put(index, block, tag);
            }

            if (last.Position > index.Head.Position) index.MoveTo(new(last.Position, last.Hash, head.RecordedAt));
            return true;
        });
    }

    /// <summary>Asked under the block's gate.</summary>
    protected virtual bool IsNews(Pseudonym tag, long version)
    {
        if (_versions.GetValueOrDefault(tag) >= version) return false;

        _versions[tag] = version;
        return true;
    }

    private void Put(BlockIndex index, NumberBlock block, IGrouping<Pseudonym, StoredEntry> tag)
    {
        if (tag.Key == sealer.TagOf(block))
        {
            index.Put(BlockFold.FoldRanges(block, sealer, tag));
            return;
        }

        (ushort offset, NumberState state) = BlockFold.FoldNumber(block, sealer, tag.Key, tag);
        index.Put(offset, state);
    }
}

/// <summary>Applies whatever a load brings, also what is older than what it has.</summary>
internal sealed class OverwritingReader(ILedgerStore store, Sealer sealer) : TailReader(store, sealer)
{
    protected override bool IsNews(Pseudonym tag, long version) => true;
}
