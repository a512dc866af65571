using System.Text.Json.Serialization;

namespace NumberLedger.Api;

internal enum JobStatus : byte
{
    /// <summary>Waits for its turn, or was under way when the process ended.</summary>
    Queued = 1,
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
/// <param name="Status">Never running: after a restart, what ran is queued again.</param>
/// <param name="Bytes">Of the file, not compressed.</param>
/// <param name="Checkpoint">From where it goes on.</param>
/// <param name="Tail">Bytes of the answer before the checkpoint that do not fill a frame of its file yet.</param>
/// <param name="Failure">Code and detail of a failed job.</param>
internal sealed record JobRecord(
    string Id, string Owner, FileOrder Order, JobStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt,
    long Bytes, FileCheckpoint Checkpoint, byte[] Tail, JobFailure? Failure)
{
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(7);

    [JsonIgnore]
    public FileKind Kind => Order.Kind;

    [JsonIgnore]
    public bool HasEnded => Status is not (JobStatus.Queued or JobStatus.Running);

    /// <summary>A scrub records nothing, and its verdicts are about now: it begins from the first line.</summary>
    [JsonIgnore]
    public bool GoesOn => Kind is not FileKind.Scrub && Checkpoint is not { BytesRead: 0, BytesWritten: 0 };
}

internal sealed record JobFailure(string Code, string Detail);

/// <summary>How jobs are written to disk. Members are added, never renamed: older files stay readable.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class JobJson : JsonSerializerContext;
