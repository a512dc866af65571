using System.Text.Json.Serialization;

namespace NumberLedger.Api;

internal enum JobStatus : byte
{
    /// <summary>Waits for its turn, perhaps once more.</summary>
    Queued = 1,

    /// <summary>Or was under way when its process died, and nobody has gone on with it yet.</summary>
    Running = 2,

    /// <summary>Its file was read to the end.</summary>
    Finished = 3,

    /// <summary>Its file was read to a limit; the trailer says which.</summary>
    Stopped = 4,

    /// <summary>There is no answer.</summary>
    Failed = 5,
    Cancelled = 6,
}

/// <summary>What is kept of a job, beside its file and its answer.</summary>
/// <param name="Owner">The party that sent it. Nobody else ever hears of it.</param>
/// <param name="HasArrived">All of its file is there. Before, there is no job to its owner.</param>
/// <param name="Holder">The process that takes its file, or runs it; null: none.</param>
/// <param name="Attempt">How often it was begun; each has a file of its own for the answer.</param>
/// <param name="Deaths">How often a process died over it, or fell silent.</param>
/// <param name="Output">The attempt in whose file the answer is, up to the checkpoint; 0 before the first.</param>
/// <param name="Bytes">Of the file, not compressed.</param>
/// <param name="Checkpoint">From where it goes on.</param>
/// <param name="Tail">Bytes of the answer before the checkpoint that do not fill a frame of its file yet.</param>
/// <param name="Speed">Null while it does not run, or is not known yet.</param>
/// <param name="Failure">Code and detail of a failed job.</param>
internal sealed record JobRecord(
    string Id, string Owner, FileOrder Order, JobStatus Status, bool HasArrived, string? Holder, int Attempt,
    int Deaths, int Output, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, long Bytes, FileCheckpoint Checkpoint,
    byte[] Tail, JobSpeed? Speed, JobFailure? Failure)
{
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(7);

    [JsonIgnore]
    public FileKind Kind => Order.Kind;

    [JsonIgnore]
    public bool HasEnded => Status is not (JobStatus.Queued or JobStatus.Running);

    /// <summary>A scrub records nothing, and its verdicts are about now: it begins from the first line.</summary>
    [JsonIgnore]
    public bool GoesOn => Kind is not FileKind.Scrub && Checkpoint is not { BytesRead: 0, BytesWritten: 0 };

    /// <summary>Of the file while it is needed, of the answer from then on; a failed job has none.</summary>
    [JsonIgnore]
    public long BytesKept => Status is JobStatus.Failed ? 0 : HasEnded ? Checkpoint.BytesWritten : Bytes;

    public static JobRecord Arriving(string id, string owner, FileOrder order, string holder, DateTimeOffset now) =>
        new(
            id, owner, order, JobStatus.Queued, HasArrived: false, holder, Attempt: 0, Deaths: 0,
            Output: 0, now, EndedAt: null,
            Bytes: 0, FileCheckpoint.Start, Tail: [], Speed: null, Failure: null);

    public JobRecord Begun(string holder) => this with
    {
        Status = JobStatus.Running,
        Holder = holder,
        Attempt = Attempt + 1,
        Deaths = Holder is null ? Deaths : Deaths + 1,
        Speed = null,
    };

    /// <summary>Anybody may go on with it.</summary>
    public JobRecord LetGo() => this with { Status = JobStatus.Queued, Holder = null, Speed = null };

    public JobRecord Ended(JobStatus status, DateTimeOffset now, JobFailure? failure = null) => this with
    {
        Status = status,
        Holder = null,
        EndedAt = now,
        Tail = [],
        Speed = null,
        Failure = failure,
    };
}

/// <summary>In a second, over the last ones.</summary>
/// <param name="Bytes">Of the file.</param>
internal sealed record JobSpeed(double Rows, double Bytes);

internal sealed record JobFailure(string Code, string Detail);

/// <summary>How jobs are kept. Members are added, never renamed: older ones stay readable.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class JobJson : JsonSerializerContext;
