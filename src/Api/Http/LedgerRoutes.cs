using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace NumberLedger.Api;

/// <summary>Maps an operation to its address: what is done for every request, in one place.</summary>
/// <remarks>
/// In order: the gate lets the caller in, that of a check by the registry as it is known, which is validated before the
/// answer is given; query; media type, size and shape of the body; values; the idempotency key of a write; the handler.
/// Handlers are plain delegates: nothing is bound by reflection, and nothing is resolved per request.
/// </remarks>
internal sealed class LedgerRoutes(IEndpointRouteBuilder routes)
{
    private readonly Gate _gate = routes.ServiceProvider.GetRequiredService<Gate>();
    private readonly IdempotentRequests _idempotent = routes.ServiceProvider.GetRequiredService<IdempotentRequests>();

    /// <summary>A feature's handlers.</summary>
    public T Endpoints<T>()
        where T : class => routes.ServiceProvider.GetRequiredService<T>();

    public void Post<T>(string pattern, Operation operation, Shape<T> shape, Func<Call, T, ValueTask<Reply>> handle)
        where T : class
    {
        string[] known = operation.TakesRegion ? [Query.Region] : [];
        Map(
            HttpMethods.Post, pattern, operation with { Body = shape },
            (http, caller) => AnswerAsync(http, caller, operation, known, shape, handle));
    }

    public void Get(string pattern, Operation operation, Func<Call, ValueTask<Reply>> handle)
    {
        string[] known =
            [.. operation.Parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name)];
        Map(HttpMethods.Get, pattern, operation, async (http, caller) =>
        {
            var faults = new Faults();
            Query.Judge(http.Request, known, faults);
            return faults.Any
                ? ProblemReply.Of(faults)
                : await handle(new Call(http, caller, Commands.None));
        });
    }

    public void Delete(string pattern, Operation operation, Func<Call, ValueTask<Reply>> handle) =>
        Map(HttpMethods.Delete, pattern, operation, (http, caller) =>
        {
            var faults = new Faults();
            Query.Judge(http.Request, [], faults);
            if (faults.Any) return new(ProblemReply.Of(faults));

            return _idempotent.OnceAsync(
                http, caller, [], operation.AnswersAreSecret, commands => handle(new Call(http, caller, commands)));
        });

    /// <summary>For what is read and answered in another way than ours.</summary>
    public void Map(
        string method, string pattern, Operation operation, Func<HttpContext, Caller, ValueTask<Reply>> answer)
    {
        string scope = operation.Scope!;
        Endpoint(method, pattern, operation, async http =>
        {
            using Admission admission = operation.IsCheck
                ? await _gate.AdmitForAnswerAsync(http, scope)
                : await _gate.AdmitAsync(http, scope);
            Reply reply = admission.Caller is { } caller
                ? await answer(http, caller)
                : ProblemMiddleware.ReplyOf(http, admission.Problem!);
            if (admission.Known is { } known && await _gate.ObjectionAsync(http, scope, known) is { } objection)
            {
                reply = ProblemMiddleware.ReplyOf(http, objection);
            }

            await reply.SendAsync(http);
        });
    }

    /// <summary>Without a credential, and before everything that could stand in the way. Also for HEAD.</summary>
    public void MapOpen(string pattern, Operation operation, Func<Reply> answer)
    {
        RequestDelegate handle = http => answer().SendAsync(http); // To HEAD the server sends no body.
        Endpoint(HttpMethods.Get, pattern, operation, handle).ShortCircuit();
        routes.MapMethods(pattern, [HttpMethods.Head], handle).ShortCircuit();
    }

    /// <remarks>With the method among its metadata, an endpoint is listed in the OpenAPI document.</remarks>
    private IEndpointConventionBuilder Endpoint(
        string method, string pattern, Operation operation, RequestDelegate handle) =>
        routes.MapMethods(pattern, [method], handle)
            .WithName(operation.Id)
            .WithMetadata([handle.Method, operation, .. AnswersOf(operation)]);

    /// <summary>From these the OpenAPI document has its schemas of answers.</summary>
    private static IEnumerable<ProducesResponseTypeMetadata> AnswersOf(Operation operation) =>
    [
        .. operation.Answers.Select(answer => answer switch
        {
            { Body: { } type } => new ProducesResponseTypeMetadata(answer.Status, type, ["application/json"]),
            { File: not null } => new ProducesResponseTypeMetadata(
                answer.Status, typeof(string), [FileRequest.CsvType, FileRequest.NdjsonType]),
            { Text: { } text } => new ProducesResponseTypeMetadata(answer.Status, typeof(string), [text.MediaType]),
            _ => new ProducesResponseTypeMetadata(answer.Status),
        }),
        .. OperationProblems.Of(operation).DistinctBy(kind => kind.Status)
            .Select(kind => new ProducesResponseTypeMetadata(
                kind.Status, typeof(ProblemBody), [ProblemReply.MediaType])),
    ];

    private async ValueTask<Reply> AnswerAsync<T>(
        HttpContext http, Caller caller, Operation operation, string[] knownParameters, Shape<T> shape,
        Func<Call, T, ValueTask<Reply>> handle)
        where T : class
    {
        var faults = new Faults();
        Query.Judge(http.Request, knownParameters, faults);
        NumberReader numbers = Query.ReadRegion(http.Request, faults);
        if (faults.Any) return ProblemReply.Of(faults);

        (Body? body, ProblemReply? problem) = await Body.ReadAsync(http, operation.BodyBytesMax);
        if (body is null) return problem!;

        using (body)
        {
            T? request = body.Read(shape, faults, numbers);
            if (faults.Any) return ProblemReply.Of(faults);

            if (!operation.IsWrite) return await handle(new Call(http, caller, Commands.None), request!);

            return await _idempotent.OnceAsync(
                http, caller, body.Bytes, operation.AnswersAreSecret,
                commands => handle(new Call(http, caller, commands), request!));
        }
    }
}
