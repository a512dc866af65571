using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Api;

/// <summary>An error as RFC 9457 has it. docs/reference/errors.md lists every code.</summary>
internal sealed record ProblemBody(
    [property: Description("Stable name of the kind of problem: urn:numberledger:problem: and the code.")] string Type,
    [property: Description("The kind of problem in words.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("Stable, in kebab-case: switch on this.")] string Code,
    [property: Description("What can be done about it. Never repeats a phone number.")] string Detail,
    [property: Description("Names this request in the operator's traces and logs.")] string? TraceId,
    [property: Description("Where in the request, if it is in the request.")] IReadOnlyList<ProblemError>? Errors)
{
    public static ProblemBody Of(ProblemKind kind, string? detail = null, string? traceId = null) =>
        new(kind.Type, kind.Title, kind.Status, kind.Code, detail ?? kind.Remedy, traceId, null);

    /// <summary>For the OpenAPI document.</summary>
    public JsonNode ToNode() => JsonSerializer.SerializeToNode(this, Json.Types.ProblemBody)!;

    public static ProblemBody Of(Faults faults, string? traceId = null)
    {
        Fault decisive = faults.Decisive;
        return Of(decisive.Kind, decisive.Detail, traceId) with
        {
            Errors =
            [
                .. faults.List.Select(fault =>
                    new ProblemError(fault.Pointer, fault.Parameter, fault.Kind.Code, fault.Detail)),
            ],
        };
    }
}

/// <summary>One place in the request.</summary>
internal sealed record ProblemError(
    [property: Description("JSON pointer (RFC 6901) into the body.")] string? Pointer,
    [property: Description("Name of the query parameter.")] string? Parameter,
    [property: Description("Stable, in kebab-case.")] string Code,
    [property: Description("What is expected there.")] string Detail);
