using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>Saves snapshots of indexes, one at a time, while nobody waits for it.</summary>
/// <remarks>
/// A snapshot that is not saved costs its block a longer start, and nothing else: what does not fit into the queue is
/// dropped, what fails is logged and forgotten. The next catch-up, or its leaving memory, offers the block again.
/// </remarks>
internal sealed partial class SnapshotSaver(
    ISnapshotStore store, StoreCalls calls, Sealer sealer, IndexMemory memory, ILogger<SnapshotSaver> logger)
    : IDisposable
{
    private const int QueuedMax = 1_024;

    /// <summary>
    /// After each it rests for so many times as long as that took: appends come first, and a block that a file writes
    /// again and again is saved now and then.
    /// </summary>
    private const int RestsFor = 4;

    /// <summary>Indexes that wait here stay in memory, although some have left it by all other accounts.</summary>
    private readonly long _bytesMax = memory.BytesMax / 16;

    private readonly HashSet<BlockReplica> _queued = []; // Its own lock guards all that follows.
    private readonly Queue<(BlockReplica Replica, int Bytes)> _queue = new();
    private long _bytes;
    private bool _stopped;

    /// <summary>Completes when nothing is queued any more.</summary>
    internal Task Idle { get; private set; } = Task.CompletedTask;

    /// <param name="bytes">What the index takes.</param>
    public void Offer(BlockReplica replica, int bytes)
    {
        lock (_queued)
        {
            if (_stopped || _queue.Count == QueuedMax || (_queue.Count > 0 && _bytes + bytes > _bytesMax)) return;
            if (!_queued.Add(replica)) return;

            _queue.Enqueue((replica, bytes));
            _bytes += bytes;
            if (_queue.Count == 1 && Idle.IsCompleted) Idle = Task.Run(SaveAllAsync);
        }
    }

    /// <summary>Nothing is begun any more. The snapshot under way may still be saved.</summary>
    public void Dispose()
    {
        lock (_queued)
        {
            _stopped = true;
            _queue.Clear();
        }
    }

    private async Task SaveAllAsync()
    {
        while (true)
        {
            BlockReplica replica;
            lock (_queued)
            {
                if (!_queue.TryDequeue(out (BlockReplica Replica, int Bytes) next))
                {
                    // Completed, as far as the next offer can see.
                    Idle = Task.CompletedTask;
                    return;
                }

                replica = next.Replica;
                _queued.Remove(replica);
                _bytes -= next.Bytes;
            }

            long begun = Stopwatch.GetTimestamp();
            await SaveAsync(replica);
            await Task.Delay(RestsFor * Stopwatch.GetElapsedTime(begun));
        }
    }

    private async Task SaveAsync(BlockReplica replica)
    {
        try
        {
            if (replica.Encode() is not var (head, snapshot)) return;

            StoredSnapshot stored = Seal(replica.Block, head, snapshot);
            await calls.WriteAsync(async token =>
            {
                await store.SaveSnapshotAsync(replica.Block, stored, token);
                return true;
            });
            replica.Saved(head.Position);
        }
        catch (LedgerUnavailableException)
        {
            // Already in the log.
        }
        catch (Exception surprise)
        {
            Log.SnapshotFailed(logger, surprise, replica.Block.Key);
        }
    }

    private StoredSnapshot Seal(NumberBlock block, BlockHead head, byte[] snapshot)
    {
        Span<byte> nonce = stackalloc byte[SnapshotSealer.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        return sealer.Snapshots.Seal(block, head, snapshot, nonce);
    }

    private static partial class Log
    {
        [LoggerMessage(1906, LogLevel.Error, "The snapshot of block {Block} could not be made.")]
        public static partial void SnapshotFailed(ILogger logger, Exception surprise, long block);
    }
}
