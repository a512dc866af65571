using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace NumberLedger.Api;

/// <summary>Errors as CAMARA has them: exactly three fields, on every answer under its addresses.</summary>
internal static class CamaraErrors
{
    public const string Prefix = "/number-recycling";

    /// <summary>Answers that say when to try again.</summary>
    public static bool IsForLater(int status) =>
        status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    public static bool IsTheirs(HttpContext http) =>
        http.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>One of our own problems in their words.</summary>
    public static CamaraReply<CamaraError> Of(ProblemKind kind) => kind.Status switch
    {
        StatusCodes.Status401Unauthorized => Of(401, "UNAUTHENTICATED", kind.Title),
        StatusCodes.Status403Forbidden => Of(403, "PERMISSION_DENIED", kind.Title),
        StatusCodes.Status404NotFound => Of(404, "NOT_FOUND", kind.Title),
        StatusCodes.Status405MethodNotAllowed => Of(405, "METHOD_NOT_ALLOWED", kind.Title),
        StatusCodes.Status415UnsupportedMediaType => Of(415, "UNSUPPORTED_MEDIA_TYPE", kind.Title),
        StatusCodes.Status429TooManyRequests => Of(429, "TOO_MANY_REQUESTS", kind.Title),
        StatusCodes.Status500InternalServerError => Of(500, "INTERNAL", kind.Title),
        StatusCodes.Status503ServiceUnavailable => Of(503, "UNAVAILABLE", kind.Title),
        _ => InvalidArgument(kind.Title),
    };

    public static CamaraReply<CamaraError> InvalidArgument(string message) => Of(400, "INVALID_ARGUMENT", message);

    public static CamaraReply<CamaraError> Of(int status, string code, string message) =>
        new(status, new CamaraError(status, code, message), Json.Types.CamaraError);
}

/// <summary>An error as CAMARA has it.</summary>
internal sealed record CamaraError(
    [property: Description("The HTTP status.")] int Status,
    [property: Description("Stable, in capitals: switch on this.")] string Code,
    [property: Description("For people. Never repeats a phone number.")] string Message);

/// <summary>An answer that carries the correlator.</summary>
internal sealed class CamaraReply<T>(int status, T value, JsonTypeInfo<T> type) : JsonReply<T>(status, value, type)
{
    protected override void SetHeaders(HttpContext http)
    {
        http.Response.Headers[Correlator.Header] = Correlator.Of(http);
        if (CamaraErrors.IsForLater(Status)) http.Response.Headers.RetryAfter = Limits.RetryAfterText;
    }
}

/// <summary>Names a request across systems: the caller's own name for it, or one that we make.</summary>
internal static partial class Correlator
{
    public const string Header = "x-correlator";

    public const string PatternText = @"^[a-zA-Z0-9\-_:;.\/<>{}]{0,256}$";

    public static bool IsMalformed(HttpContext http) =>
        http.Request.Headers.TryGetValue(Header, out StringValues sent) && !Pattern().IsMatch(sent.ToString());

    /// <summary>The caller's, if it is well-formed; otherwise a new one.</summary>
    public static string Of(HttpContext http)
    {
        string sent = http.Request.Headers[Header].ToString();
        return sent.Length > 0 && !IsMalformed(http)
            ? sent
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    [GeneratedRegex(PatternText, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
