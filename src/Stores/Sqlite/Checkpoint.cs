namespace NumberLedger.Stores;

/// <summary>
/// The signed memory of all heads, outside of the database: it knows what was acknowledged, whatever the file lost.
/// </summary>
/// <remarks>
/// SQLite ends a damaged write-ahead log at the damage and says nothing: acknowledged entries would be gone, and every
/// check of the database would pass. Heads are noted after their commit, and written, signed and synced, at most
/// <see cref="LateMax"/> later: a base of all heads, and batches of changed ones behind it. When the batches outgrow
/// the base, and at start and stop, a new base takes the file's place. Used by the writer's thread alone.
/// </remarks>
internal sealed class Checkpoint : IDisposable
{
    /// <summary>What may pass between a commit and its checkpoint.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromSeconds(1);

    /// <summary>Half of it is for waiting, the other half for the disk.</summary>
    public static readonly TimeSpan WaitDefault = LateMax / 2;

    /// <summary>
    /// Batches of fewer bytes are read again in a moment; rewriting the base more often would cost more.
    /// </summary>
    public const int AppendedBytesMin = 8 * 1024 * 1024;

    private readonly string _path;
    private readonly CheckpointKey _key;
    private readonly Heads _heads;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly int _appendedBytesMin;
    private readonly Dictionary<NumberBlock, BlockHead> _changed = [];
    private FileStream? _file;
    private Hash256 _previous;
    private long _batch;
    private long _baseBytes;
    private long _dueAt;
    private long _nextTryAt;

    /// <param name="lastBatch">Of the file that this one replaces: numbers go on.</param>
    /// <param name="wait">From a commit to its checkpoint.</param>
    public Checkpoint(
        string path, CheckpointKey key, Heads heads, long lastBatch, TimeSpan wait, TimeProvider time,
        int appendedBytesMin = AppendedBytesMin)
    {
        _path = path;
        _key = key;
        _heads = heads;
        _batch = lastBatch;
        _wait = wait;
        _time = time;
        _openedAt = time.GetTimestamp();
        _appendedBytesMin = appendedBytesMin;
        WriteBase();
    }

    /// <summary>How long an idle writer may wait; null while nothing changed.</summary>
    public TimeSpan? DueIn => _changed.Count == 0
        ? null
        : TimeSpan.FromMilliseconds(Math.Max(0, Math.Max(_dueAt, _nextTryAt) - NowMs));

    private long NowMs => (long)_time.GetElapsedTime(_openedAt).TotalMilliseconds;

    /// <summary>Takes note of a head whose commit returned.</summary>
    public void Note(NumberBlock block, BlockHead head)
    {
        if (_changed.Count == 0) _dueAt = NowMs + (long)_wait.TotalMilliseconds;
        _changed[block] = head;
    }

    /// <exception cref="StoreUnavailableException">
    /// It cannot be written: nothing may be committed that it would not cover.
    /// </exception>
    public void WriteIfDue()
    {
        // Also right after a try that failed: only an idle writer may wait, not one with a group to commit.
        if (_changed.Count == 0 || NowMs < _dueAt) return;
        try
        {
            Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close(); // What the file holds now is uncertain: the next try makes a new one.
            _nextTryAt = NowMs + (long)_wait.TotalMilliseconds;
            throw new StoreUnavailableException($"The checkpoint '{_path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Leaves a file of one base: at rest, every bit of it must be right.</summary>
    public void Dispose()
    {
        if (_changed.Count > 0 || _file is null || _file.Length > _baseBytes) WriteBase();
        Close();
    }

    private void Write()
    {
        if (_file is null || _file.Length - _baseBytes > Math.Max(_baseBytes, _appendedBytesMin))
        {
            WriteBase();
        }
        else
        {
            Append(_file, CheckpointFrame.Encode(_key, ++_batch, _changed, ref _previous));
        }

        _changed.Clear();
    }

    private void WriteBase()
    {
        Close();
        _previous = default;
        byte[] frames = CheckpointFrame.Encode(_key, ++_batch, _heads.All, ref _previous);
        string next = _path + ".new";
        FileStream file = OwnersFile.Open(next, FileMode.Create, FileShare.Read | FileShare.Delete);
        try
        {
            Append(file, frames);
            File.Move(next, _path, overwrite: true);
            DirectorySync.Sync(Path.GetDirectoryName(_path)!);
            _file = file;
            _baseBytes = frames.Length;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Append(FileStream file, byte[] frames)
    {
        file.Write(frames);
        file.Flush(flushToDisk: true);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
