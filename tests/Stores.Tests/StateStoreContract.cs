using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>What every driver owes to states.</summary>
public abstract class StateStoreContract(StorePlace place) : StoreContract(place)
{
    private IStateStore States => (IStateStore)Store;

    [Fact]
    public async Task What_was_saved_is_read_also_after_a_reopen()
    {
        byte[] large = new byte[IStateStore.BytesMax];
        Random.Shared.NextBytes(large);
        string small = (await States.SaveAsync("small", new byte[] { 1, 2, 3 }, null, Ct))!;
        string empty = (await States.SaveAsync("empty", default, null, Ct))!;
        string full = (await States.SaveAsync("full", large, null, Ct))!;

        await ReopenAsync();

        AssertState((small, [1, 2, 3]), await States.ReadAsync("small", Ct));
        AssertState((empty, []), await States.ReadAsync("empty", Ct));
        AssertState((full, large), await States.ReadAsync("full", Ct));
        Assert.Null(await States.ReadAsync("other", Ct));
    }

    [Fact]
    public async Task Who_has_seen_the_latest_version_puts_another_in_its_place_and_nobody_else_does()
    {
        string first = (await States.SaveAsync("s", new byte[] { 1 }, null, Ct))!;
        string second = (await States.SaveAsync("s", new byte[] { 2 }, first, Ct))!;

        Assert.NotEqual(first, second);
        Assert.Null(await States.SaveAsync("s", new byte[] { 3 }, first, Ct));
        Assert.Null(await States.SaveAsync("s", new byte[] { 3 }, null, Ct));
        Assert.Null(await States.SaveAsync("s", new byte[] { 3 }, "no version", Ct));
        Assert.Null(await States.SaveAsync("t", new byte[] { 3 }, second, Ct));
        AssertState((second, [2]), await States.ReadAsync("s", Ct));
        Assert.Null(await States.ReadAsync("t", Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_racing_saves_exactly_one_is_first(bool isNew)
    {
        string? seen = isNew ? null : await States.SaveAsync("s", new byte[] { 255 }, null, Ct);

        string?[] saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => States.SaveAsync("s", new[] { (byte)i }, seen, Ct))));

        int winner = Array.FindIndex(saved, version => version is not null);
        Assert.Single(saved, version => version is not null);
        AssertState((saved[winner]!, [(byte)winner]), await States.ReadAsync("s", Ct));
    }

    [Fact]
    public async Task Who_has_seen_the_latest_version_deletes_it_and_nobody_else_does()
    {
        string first = (await States.SaveAsync("s", new byte[] { 1 }, null, Ct))!;
        string second = (await States.SaveAsync("s", new byte[] { 2 }, first, Ct))!;

        Assert.False(await States.DeleteAsync("s", first, Ct));
        Assert.NotNull(await States.ReadAsync("s", Ct));
        Assert.True(await States.DeleteAsync("s", second, Ct));
        Assert.False(await States.DeleteAsync("s", second, Ct));

        await ReopenAsync();
        Assert.Null(await States.ReadAsync("s", Ct));
        Assert.Null(await States.SaveAsync("s", new byte[] { 3 }, second, Ct));
    }

    [Fact]
    public async Task Of_racing_deletions_exactly_one_has_deleted()
    {
        string seen = (await States.SaveAsync("s", new byte[] { 1 }, null, Ct))!;

        bool[] deleted = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => States.DeleteAsync("s", seen, Ct))));

        Assert.Single(deleted, isDeleted => isDeleted);
    }

    [Fact]
    public async Task A_state_that_was_made_again_is_not_taken_for_what_it_was()
    {
        HashSet<string> versions = [];
        for (int i = 0; i < 10; i++)
        {
            string made = (await States.SaveAsync("s", new byte[] { 1 }, null, Ct))!;
            Assert.True(versions.Add(made));
            Assert.True(await States.DeleteAsync("s", made, Ct));
        }
    }

    [Fact]
    public async Task A_list_has_the_names_that_begin_so_and_their_versions()
    {
        Dictionary<string, string> saved = [];
        foreach (string name in (string[])["a", "a_", "a_1", "a_12", "a_2", "a.1", "aa", "ax1", "b", "z_z"])
        {
            saved[name] = (await States.SaveAsync(name, new byte[] { 1 }, null, Ct))!;
        }

        saved["a_2"] = (await States.SaveAsync("a_2", new byte[] { 2 }, saved["a_2"], Ct))!;

        await AssertListAsync("a_", "a_", "a_1", "a_12", "a_2"); // '_' is no wildcard.
        await AssertListAsync("a_1", "a_1", "a_12");
        await AssertListAsync("z", "z_z");
        await AssertListAsync("c");
        await AssertListAsync("", [.. saved.Keys]);

        async Task AssertListAsync(string prefix, params string[] names) => Assert.Equal(
            names.Select(name => new StateVersion(name, saved[name])).OrderBy(state => state.Name),
            (await States.ListAsync(prefix, Ct)).OrderBy(state => state.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_a")]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a'")]
    [InlineData("a%")]
    [InlineData("a\n")]
    public async Task A_name_is_of_a_few_characters(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => States.ReadAsync(name, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => States.SaveAsync(name, new byte[1], null, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => States.DeleteAsync(name, "v", Ct));
        if (name.Length > 0) await Assert.ThrowsAsync<ArgumentException>(() => States.ListAsync(name, Ct));
    }

    [Fact]
    public async Task A_name_and_a_state_are_so_long_and_no_longer()
    {
        string longest = new('a', IStateStore.NameCharsMax);
        Assert.NotNull(await States.SaveAsync(longest, new byte[1], null, Ct));
        Assert.NotNull(await States.ReadAsync(longest, Ct));

        await Assert.ThrowsAsync<ArgumentException>(() => States.SaveAsync(longest + "a", new byte[1], null, Ct));
        await Assert.ThrowsAsync<ArgumentException>(
            () => States.SaveAsync("s", new byte[IStateStore.BytesMax + 1], null, Ct));
    }

    private static void AssertState((string Version, byte[] Content) expected, StoredState? state)
    {
        Assert.NotNull(state);
        Assert.Equal(expected.Version, state.Version);
        Assert.Equal(expected.Content, state.Content);
    }
}

public sealed class InMemoryStateStoreTests() : StateStoreContract(new InMemoryStatesPlace())
{
    /// <summary>A ledger's store stands in for what is asked of every place.</summary>
    private sealed class InMemoryStatesPlace : StorePlace
    {
        private readonly InMemoryStates _states = new();

        public override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new Wrapped(_states));

        public override ValueTask CloseAsync(ILedgerStore store) => default;

        public override ValueTask DisposeAsync() => default;
    }

    private sealed class Wrapped(IStateStore states) : WrappedStore(new InMemoryLedgerStore()), IStateStore
    {
        public Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken) =>
            states.ListAsync(prefix, cancellationToken);

        public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken) =>
            states.ReadAsync(name, cancellationToken);

        public Task<string?> SaveAsync(
            string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken) =>
            states.SaveAsync(name, content, expected, cancellationToken);

        public Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken) =>
            states.DeleteAsync(name, expected, cancellationToken);
    }
}
