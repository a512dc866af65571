using System.Collections.Concurrent;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>What one chunk of a scrub needs room for.</summary>
internal sealed class ScrubBuffers
{
    public FileChunk Chunk { get; } = new();
    public ScrubLines Lines { get; } = new();
    public BlockGroups Groups { get; } = new();
    public BulkAnswers Answers { get; } = new();
    public AnswerBuffer Answer { get; } = new();
    public ScrubCounts Counts { get; } = new();
}

/// <summary>
/// Keeps the buffers of files that have ended for those that follow: fresh memory of that size costs time, page by
/// page.
/// </summary>
internal sealed class ScrubBufferPool
{
    /// <summary>Those of one file, about 100 MB. What more files took at once goes back to the runtime.</summary>
    private const int KeptMax = ScrubWork.ChunksMax;

    private readonly ConcurrentBag<ScrubBuffers> _kept = [];

    public Rental Rent() => new(this);

    /// <summary>The buffers of one file. Disposed when nothing goes on in them any more.</summary>
    public sealed class Rental(ScrubBufferPool pool) : IDisposable
    {
        private readonly List<ScrubBuffers> _taken = [];

        public ScrubBuffers Next()
        {
            ScrubBuffers buffers = pool._kept.TryTake(out ScrubBuffers? kept) ? kept : new();
            _taken.Add(buffers);
            return buffers;
        }

        public void Dispose()
        {
            foreach (ScrubBuffers buffers in _taken)
            {
                if (pool._kept.Count < KeptMax) pool._kept.Add(buffers);
            }

            _taken.Clear();
        }
    }
}
