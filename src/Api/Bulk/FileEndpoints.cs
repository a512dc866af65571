using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>Files of all kinds: the body streams in, the answer streams out.</summary>
internal sealed class FileEndpoints(IEnumerable<IFileWork> works, FileSlots slots, JobUploads uploads)
{
    public static void Map(LedgerRoutes routes)
    {
        FileEndpoints endpoints = routes.Endpoints<FileEndpoints>();
        endpoints.Map(routes, "/v1/scrubs", FileKind.Scrub, FileOperations.Scrub);
        endpoints.Map(routes, "/v1/carrier-files", FileKind.CarrierFile, FileOperations.Carrier);
        endpoints.Map(routes, "/v1/bindings/files", FileKind.BindingFile, FileOperations.Bindings);
    }

    private void Map(LedgerRoutes routes, string pattern, FileKind kind, Operation operation)
    {
        IFileWork work = works.Single(work => work.Kind == kind);
        string[] known = [.. operation.Parameters.Select(parameter => parameter.Name)];
        routes.Map(HttpMethods.Post, pattern, operation, (http, caller) => AnswerAsync(http, caller, work, known));
    }

    private async ValueTask<Reply> AnswerAsync(HttpContext http, Caller caller, IFileWork work, string[] known)
    {
        (FileOrder? order, ProblemReply? problem) = FileRequest.Read(http, caller, work.Kind, known);
        if (order is null) return problem!;

        var faults = new Faults();
        bool isAsync = FileRequest.IsAsync(http.Request, faults);
        if (faults.Any) return ProblemReply.Of(faults);

        if (slots.TryTake(caller.Party) is not { } slot) return ProblemReply.Of(ProblemCatalog.TooManyFiles);
        if (!isAsync) return new FileReply(work, order, slot);

        using (slot)
        {
            FileReply.Begin(http);
            await using Stream file = FileRequest.Unpacked(http.Request);
            return await uploads.AcceptAsync(http, caller.Party, order, file, http.RequestAborted);
        }
    }
}
