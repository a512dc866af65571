namespace NumberLedger.Stores;

/// <summary>What a checkpoint file says, if it can be believed.</summary>
/// <remarks>
/// The first batch holds all heads and is put in place whole, so it is never torn. A later batch is written only after
/// the one before was synced: so a crash can tear the last batch alone, and a bad frame followed by a good one of a
/// later batch is damage.
/// </remarks>
internal sealed class CheckpointReading
{
    private readonly Dictionary<NumberBlock, SignedHead> _heads = [];

    private CheckpointReading()
    {
    }

    public bool Exists { get; private init; } = true;

    /// <summary>Why the file must not be believed, as the end of a sentence; null if it may be.</summary>
    public string? Damage { get; private set; }

    /// <summary>This key signed it, for another ledger.</summary>
    public bool IsOfAnotherLedger { get; private set; }

    public long LastBatch { get; private set; }

    public IReadOnlyDictionary<NumberBlock, SignedHead> Heads => _heads;

    public static CheckpointReading Read(string path, CheckpointKey key)
    {
        if (!File.Exists(path)) return new CheckpointReading { Exists = false };

        var reading = new CheckpointReading();
        reading.Damage = reading.DamageOf(File.ReadAllBytes(path), key);
        return reading;
    }

    private string? DamageOf(ReadOnlySpan<byte> file, CheckpointKey key)
    {
        if (file.Length < CheckpointFrame.Size) return "it is cut short";
        if (!CheckpointFrame.IsSigned(key, file[..CheckpointFrame.Size]))
        {
            return "its beginning is not signed by this ledger's master key: it is damaged, or the key is another one";
        }

        if (!CheckpointFrame.IsOfLedger(key, file))
        {
            IsOfAnotherLedger = true;
            return "it belongs to another database";
        }

        Hash256 previous = default;
        int good = 0;
        while (TryReadBatch(file[(good * CheckpointFrame.Size)..], key, ref previous) is { } frames) good += frames;

        if (good == 0) return "its first batch is damaged";
        return IsFollowedByLaterBatch(file[(good * CheckpointFrame.Size)..], key)
            ? $"it is damaged after batch {LastBatch}, and later batches follow"
            : null;
    }

    /// <returns>How many frames the next whole batch has; null if there is none.</returns>
    private int? TryReadBatch(ReadOnlySpan<byte> file, CheckpointKey key, ref Hash256 previous)
    {
        Hash256 before = previous;
        int frames = 1;
        for (int i = 0; i < frames; i++)
        {
            if (file.Length < (i + 1) * CheckpointFrame.Size) return null;
            ReadOnlySpan<byte> frame = file.Slice(i * CheckpointFrame.Size, CheckpointFrame.Size);
            if (!CheckpointFrame.IsSigned(key, frame) || !CheckpointFrame.IsOfLedger(key, frame)) return null;

            CheckpointFrame.Header header = CheckpointFrame.ReadHeader(frame);
            bool follows = header.Previous == before && header.Frame == i &&
                (LastBatch == 0 || header.Batch == LastBatch + 1);
            if (!follows) return null;

            frames = header.Frames;
            before = header.Mac;
        }

        Take(file[..(frames * CheckpointFrame.Size)]);
        previous = before;
        return frames;
    }

    // Only whole batches count.
    private void Take(ReadOnlySpan<byte> batch)
    {
        for (; !batch.IsEmpty; batch = batch[CheckpointFrame.Size..])
        {
            CheckpointFrame.Header header = CheckpointFrame.ReadHeader(batch);
            LastBatch = header.Batch;
            for (int row = 0; row < header.Heads; row++)
            {
                (NumberBlock block, long position, Hash256 hash) = CheckpointFrame.ReadHead(batch, row);
                _heads[block] = new SignedHead(position, hash);
            }
        }
    }

    private bool IsFollowedByLaterBatch(ReadOnlySpan<byte> rest, CheckpointKey key)
    {
        for (; rest.Length >= CheckpointFrame.Size; rest = rest[CheckpointFrame.Size..])
        {
            ReadOnlySpan<byte> frame = rest[..CheckpointFrame.Size];
            if (CheckpointFrame.ReadHeader(frame).Batch > LastBatch + 1 && CheckpointFrame.IsSigned(key, frame))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A head that was durable when it was signed.</summary>
internal readonly record struct SignedHead(long Position, Hash256 Hash);
