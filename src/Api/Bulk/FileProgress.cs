using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace NumberLedger.Api;

/// <summary>How far a file is. Written by its work alone, read by anyone.</summary>
internal sealed class FileProgress : IDisposable
{
    private volatile FileCheckpoint _checkpoint = FileCheckpoint.Start;

    /// <summary>The last place at which everything before is answered and, of a file that writes, recorded.</summary>
    public FileCheckpoint Checkpoint
    {
        get => _checkpoint;
        set => _checkpoint = value;
    }

    /// <summary>
    /// Called after each checkpoint, on the work's own thread: what was written up to it may be made durable here.
    /// </summary>
    public Func<FileCheckpoint, ValueTask>? Reached { get; init; }

    /// <summary>
    /// Over the answer so far, for its trailer. Who begins a file at a checkpoint feeds it what was written before.
    /// </summary>
    public IncrementalHash Digest { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ValueTask ReachAsync(FileCheckpoint checkpoint)
    {
        Checkpoint = checkpoint;
        return Reached?.Invoke(checkpoint) ?? ValueTask.CompletedTask;
    }

    public void Dispose() => Digest.Dispose();
}

/// <summary>A place between two lines of a file.</summary>
/// <param name="BytesRead">Of the file, not compressed.</param>
/// <param name="Lines">As an editor counts them, the header included.</param>
/// <param name="BytesWritten">Of the answer.</param>
/// <param name="Header">
/// The file's header line, without its line ending; null before it was read, or without one.
/// </param>
/// <param name="Counts">As the trailer names them: rows, allow, reason.reassigned.</param>
/// <param name="Stopped">Why the file was not read to its end; null while it runs, and when it was.</param>
/// <param name="Ended">The trailer is written.</param>
internal sealed record FileCheckpoint(
    long BytesRead, long Lines, long BytesWritten, byte[]? Header, ImmutableSortedDictionary<string, long> Counts,
    string? Stopped, bool Ended)
{
    public const string RowsCount = "rows";

    [JsonIgnore]
    public long Rows => Counts.GetValueOrDefault(RowsCount);

    public static FileCheckpoint Start { get; } =
        new(0, 0, 0, null, ImmutableSortedDictionary<string, long>.Empty, null, false);
}
