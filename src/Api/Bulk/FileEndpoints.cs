using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>Files of all kinds: the body streams in, the answer streams out.</summary>
internal sealed class FileEndpoints(IEnumerable<IFileWork> works, FileSlots slots)
{
    public static void Map(LedgerRoutes routes)
    {
        FileEndpoints endpoints = routes.Endpoints<FileEndpoints>();
        endpoints.Map(routes, "/v1/scrubs", FileKind.Scrub, FileOperations.Scrub);
    }

    private void Map(LedgerRoutes routes, string pattern, FileKind kind, Operation operation)
    {
        IFileWork work = works.Single(work => work.Kind == kind);
        string[] known = [.. operation.Parameters.Select(parameter => parameter.Name)];
        routes.Map(HttpMethods.Post, pattern, operation, (http, caller) => new(Answer(http, caller, work, known)));
    }

    private Reply Answer(HttpContext http, Caller caller, IFileWork work, string[] known)
    {
        (FileOrder? order, ProblemReply? problem) = FileRequest.Read(http, caller, work.Kind, known);
        if (order is null) return problem!;

        return slots.TryTake(caller.Party) is { } slot
            ? new FileReply(work, order, slot)
            : ProblemReply.Of(ProblemCatalog.TooManyFiles);
    }
}
