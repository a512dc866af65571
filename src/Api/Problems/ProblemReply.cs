using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>A no, as RFC 9457 has it.</summary>
internal sealed class ProblemReply(ProblemKind kind, ProblemBody body)
    : JsonReply<ProblemBody>(body.Status, body, Json.Types.ProblemBody)
{
    public const string MediaType = "application/problem+json";

    public ProblemKind Kind => kind;

    public override string ContentType => MediaType + "; charset=utf-8";

    public static ProblemReply Of(ProblemKind kind, string? detail = null) =>
        new(kind, ProblemBody.Of(kind, detail, TraceId()));

    public static ProblemReply Of(Faults faults) => new(faults.Decisive.Kind, ProblemBody.Of(faults, TraceId()));

    public static ProblemReply Of(Refusal refusal) => Of(ProblemCatalog.Of(refusal));

    /// <summary>A no that comes from one member of the body.</summary>
    public static ProblemReply At(ProblemKind kind, string pointer, string? detail = null)
    {
        var faults = new Faults();
        faults.Add(kind, pointer, detail);
        return Of(faults);
    }

    /// <summary>A refusal of what one member of the body names.</summary>
    public static ProblemReply OfReference(Refusal refusal, string pointer) =>
        At(ProblemCatalog.OfReference(refusal), pointer);

    /// <summary>Of the request under way; null outside of one.</summary>
    public static string? TraceId() => Activity.Current?.TraceId.ToHexString();

    protected override void SetHeaders(HttpContext http)
    {
        if (kind.Retry is Retry.Later) http.Response.Headers.RetryAfter = Limits.RetryAfterText;
    }
}
