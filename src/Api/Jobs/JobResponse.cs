using System.ComponentModel;
using System.Text.Json.Serialization;

namespace NumberLedger.Api;

/// <summary>A file that is answered in the background.</summary>
internal sealed record JobResponse(
    [property: Description("Names the job.")] string Id,
    [property: JsonConverter(typeof(SnakeCase<FileKind>))]
    [property: Description("What its file is.")] FileKind Kind,
    [property: JsonConverter(typeof(SnakeCase<JobStatus>))]
    [property: Description("queued and running come first; then one of the others, for good. stopped: the file was read to a limit.")]
    JobStatus Status,
    [property: Description("When all of its file had arrived.")] DateTimeOffset CreatedAt,
    [property: Description("When it ended; absent before.")] DateTimeOffset? EndedAt,
    [property: Description("Bytes of the file, not compressed.")] long Bytes,
    [property: Description("Bytes of it that are answered.")] long BytesRead,
    [property: Description("Lines that are answered.")] long Rows,
    [property: Description("What was answered, as the trailer counts it.")] IReadOnlyDictionary<string, long> Counts,
    [property: Description("Over the last seconds; absent while it does not run, or is not known yet.")]
    long? RowsPerSecond,
    [property: Description("At that rate; absent while it is not known.")] double? SecondsLeft,
    [property: Description("Why the file was not read to its end, as the trailer says; only of a job that is stopped.")]
    string? Stopped,
    [property: Description("Why there is no answer; only of a job that failed.")] JobFailureResponse? Failure)
{
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static JobResponse Of(JobRecord job) => new(
        job.Id, job.Kind, job.Status, WholeMilliseconds(job.CreatedAt),
        job.EndedAt is { } endedAt ? WholeMilliseconds(endedAt) : null, job.Bytes, job.Checkpoint.BytesRead,
        job.Checkpoint.Rows, job.Checkpoint.Counts.Remove(FileCheckpoint.RowsCount), (long?)job.Speed?.Rows,
        job.Speed is { Bytes: > 0 } moving
            ? Math.Round((job.Bytes - job.Checkpoint.BytesRead) / moving.Bytes, 1)
            : null,
        job.Status is JobStatus.Stopped ? job.Checkpoint.Stopped : null,
        job.Failure is { } failure ? new(failure.Code, failure.Detail) : null);
}

/// <summary>Why a job has no answer.</summary>
internal sealed record JobFailureResponse(
    [property: Description("Stable, in kebab-case: one of the codes of errors.")] string Code,
    [property: Description("What can be done about it.")] string Detail);

internal sealed record JobList([property: Description("The latest first.")] IReadOnlyList<JobResponse> Jobs);
