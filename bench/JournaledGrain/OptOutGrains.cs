using Microsoft.Extensions.DependencyInjection;
using Orleans.EventSourcing;
using Orleans.EventSourcing.CustomStorage;
using Orleans.Providers;

namespace NumberLedger.Bench.HiddenRetries;

/// <summary>Takes a holder's refusal. Returns when it is stored; an exception should mean that nobody knows.</summary>
internal interface IOptOutGrain : IGrainWithStringKey
{
    [Alias("opt-out")]
    Task OptOutAsync();
}

[GenerateSerializer, Immutable, Alias("bench-opted-out")]
internal sealed record OptedOut;

[GenerateSerializer, Alias("bench-opt-out-count")]
internal sealed class OptOutCount
{
    [Id(0)]
    public int Value { get; private set; }

    public void Apply(OptedOut _) => Value++;
}

/// <summary>As JournaledGrain is meant to be used: raise the event and confirm it; the runtime stores it.</summary>
[GrainType("journaled"), LogConsistencyProvider(ProviderName = "CustomStorage")]
internal sealed class JournaledOptOutGrain([FromKeyedServices("journaled")] OutageStore store)
    : JournaledGrain<OptOutCount, OptedOut>, IOptOutGrain, ICustomStorageInterface<OptOutCount, OptedOut>
{
    public Task OptOutAsync()
    {
        RaiseEvent(new OptedOut());
        return ConfirmEvents();
    }

    public Task<KeyValuePair<int, OptOutCount>> ReadStateFromStorage()
    {
        var state = new OptOutCount();
        int version = store.ReadVersion();
        for (int i = 0; i < version; i++) state.Apply(new OptedOut());
        return Task.FromResult(KeyValuePair.Create(version, state));
    }

    public Task<bool> ApplyUpdatesToStorage(IReadOnlyList<OptedOut> updates, int expectedVersion) =>
        Task.FromResult(store.TryAppend(updates.Count, expectedVersion));
}

/// <summary>The other road: decide, append once, apply. What the store says is what the caller hears.</summary>
[GrainType("plain")]
internal sealed class PlainOptOutGrain([FromKeyedServices("plain")] OutageStore store) : Grain, IOptOutGrain
{
    private int _version = store.ReadVersion();

    public Task OptOutAsync()
    {
        if (!store.TryAppend(1, _version)) throw new InvalidOperationException("Another writer was first.");

        _version++;
        return Task.CompletedTask;
    }
}
