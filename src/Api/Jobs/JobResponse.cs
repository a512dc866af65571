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

    public static JobResponse Of(FileJob job)
    {
        // In this order: what ends meanwhile is told as running, with all of its counts, rather than as ended without.
        JobStatus status = job.Status;
        JobRecord record = job.Record;
        FileCheckpoint at = job.Checkpoint;
        (double Rows, double Bytes)? rate = status is JobStatus.Running ? job.Rate : null;
        return new(
            record.Id, record.Kind, status, WholeMilliseconds(record.CreatedAt),
            record.EndedAt is { } endedAt ? WholeMilliseconds(endedAt) : null, record.Bytes, at.BytesRead, at.Rows,
            at.Counts.Remove(FileCheckpoint.RowsCount),
            rate is { } known ? (long)known.Rows : null,
            rate is { Bytes: > 0 } moving ? Math.Round((record.Bytes - at.BytesRead) / moving.Bytes, 1) : null,
            status is JobStatus.Stopped ? at.Stopped : null,
            record.Failure is { } failure ? new(failure.Code, failure.Detail) : null);
    }
}

/// <summary>Why a job has no answer.</summary>
internal sealed record JobFailureResponse(
    [property: Description("Stable, in kebab-case: one of the codes of errors.")] string Code,
    [property: Description("What can be done about it.")] string Detail);

internal sealed record JobList([property: Description("The latest first.")] IReadOnlyList<JobResponse> Jobs);
