using CsCheck;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// However files and single commands meet at the same numbers: what is stored is what one writer would have stored, who
/// took the rows and the commands in some order, those of one file in the file's.
/// </summary>
public sealed class BulkOrderTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static readonly Gen<Wish[][]> Singles = Wish.Any.Array[1, 8].Array[1, 3];
    private static readonly Gen<Wish[][]> Files =
        Wish.Any.Where(wish => wish.Said is not null).Array[1, 12].Array[1, 3];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IBulkWriter Bulk => silo.Cluster.Service<IBulkWriter>();

    [Fact]
    public async Task Files_and_single_commands_for_the_same_numbers_equal_one_order_of_them() =>
        await Gen.Select(Singles, Files, Gen.Int).SampleAsync(
            (singles, files, seed) => RunAsync(singles, files, new Random(seed)), iter: 100, threads: 1);

    private async Task RunAsync(Wish[][] singles, Wish[][] files, Random random)
    {
        NumberBlock block = The.NewBlock();
        await silo.Caller.CoverAsync(block);
        LetOthersGoFirst(random);
        using var sending = new CancellationTokenSource();
        Task asking = AskAllTheTimeAsync(block, sending.Token);
        Sent[][] all = await Task.WhenAll(
        [
            .. singles.Select((wishes, i) => SendEachAsync(block, i, wishes)),
            .. files.Select((wishes, i) => SendFileAsync(block, singles.Length + i, wishes)),
        ]);
        await sending.CancelAsync();
        await asking;
        silo.Store.Heal();

        Sent[] sent = [.. all.SelectMany(each => each)];
        IReadOnlyList<StoredEntry> stored = await silo.Store.ReadBlockAsync(block, 0, int.MaxValue, Ct);
        Assert.Equal(1 + sent.Count(one => one.Outcome is CommandOutcome.Recorded), stored.Count); // And the range.
        for (int offset = 0; offset < Wish.Numbers; offset++)
        {
            AssertInOneOrder(block, block.At(offset), stored, [.. sent.Where(one => one.Wish.Number == offset)]);
        }

        Assert.Equal(OneSilo.SnapshotOf(block, stored), await silo.SnapshotInMemoryAsync(block));
    }

    /// <summary>So that catch-ups meet what follows by itself.</summary>
    private async Task AskAllTheTimeAsync(NumberBlock block, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            await silo.CallerInside.CheckAsync(block.At(0));
            await Task.Yield();
        }
    }

    /// <summary>Between any two calls to the store.</summary>
    private void LetOthersGoFirst(Random random)
    {
        foreach (StoreOperation operation in (StoreOperation[])[StoreOperation.ReadTags, StoreOperation.Append])
        {
            silo.Store.BeforeEach(operation, YieldAsync);
            silo.Store.AfterEach(operation, YieldAsync);
        }

        async Task YieldAsync(CancellationToken cancellationToken)
        {
            int times;
            lock (random) times = random.Next(20);
            for (; times > 0; times--) await Task.Yield();
        }
    }

    private async Task<Sent[]> SendEachAsync(NumberBlock block, int sender, Wish[] wishes)
    {
        var sent = new Sent[wishes.Length];
        for (int i = 0; i < wishes.Length; i++)
        {
            long before = await ReadPositionAsync(block);
            (CommandOutcome outcome, Refusal? refusal) = await wishes[i].SendAsync(
                silo.Caller, block.At(wishes[i].Number), The.NewCommand());
            sent[i] = new Sent(wishes[i], sender, i, outcome, refusal, before, await ReadPositionAsync(block));
        }

        return sent;
    }

    private async Task<Sent[]> SendFileAsync(NumberBlock block, int sender, Wish[] wishes)
    {
        long before = await ReadPositionAsync(block);
        BulkReply[] replies = await Bulk.WriteAsync(
            [.. wishes.Select(wish => new BulkRow(block.At(wish.Number), wish.Said!))], dryRun: false, Ct);
        long after = await ReadPositionAsync(block);
        return
        [
            .. wishes.Select((wish, i) =>
                new Sent(wish, sender, i, replies[i].Outcome, replies[i].Refusal, before, after)),
        ];
    }

    private async Task<long> ReadPositionAsync(NumberBlock block) =>
        (await silo.Store.Inner.ReadHeadsAsync([block], Ct))[0].Position;

    /// <summary>
    /// Each entry is what the rules decide about one thing sent, on the entries before it; each sender's are in its own
    /// order; and whatever was answered without an entry is what they decide at some moment between question and
    /// answer.
    /// </summary>
    private static void AssertInOneOrder(
        NumberBlock block, PhoneNumber number, IReadOnlyList<StoredEntry> stored, Sent[] sent)
    {
        Sealer sealer = LedgerCluster.Sealer;
        Pseudonym tag = sealer.TagOf(number);
        NumberState state = NumberState.Start(block, tag);
        List<(long Position, NumberState State)> moments = [(0, state)];
        var left = sent.Where(one => one.Outcome is CommandOutcome.Recorded).ToList();
        foreach (StoredEntry entry in stored.Where(entry => entry.Tag == tag))
        {
            LedgerEntry read = sealer.Read(block, entry);
            // The next of each sender; what is the same is interchangeable.
            Sent one = left.GroupBy(one => one.Sender).Select(of => of.MinBy(one => one.Place)!)
                .First(one => one.Before < entry.Position && entry.Position <= one.After
                    && one.Wish.DecideOn(state, read.Content!.RecordedAt).Happened == read.Content.Event);
            left.Remove(one);
            moments.Add((entry.Position, state = state.Apply(read)));
        }

        Assert.Empty(left);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (Sent one in sent.Where(one => one.Outcome is not CommandOutcome.Recorded))
        {
            long known = moments.Last(moment => moment.Position <= one.Before).Position;
            Assert.Contains(
                moments.Where(moment => moment.Position >= known && moment.Position <= one.After),
                moment => one.Wish.DecideOn(moment.State, now) is { Happened: null } no && no.Refusal == one.Refusal);
        }
    }

    /// <param name="Place">Among what the sender sent.</param>
    /// <param name="Before">The block's position before it was sent.</param>
    /// <param name="After">The same, once it was answered.</param>
    private sealed record Sent(
        Wish Wish, int Sender, int Place, CommandOutcome Outcome, Refusal? Refusal, long Before, long After);
}
