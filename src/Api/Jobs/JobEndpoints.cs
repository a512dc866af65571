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
            routes.Get(path, operations.List, call => endpoints.ListAsync(call, kind));
            routes.Get(path + "/{id}", operations.Get, call => endpoints.GetAsync(call, kind));
            routes.Get(path + "/{id}/events", operations.Events, call => endpoints.EventsAsync(call, kind));
            routes.Get(path + "/{id}/results", operations.Results, call => endpoints.ResultsAsync(call, kind));
            routes.Delete(path + "/{id}", operations.Delete, call => endpoints.DeleteAsync(call, kind));
        }
    }

    private async ValueTask<Reply> ListAsync(Call call, FileKind kind)
    {
        IEnumerable<JobRecord> records =
            from job in await jobs.OfAsync(call.Caller.Party, call.Http.RequestAborted)
            let record = job.Record
            where record.HasArrived && record.Kind == kind
            orderby record.CreatedAt descending, record.Id
            select record;
        return new JsonReply<JobList>(
            StatusCodes.Status200OK, new([.. records.Select(JobResponse.Of)]), Json.Types.JobList);
    }

    private async ValueTask<Reply> GetAsync(Call call, FileKind kind) => await FindAsync(call, kind) is { } job
        ? new JsonReply<JobResponse>(StatusCodes.Status200OK, JobResponse.Of(job.Record), Json.Types.JobResponse)
        : ProblemReply.Of(ProblemCatalog.JobUnknown);

    private async ValueTask<Reply> EventsAsync(Call call, FileKind kind) => await FindAsync(call, kind) is { } job
        ? new JobEvents(job, jobs, time, process.ApplicationStopping)
        : ProblemReply.Of(ProblemCatalog.JobUnknown);

    private async ValueTask<Reply> ResultsAsync(Call call, FileKind kind)
    {
        if (await FindAsync(call, kind) is not { Record: var job }) return ProblemReply.Of(ProblemCatalog.JobUnknown);
        if (!job.HasEnded) return ProblemReply.Of(ProblemCatalog.JobUnfinished);
        if (job.Status is JobStatus.Failed) return ProblemReply.Of(ProblemCatalog.JobFailed);

        return new JobResults(job, await files.OpenOutputAsync(job, call.Http.RequestAborted));
    }

    private async ValueTask<Reply> DeleteAsync(Call call, FileKind kind)
    {
        if (await FindAsync(call, kind) is not { } job) return ProblemReply.Of(ProblemCatalog.JobUnknown);

        await jobs.DeleteAsync(job.Id, CancellationToken.None);
        return EmptyReply.NoContent;
    }

    private Task<Job?> FindAsync(Call call, FileKind kind) => jobs.FindAsync(
        call.Caller.Party, kind, (string)call.Http.Request.RouteValues["id"]!, call.Http.RequestAborted);
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
