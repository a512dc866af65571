using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>For whoever starts, watches and replaces processes.</summary>
internal sealed class HealthEndpoints(IEnumerable<IReadiness> parts)
{
    private static readonly JsonReply<HealthResponse> Ok = new(
        StatusCodes.Status200OK, new HealthResponse("ok"), Json.Types.HealthResponse);

    public static readonly Operation Live = new(
        "getLive", "Health", "Does the process run?", "200 as long as it can answer at all: restart it if not.")
    {
        Answers = [new(200, "It runs.", typeof(HealthResponse), """{"status":"ok"}""")],
    };

    public static readonly Operation Ready = new(
        "getReady", "Health", "Does the process serve?", "Send it no traffic while this is 503; detail says why.")
    {
        Answers = [new(200, "It serves.", typeof(HealthResponse), """{"status":"ok"}""")],
        Problems = [ProblemCatalog.NotReady],
    };

    public static void Map(LedgerRoutes routes)
    {
        HealthEndpoints endpoints = routes.Endpoints<HealthEndpoints>();
        routes.MapOpen("/health/live", Live, static () => Ok);
        routes.MapOpen("/health/ready", Ready, endpoints.Judge);
    }

    private Reply Judge()
    {
        foreach (IReadiness part in parts)
        {
            if (part.WhyNotReady is { } reason) return ProblemReply.Of(ProblemCatalog.NotReady, reason);
        }

        return Ok;
    }
}

/// <summary>All is well.</summary>
internal sealed record HealthResponse([property: Description("Always ok.")] string Status);
