using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Stores;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Operations;

/// <summary>The program over a store whose backups can be held up, or do not come to their end.</summary>
public sealed class HeldHost : ApiHost
{
    internal HeldStore Store => Services.GetRequiredService<HeldStore>();

    protected override void Customize(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(
            provider => new HeldStore(provider.GetRequiredService<SqliteLedgerStore>()));
        builder.Services.AddSingleton<ILedgerStore>(provider => provider.GetRequiredService<HeldStore>());
    }
}

/// <summary>The store, but for the moments of its backups.</summary>
internal sealed class HeldStore(SqliteLedgerStore inner) : WrappedStore(inner), IBackupStore
{
    private readonly Channel<bool> _held = Channel.CreateUnbounded<bool>();
    private TaskCompletionSource? _released;
    private bool _isBroken;

    /// <summary>Until one more is held up.</summary>
    public Task NextHeld() => _held.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    public void Hold() => _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released!.SetResult();

    /// <summary>From now on, until it is disposed, the registry's head says what its entries do not.</summary>
    public IDisposable Break()
    {
        _isBroken = true;
        return new Mended(this);
    }

    public async Task<BackupMoment> ReadMomentAsync(CancellationToken cancellationToken)
    {
        if (_released is { Task.IsCompleted: false } released)
        {
            _held.Writer.TryWrite(true);
            await released.Task.WaitAsync(cancellationToken);
        }

        BackupMoment moment = await inner.ReadMomentAsync(cancellationToken);
        return _isBroken
            ? moment with { Heads = [new(moment.Heads[0].Key, moment.Heads[0].Value with { Hash = default })] }
            : moment;
    }

    private sealed class Mended(HeldStore store) : IDisposable
    {
        public void Dispose() => store._isBroken = false;
    }
}
