using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// A store that does not answer makes the ledger unavailable. Never is anything answered from memory instead.
/// </summary>
public sealed class FailingStoreTests(OneSilo silo) : IClassFixture<OneSilo>, IAsyncLifetime
{
    private static readonly Dictionary<string, Func<CancellationToken, Task>> Troubles = new()
    {
        ["unavailable"] = Faults.Unavailable,
        ["hangs"] = Faults.Hang,
        ["hangs and does not listen"] = Faults.HangDeaf,
        ["throws what no driver should"] = Faults.Surprise,
    };

    private readonly Caller _caller = silo.Caller;

    public static TheoryData<string> HowItFails => [.. Troubles.Keys];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        silo.Store.Heal();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(HowItFails))]
    public async Task Without_a_head_no_check_is_answered_although_the_index_is_there(string how)
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);

        silo.Store.BeforeEach(StoreOperation.Heads, Troubles[how]);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(number));
        silo.Store.Heal();
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Theory]
    [MemberData(nameof(HowItFails))]
    public async Task A_block_that_cannot_be_read_is_not_answered_for_and_answers_again_once_it_can(string how)
    {
        PhoneNumber number = await _caller.BoundNumberAsync();

        silo.Store.BeforeEach(StoreOperation.ReadBlock, Troubles[how]);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(number));
        silo.Store.Heal();
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Theory]
    [InlineData(nameof(StoreOperation.ReadBlock))]
    [InlineData(nameof(StoreOperation.ReadTags))]
    public async Task An_index_that_is_behind_and_cannot_catch_up_answers_nothing_until_it_can(string operation)
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber refusing = await _caller.BoundNumberAsync(block, 1);
        PhoneNumber untouched = await _caller.BoundNumberAsync(block, 2);
        await _caller.CheckAsync(untouched);
        await silo.OtherWriter.RecordAsync(refusing, The.OptedOut());

        silo.Store.BeforeEach(Enum.Parse<StoreOperation>(operation), Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(refusing));
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(untouched));
        silo.Store.Heal();
        Assert.Equal(Reasons.OptedOut, (await _caller.CheckAsync(refusing)).Reasons);
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(untouched)).Verdict);
    }

    [Theory]
    [MemberData(nameof(HowItFails))]
    public async Task A_write_that_the_store_does_not_take_is_unknown_and_done_once_when_it_is_sent_again(string how)
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber[] numbers =
        [
            await _caller.BoundNumberAsync(block, 0), await _caller.BoundNumberAsync(block, 1),
            await _caller.BoundNumberAsync(block, 2), await _caller.BoundNumberAsync(block, 3),
        ];
        Func<CommandId, Task>[] writes =
        [
            command => _caller.OptOutAsync(numbers[0], command: command),
            command => _caller.ReleaseAsync(numbers[1], command: command),
            command => _caller.ReportAsync(numbers[2], The.Report(CarrierEventKind.Disconnected, "d1"), command),
            command => _caller.BindAsync(numbers[3], The.Bound("lender-2"), command),
        ];
        CommandId[] commands = [.. writes.Select(_ => The.NewCommand())];

        silo.Store.BeforeEach(StoreOperation.Append, Troubles[how]);
        await Task.WhenAll(writes.Zip(commands, (write, command) =>
            Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => write(command))));
        silo.Store.Heal();
        foreach ((Func<CommandId, Task> write, CommandId command) in writes.Zip(commands)) await write(command);

        foreach (PhoneNumber number in numbers) Assert.Equal(2, (await _caller.HistoryAsync(number)).Length);
        foreach (PhoneNumber number in numbers[..3])
        {
            Assert.Equal(Verdict.Deny, (await _caller.CheckAsync(number)).Verdict);
        }
    }

    [Fact]
    public async Task One_lost_read_of_heads_holds_up_nobody_who_asks_later()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.CheckAsync(number);

        silo.Store.BeforeNext(StoreOperation.Heads, Faults.HangDeaf);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(number));
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Fact]
    public async Task Bytes_that_are_not_what_was_written_make_their_block_unavailable_and_no_other()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        PhoneNumber elsewhere = await _caller.BoundNumberAsync();

        var broken = new BrokenLedgerException(NumberBlock.Of(number), 1, "as the test asked.");
        silo.Store.BeforeEach(StoreOperation.ReadBlock, _ => throw broken);
        silo.Store.BeforeEach(StoreOperation.ReadTags, _ => throw broken);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CheckAsync(number));
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.HistoryAsync(number));
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(The.NewNumber()));
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.CoverAsync(NumberBlock.Of(number)));
        silo.Store.Heal();
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(elsewhere)).Verdict);
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Fact]
    public async Task Every_answer_that_records_nothing_rests_on_a_read_begun_after_the_question()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        IBlockGrain block = _caller.Grains.Block(NumberBlock.Of(number));
        CancellationToken ct = TestContext.Current.CancellationToken;
        Func<Task>[] questions =
        [
            () => _caller.CheckAsync(number),
            () => block.CheckRecyclingAsync(new(1_234, 20_000), ct),
            () => block.ListBindingsAsync(new(The.Lender, 0, 10), ct),
            () => block.JudgeRangeAsync(new(The.Carrier, 0, 9, The.TrackedSince), ct),
            () => _caller.CoverAsync(NumberBlock.Of(number)), // Nothing to do.
            () => _caller.BindAsync(number), // Nothing to do.
            () => _caller.ReleaseAsync(number, "nobody"), // Refused.
            () => _caller.HistoryAsync(number),
            () => _caller.Grains.Registry().RevokeKeyAsync(new("nobody", "none", null), ct),
            () => silo.Cluster.Service<IRegistryReader>().ReadAsync(ct).AsTask(),
            () => silo.Cluster.Service<IBlockDirectory>().ListAsync(new NumberBlock(0), 10, ct),
        ];
        foreach (Func<Task> ask in questions) await ask();

        foreach (StoreOperation operation in Enum.GetValues<StoreOperation>())
        {
            silo.Store.BeforeEach(operation, Faults.Unavailable);
        }

        foreach (Func<Task> ask in questions) await Assert.ThrowsAnyAsync<LedgerUnavailableException>(ask);
    }
}
