namespace NumberLedger.Stores.Tests;

/// <summary>One test's own place to store in: a folder, a database, a table. A driver's tests bring theirs.</summary>
public abstract class StorePlace : IAsyncDisposable
{
    /// <summary>
    /// The first time the place is empty; later it holds what was stored before. Also an <see cref="IClaimStore"/>
    /// and an <see cref="ISnapshotStore"/>.
    /// </summary>
    public abstract Task<ILedgerStore> OpenAsync();

    /// <summary>Closes a store as at the normal end of a process.</summary>
    public abstract ValueTask CloseAsync(ILedgerStore store);

    /// <summary>Removes the place with all that is in it.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A store in its place, verified as a whole after every test.</summary>
public abstract class StoreContract(StorePlace place) : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected ILedgerStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Store.Degraded is null) await WholeLedger.VerifyAsync(Store, CancellationToken.None);
        await place.CloseAsync(Store);
        await place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task ReopenAsync()
    {
        await place.CloseAsync(Store);
        Store = await place.OpenAsync();
    }
}
