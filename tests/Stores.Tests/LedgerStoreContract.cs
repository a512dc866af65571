using System.Collections.Concurrent;

namespace NumberLedger.Stores.Tests;

/// <summary>
/// What every driver owes its callers. Nothing here knows which driver it is; each inherits all of it.
/// </summary>
public abstract class LedgerStoreContract(StorePlace place) : StoreContract(place)
{
    protected static readonly NumberBlock Block = new(861_380_000);
    protected static readonly NumberBlock Neighbour = new(861_380_001);
    protected static readonly Pseudonym Tag = Some.Tag(1);
    protected static readonly Pseudonym OtherTag = Some.Tag(2);

    [Fact]
    public async Task An_append_is_there_with_its_positions_and_its_head()
    {
        Append append = Some.Append(Block, Tag, after: 0, count: 3, Some.Command(7));

        AppendResult result = await Store.AppendAsync(append, Ct);

        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        Assert.Equal(new BlockHead(3, append.Entries[2].Hash, Some.Noon), result.Head);
        AssertStored(append.Entries, await Store.ReadBlockAsync(Block, 0, 100, Ct), firstPosition: 1);
    }

    [Fact]
    public async Task A_copy_of_an_entry_that_was_erased_has_no_salt()
    {
        Append append = Some.Append(Block, Tag, after: 0, count: 2);
        append = append with { Entries = [append.Entries[0] with { Salt = null }, append.Entries[1]] };

        await Store.AppendAsync(append, Ct);

        IReadOnlyList<StoredEntry> stored = await Store.ReadBlockAsync(Block, 0, 100, Ct);
        Assert.Equal([true, false], stored.Select(entry => entry.Salt is null));
    }

    [Theory]
    [InlineData(1)] // a writer that is behind
    [InlineData(3)] // a writer that is ahead: no gaps, ever
    public async Task A_writer_at_another_version_gets_a_conflict_and_the_head(long expected)
    {
        BlockHead head = (await Store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 2), Ct)).Head;

        AppendResult result = await Store.AppendAsync(Some.Append(Block, Tag, after: expected), Ct);

        Assert.Equal(new AppendResult(AppendOutcome.Conflict, head), result);
        Assert.Equal(2, (await Store.ReadBlockAsync(Block, 0, 100, Ct)).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_tag_that_the_decision_only_read_must_be_at_its_version_too(long expected)
    {
        await Store.AppendAsync(Some.Append(Block, OtherTag, after: 0), Ct);
        Append append = Some.Append(Block, Tag, after: 0);

        AppendResult stale = await Store.AppendAsync(
            append with { Expected = [new(Tag, 0), new(OtherTag, expected)] }, Ct);
        AppendResult fresh = await Store.AppendAsync(append with { Expected = [new(Tag, 0), new(OtherTag, 1)] }, Ct);

        Assert.Equal(AppendOutcome.Conflict, stale.Outcome);
        Assert.Equal(AppendOutcome.Appended, fresh.Outcome);
        Assert.Equal(2, fresh.Head.Position);
    }

    [Fact]
    public async Task One_stale_tag_of_many_leaves_nothing_behind()
    {
        int count = AtMost(100);
        await Store.AppendAsync(Some.Append(Block, Some.Tag(count - 1), after: 0), Ct);
        Append many = Many(Block, firstTag: 0, count); // The last at version 0 is stale.

        AppendResult result = await Store.AppendAsync(many, Ct);

        Assert.Equal(AppendOutcome.Conflict, result.Outcome);
        Assert.Equal(1, result.Head.Position);
        Assert.Empty(await Store.ReadTagsAsync(Block, [Some.Tag(0), Some.Tag(count / 2)], Ct));
    }

    [Fact]
    public async Task After_a_conflict_the_rest_of_many_takes_the_positions_that_it_left()
    {
        int count = AtMost(100);
        await Store.AppendAsync(Some.Append(Block, Some.Tag(count - 1), after: 0), Ct);
        await Store.AppendAsync(Many(Block, firstTag: 0, count), Ct);

        AppendResult result = await Store.AppendAsync(Many(Block, firstTag: 0, count - 1), Ct);

        Assert.Equal((AppendOutcome.Appended, count), (result.Outcome, result.Head.Position));
        Assert.Equal(count, (await Store.ReadBlockAsync(Block, 0, 1_000, Ct)).Count);
    }

    [Fact]
    public async Task A_new_tag_that_is_only_read_is_looked_for_beside_those_that_begin()
    {
        await Store.AppendAsync(Some.Append(Block, Some.Tag(99), after: 0), Ct);
        Append many = Many(Block, firstTag: 0, count: 10);

        AppendResult result = await Store.AppendAsync(
            many with { Expected = [.. many.Expected, new(Some.Tag(99), 0)] }, Ct);

        Assert.Equal(AppendOutcome.Conflict, result.Outcome);
        Assert.Single(await Store.ReadBlockAsync(Block, 0, 1_000, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Of_many_tags_those_that_are_there_are_read_however_many_others_are_asked_for(int others)
    {
        await Store.AppendAsync(Some.Append(Block, Some.Tag(7), after: 0, count: 3), Ct);
        await Store.AppendAsync(Many(Block, firstTag: 1_000, count: 20), Ct);

        IReadOnlyList<StoredEntry> read = await Store.ReadTagsAsync(
            Block, [.. Enumerable.Range(0, others).Select(i => Some.Tag(5_000 + i)), Some.Tag(1_003), Some.Tag(7)], Ct);

        Assert.Equal(
            [(Some.Tag(1_003), 1L), (Some.Tag(7), 1L), (Some.Tag(7), 2L), (Some.Tag(7), 3L)],
            read.Select(entry => (entry.Tag, entry.Version)));
    }

    [Fact]
    public async Task A_command_sent_twice_is_recorded_once()
    {
        BlockHead head =
            (await Store.AppendAsync(Some.Append(Block, Tag, after: 0, command: Some.Command(1)), Ct)).Head;

        AppendResult atTheOldVersion = await Store.AppendAsync(
            Some.Append(Block, Tag, 0, command: Some.Command(1)), Ct);
        AppendResult decidedAgain = await Store.AppendAsync(Some.Append(Block, Tag, 1, command: Some.Command(1)), Ct);

        Assert.Equal(new AppendResult(AppendOutcome.Repeated, head), atTheOldVersion);
        Assert.Equal(new AppendResult(AppendOutcome.Repeated, head), decidedAgain);
        Assert.Single(await Store.ReadBlockAsync(Block, 0, 100, Ct));
    }

    [Fact]
    public async Task One_command_may_cause_several_entries_and_is_known_by_any_of_them()
    {
        await Store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3, Some.Command(1)), Ct);
        await Store.AppendAsync(Some.Append(Block, Tag, after: 3, count: 1, Some.Command(2)), Ct);

        AppendResult again = await Store.AppendAsync(Some.Append(Block, Tag, after: 4, count: 1, Some.Command(1)), Ct);

        Assert.Equal(AppendOutcome.Repeated, again.Outcome);
        Assert.Equal(4, again.Head.Position);
    }

    [Fact]
    public async Task A_command_is_known_only_where_it_was_recorded()
    {
        await Store.AppendAsync(Some.Append(Block, Tag, after: 0, command: Some.Command(1)), Ct);

        AppendResult otherTag = await Store.AppendAsync(Some.Append(Block, OtherTag, 0, command: Some.Command(1)), Ct);
        AppendResult otherBlock = await Store.AppendAsync(Some.Append(Neighbour, Tag, 0, command: Some.Command(1)), Ct);

        Assert.Equal(AppendOutcome.Appended, otherTag.Outcome);
        Assert.Equal(AppendOutcome.Appended, otherBlock.Outcome);
    }

    [Fact]
    public async Task Racing_senders_of_one_command_record_it_once()
    {
        AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Store.AppendAsync(Some.Append(Block, Tag, after: 0, command: Some.Command(1)), Ct)));

        Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
        Assert.Equal(19, results.Count(result => result.Outcome == AppendOutcome.Repeated));
        Assert.Single(await Store.ReadBlockAsync(Block, 0, 100, Ct));
    }

    [Fact]
    public async Task Of_racing_writers_at_one_version_exactly_one_wins()
    {
        AppendResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct)));

        Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
        Assert.Equal(19, results.Count(result => result.Outcome == AppendOutcome.Conflict));
    }

    [Fact]
    public async Task A_conflict_fails_nobody_else()
    {
        await Store.AppendAsync(Some.Append(Block, Some.Tag(0), after: 0), Ct);

        // All at once, so that a driver that writes in groups has them in one; every third is stale.
        AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 60).Select(number =>
            Store.AppendAsync(Some.Append(Block, number % 3 == 0 ? Some.Tag(0) : Some.Tag(number), after: 0), Ct)));

        for (int number = 0; number < 60; number++)
        {
            Assert.Equal(number % 3 == 0 ? AppendOutcome.Conflict : AppendOutcome.Appended, results[number].Outcome);
        }

        Assert.Equal(1 + 40, (await Store.ReadHeadsAsync([Block], Ct))[0].Position);
    }

    [Fact]
    public async Task Concurrent_writers_leave_no_gaps_and_every_head_was_theirs_alone()
    {
        const int Writers = 16, Each = 25;
        var heads = new ConcurrentBag<(NumberBlock Block, long Position)>();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            NumberBlock block = writer % 2 == 0 ? Block : Neighbour;
            for (int version = 0; version < Each; version++)
            {
                AppendResult result = await Store.AppendAsync(Some.Append(block, Some.Tag(writer), version), Ct);
                Assert.Equal(AppendOutcome.Appended, result.Outcome);
                heads.Add((block, result.Head.Position));
            }
        })));

        Assert.Equal(Writers * Each, heads.Distinct().Count());
        Assert.Equal(Writers * Each, await WholeLedger.VerifyAsync(Store, Ct));
        Assert.All(
            await Store.ReadHeadsAsync([Block, Neighbour], Ct),
            head => Assert.Equal(Writers * Each / 2, head.Position));
    }

    [Fact]
    public async Task Many_tags_in_one_append_stand_in_the_order_given()
    {
        Append many = Many(Block, firstTag: 0, AtMost(1_000));

        AppendResult result = await Store.AppendAsync(many, Ct);

        Assert.Equal(
            new AppendResult(
                AppendOutcome.Appended, new BlockHead(many.Entries.Count, many.Entries[^1].Hash, Some.Noon)),
            result);
        AssertStored(many.Entries, await Store.ReadBlockAsync(Block, 0, 2_000, Ct), firstPosition: 1);
    }

    [Fact]
    public async Task A_block_is_read_from_any_position_in_pages()
    {
        Append append = Some.Append(Block, Tag, after: 0, count: 10);
        await Store.AppendAsync(append, Ct);
        await Store.AppendAsync(Some.Append(Neighbour, Tag, after: 0, count: 4), Ct);

        AssertStored(append.Entries.Take(4), await Store.ReadBlockAsync(Block, 0, 4, Ct), firstPosition: 1);
        AssertStored(append.Entries.Skip(4).Take(4), await Store.ReadBlockAsync(Block, 4, 4, Ct), firstPosition: 5);
        AssertStored(append.Entries.Skip(8), await Store.ReadBlockAsync(Block, 8, 4, Ct), firstPosition: 9);
        Assert.Empty(await Store.ReadBlockAsync(Block, 10, 4, Ct));
        Assert.Empty(await Store.ReadBlockAsync(Block, 99, 4, Ct));
        Assert.Empty(await Store.ReadBlockAsync(new NumberBlock(5), 0, 4, Ct));
    }

    [Fact]
    public async Task A_reader_beside_writers_sees_contiguous_positions_and_never_passes_a_later_head()
    {
        const int Count = 200;
        Task writing = Task.Run(async () =>
        {
            for (int version = 0; version < Count; version++)
            {
                await Store.AppendAsync(Some.Append(Block, Some.Tag(version % 8), version / 8), Ct);
            }
        }, Ct);

        long position = 0;
        while (position < Count)
        {
            foreach (StoredEntry entry in await Store.ReadBlockAsync(Block, position, 7, Ct))
            {
                Assert.Equal(++position, entry.Position);
            }

            Assert.True((await Store.ReadHeadsAsync([Block], Ct))[0].Position >= position);
            if (writing.IsFaulted) break;
        }

        await writing;
    }

    [Fact]
    public async Task An_acknowledged_append_is_in_every_later_read()
    {
        for (int version = 0; version < 20; version++)
        {
            BlockHead head = (await Store.AppendAsync(Some.Append(Block, Tag, version), Ct)).Head;

            Assert.Equal(head, (await Store.ReadHeadsAsync([Block], Ct))[0]);
            Assert.Single(await Store.ReadBlockAsync(Block, version, 10, Ct));
            Assert.Equal(version + 1, (await Store.ReadTagsAsync(Block, [Tag], Ct)).Count);
        }
    }

    [Fact]
    public async Task Heads_come_in_the_order_asked_and_default_for_a_block_without_entries()
    {
        await Store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 2), Ct);
        await Store.AppendAsync(Some.Append(Neighbour, Tag, after: 0), Ct);

        BlockHead[] heads = await Store.ReadHeadsAsync([Neighbour, new NumberBlock(5), Block, Neighbour], Ct);

        Assert.Equal([1, 0, 2, 1], heads.Select(head => head.Position));
        Assert.Equal(default, heads[1]);
        Assert.Empty(await Store.ReadHeadsAsync([], Ct));
    }

    [Fact]
    public async Task A_blocks_time_never_goes_back_and_is_kept_in_milliseconds()
    {
        DateTimeOffset late = Some.Noon.AddHours(1).AddTicks(12_345);
        await Store.AppendAsync(Some.Append(Block, Tag, after: 0, at: late), Ct);

        AppendResult earlier = await Store.AppendAsync(Some.Append(Block, Tag, after: 1, at: Some.Noon), Ct);

        Assert.Equal(Some.Noon.AddHours(1).AddMilliseconds(1), earlier.Head.RecordedAt);
        Assert.Equal(TimeSpan.Zero, earlier.Head.RecordedAt.Offset);
    }

    [Fact]
    public async Task Tags_are_read_in_version_order_whatever_stands_between_their_entries()
    {
        for (int version = 0; version < 5; version++)
        {
            await Store.AppendAsync(Some.Append(Block, Tag, version), Ct);
            await Store.AppendAsync(Some.Append(Block, OtherTag, version), Ct);
            await Store.AppendAsync(Some.Append(Block, Some.Tag(3), version), Ct);
        }

        IReadOnlyList<StoredEntry> entries = await Store.ReadTagsAsync(Block, [OtherTag, Some.Tag(77), Tag], Ct);

        Assert.Equal(10, entries.Count);
        Assert.Equal([1, 2, 3, 4, 5], entries.Where(entry => entry.Tag == Tag).Select(entry => entry.Version));
        Assert.Equal([1, 2, 3, 4, 5], entries.Where(entry => entry.Tag == OtherTag).Select(entry => entry.Version));
        Assert.Empty(await Store.ReadTagsAsync(Neighbour, [Tag], Ct));
    }

    [Fact]
    public async Task Blocks_are_listed_ascending_from_a_block_on()
    {
        long[] keys = [900, 0, 12_065_550, 100, 901];
        foreach (long key in keys) await Store.AppendAsync(Some.Append(new NumberBlock(key), Tag, after: 0), Ct);

        Assert.Equal([0, 100, 900, 901, 12_065_550], await KeysAsync(from: 0, countMax: 10));
        Assert.Equal([0, 100], await KeysAsync(from: 0, countMax: 2));
        Assert.Equal([900, 901], await KeysAsync(from: 101, countMax: 2));
        Assert.Empty(await KeysAsync(from: 12_065_551, countMax: 2));

        async Task<IEnumerable<long>> KeysAsync(long from, int countMax) =>
            (await Store.ReadBlocksAsync(new NumberBlock(from), countMax, Ct)).Select(block => block.Key);
    }

    [Fact]
    public async Task Everything_survives_a_reopen()
    {
        Append first = Some.Append(Block, Tag, after: 0, count: 2, Some.Command(1), Some.Noon.AddMilliseconds(7));
        BlockHead head = (await Store.AppendAsync(first, Ct)).Head;
        int others = AtMost(300);
        await Store.AppendAsync(Many(Neighbour, firstTag: 0, others), Ct);

        await ReopenAsync();

        Assert.Null(Store.Degraded);
        Assert.Equal(
            [head.Position, others], (await Store.ReadHeadsAsync([Block, Neighbour], Ct)).Select(h => h.Position));
        Assert.Equal(head, (await Store.ReadHeadsAsync([Block], Ct))[0]);
        AssertStored(first.Entries, await Store.ReadBlockAsync(Block, 0, 10, Ct), firstPosition: 1);
        Assert.Equal(AppendOutcome.Repeated, (await Store.AppendAsync(first, Ct)).Outcome);
        Assert.Equal(AppendOutcome.Conflict, (await Store.AppendAsync(Some.Append(Block, Tag, after: 1), Ct)).Outcome);
        Assert.Equal(3, (await Store.AppendAsync(Some.Append(Block, Tag, after: 2), Ct)).Head.Position);
    }

    [Fact]
    public async Task A_wrong_shape_is_the_callers_bug_and_writes_nothing()
    {
        NewEntry[] two = Some.Entries(Block, Tag, after: 0, count: 2);

        await Refused(new Append(Block, [new(Tag, 0)], [], Some.Noon));
        await Refused(new Append(Block, [new(Tag, 0)], [two[1]], Some.Noon)); // a gap
        await Refused(new Append(Block, [new(Tag, 0)], [two[1], two[0]], Some.Noon)); // out of order
        await Refused(new Append(Block, [new(OtherTag, 0)], two, Some.Noon)); // not expected
        await Refused(new Append(Block, [new(Tag, 0), new(Tag, 0)], two, Some.Noon));
        Assert.Empty(await Store.ReadBlockAsync(Block, 0, 10, Ct));

        async Task Refused(Append append) =>
            await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(append, Ct));
    }

    [Fact]
    public async Task A_cancelled_append_is_all_or_nothing_and_never_acknowledged()
    {
        using var source = new CancellationTokenSource();
        Task<AppendResult>[] appends = [.. Enumerable.Range(0, 50).Select(
            number => Store.AppendAsync(Some.Append(Block, Some.Tag(number), after: 0, count: 3), source.Token))];

        await source.CancelAsync();

        int acknowledged = 0;
        foreach (Task<AppendResult> append in appends)
        {
            await Task.WhenAny(append);
            if (append.IsCanceled) continue;

            Assert.Equal(AppendOutcome.Appended, (await append).Outcome);
            acknowledged++;
        }

        int stored = await WholeLedger.VerifyAsync(Store, Ct);
        Assert.Equal(0, stored % 3);
        Assert.True(stored / 3 >= acknowledged);
    }

    /// <summary>So many entries, or what the driver takes in one append.</summary>
    private int AtMost(int count) => Math.Min(count, Store.EntriesMax);

    /// <summary>
    /// One first entry for each of many tags, as a file that was grouped by block and sorted by tag brings them.
    /// </summary>
    protected static Append Many(NumberBlock block, int firstTag, int count)
    {
        Pseudonym[] tags = [.. Enumerable.Range(firstTag, count).Select(Some.Tag)];
        return new Append(
            block, [.. tags.Select(tag => new ExpectedVersion(tag, 0))],
            [.. tags.SelectMany((tag, i) => Some.Entries(block, tag, 0, 1, Some.Command(i)))], Some.Noon);
    }

    protected static void AssertStored(
        IEnumerable<NewEntry> expected, IEnumerable<StoredEntry> stored, long firstPosition)
    {
        Assert.Equal(
            expected.Select((entry, i) => (
                firstPosition + i, entry.Tag, entry.Version, Convert.ToHexString(entry.Salt!),
                Convert.ToHexString(entry.Sealed), entry.Hash, entry.Command)),
            stored.Select(entry => (entry.Position, entry.Tag, entry.Version, Convert.ToHexString(entry.Salt!),
                Convert.ToHexString(entry.Sealed), entry.Hash, entry.Command)));
    }
}
