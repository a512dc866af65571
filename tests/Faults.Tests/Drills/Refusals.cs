using System.Collections.Concurrent;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// 64 who pass on a refusal of one number after the other, and some who ask about those that were acknowledged.
/// </summary>
internal sealed class Refusals : IDisposable
{
    private const int Writers = 64;
    private const int Askers = 4;

    private readonly Parties _parties;
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _all;
    private int _next;

    public Refusals(Parties parties)
    {
        _parties = parties;
        _all = Task.WhenAll(
            Enumerable.Range(0, Writers).Select(_ => WriteAsync())
                .Concat(Enumerable.Range(0, Askers).Select(_ => AskAsync())));
    }

    public string[] Acknowledged => [.. _acknowledged];

    /// <summary>Until so many more were acknowledged.</summary>
    public async Task GoOnAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Task more = _more.WaitAsync(TestContext.Current.CancellationToken);
            if (await Task.WhenAny(more, _all) == _all) await _all;
        }
    }

    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await _all;
    }

    public void Dispose()
    {
        _over.Dispose();
        _more.Dispose();
    }

    private async Task WriteAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            string number = $"+86138000{Interlocked.Increment(ref _next) - 1:00000}";
            await Asking.RefuseAsync(_parties.Operator, number);
            _acknowledged.Enqueue(number);
            _more.Release();
        }
    }

    private async Task AskAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            string[] some = Acknowledged;
            if (some.Length == 0)
            {
                await Task.Yield();
                continue;
            }

            string verdict = (await Asking.VerdictsAsync(_parties, [some[Random.Shared.Next(some.Length)]]))[0];
            Assert.Contains("\"opted_out\"", verdict, StringComparison.Ordinal);
        }
    }
}
