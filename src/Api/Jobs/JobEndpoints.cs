using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace NumberLedger.Api;

/// <summary>What a party can do with its jobs: the same for files of all kinds.</summary>
internal sealed class JobEndpoints(Jobs jobs, JobFiles files, TimeProvider time, IHostApplicationLifetime process)
{
    public static void Map(LedgerRoutes routes)
    {
        JobEndpoints endpoints = routes.Endpoints<JobEndpoints>();
        foreach (FileKind kind in Enum.GetValues<FileKind>())
        {
            string path = JobPaths.Of(kind);
            var operations = JobOperations.Of(kind);
            routes.Get(path, operations.List, call => endpoints.List(call, kind));
            routes.Get(path + "/{id}", operations.Get, call => endpoints.Get(call, kind));
            routes.Get(path + "/{id}/events", operations.Events, call => endpoints.Events(call, kind));
            routes.Get(path + "/{id}/results", operations.Results, call => endpoints.ResultsAsync(call, kind));
            routes.Delete(path + "/{id}", operations.Delete, call => endpoints.DeleteAsync(call, kind));
        }
    }

    private ValueTask<Reply> List(Call call, FileKind kind) => new(new JsonReply<JobList>(
        StatusCodes.Status200OK, new([.. jobs.Of(call.Caller.Party, kind).Select(JobResponse.Of)]),
        Json.Types.JobList));

    private ValueTask<Reply> Get(Call call, FileKind kind) => new(Find(call, kind) is { } job
        ? new JsonReply<JobResponse>(StatusCodes.Status200OK, JobResponse.Of(job), Json.Types.JobResponse)
        : ProblemReply.Of(ProblemCatalog.JobUnknown));

    private ValueTask<Reply> Events(Call call, FileKind kind) => new(Find(call, kind) is { } job
        ? new JobEvents(job, time, process.ApplicationStopping)
        : ProblemReply.Of(ProblemCatalog.JobUnknown));

    private async ValueTask<Reply> ResultsAsync(Call call, FileKind kind)
    {
        if (Find(call, kind) is not { } job) return ProblemReply.Of(ProblemCatalog.JobUnknown);
        if (!job.Record.HasEnded) return ProblemReply.Of(ProblemCatalog.JobUnfinished);
        if (job.Record.Status is JobStatus.Failed) return ProblemReply.Of(ProblemCatalog.JobFailed);

        return new JobResults(job, await files.OpenOutputAsync(job.Id, call.Http.RequestAborted));
    }

    private async ValueTask<Reply> DeleteAsync(Call call, FileKind kind)
    {
        if (Find(call, kind) is not { } job) return ProblemReply.Of(ProblemCatalog.JobUnknown);

        await jobs.DeleteAsync(job, CancellationToken.None);
        return EmptyReply.NoContent;
    }

    private FileJob? Find(Call call, FileKind kind) =>
        jobs.Find(call.Caller.Party, kind, (string)call.Http.Request.RouteValues["id"]!);
}

internal static class JobPaths
{
    /// <summary>Where files of the kind are sent to, and their jobs found.</summary>
    public static string Of(FileKind kind) => kind switch
    {
        FileKind.Scrub => "/v1/scrubs",
        FileKind.CarrierFile => "/v1/carrier-files",
        _ => "/v1/bindings/files",
    };
}
