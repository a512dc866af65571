using System.Collections.Concurrent;

namespace NumberLedger.Stores;

/// <summary>
/// A few reading connections, shared by all who read; off the caller's thread, because a disk may be slow.
/// </summary>
internal sealed class ReaderPool(int readersMax, Func<SqliteReader> open) : IDisposable
{
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private readonly SemaphoreSlim _free = new(readersMax);

    public async Task<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way. Reads that begin later wait for ever: the owner lets none in.</summary>
    public void Dispose()
    {
        for (int i = 0; i < readersMax; i++) _free.Wait();
        while (_idle.TryTake(out SqliteReader? reader)) reader.Dispose();
        _free.Dispose();
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        SqliteReader reader = _idle.TryTake(out SqliteReader? idle) ? idle : open();
        try
        {
            T result = read(reader);
            _idle.Add(reader);
            return result;
        }
        catch
        {
            reader.Dispose(); // It may have stopped in the middle of a statement.
            throw;
        }
    }
}
