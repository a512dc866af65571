using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace NumberLedger.Api;

/// <summary>What a request says of its file: its type, that of the answer, and the query.</summary>
internal static class FileRequest
{
    public const string Purpose = "purpose";
    public const string Rule = "rule";
    public const string OnBehalfOf = "onBehalfOf";
    public const string DryRun = "dryRun";
    public const string CompleteThrough = "completeThrough";
    public const string Async = "async";

    public const string CsvType = "text/csv";
    public const string NdjsonType = "application/x-ndjson";

    private const string GzipCoding = "gzip";

    /// <summary>Judged in this order: query, type of the file, type of the answer, coding, agency.</summary>
    /// <returns>The order, or what is wrong with the request.</returns>
    public static (FileOrder? Order, ProblemReply? Problem) Read(
        HttpContext http, Caller caller, FileKind kind, IReadOnlyList<string> known)
    {
        HttpRequest request = http.Request;
        var faults = new Faults();
        Query.Judge(request, [Query.Region, .. known], faults);
        _ = Query.ReadRegion(request, faults);
        string? region = Value(request, Query.Region);
        Purposes purpose = ReadWord(request, Purpose, Purposes.Marketing, faults);
        RegistryRule rule = ReadWord(request, Rule, default(RegistryRule), faults, '-');
        bool dryRun = ReadFlag(request, DryRun, faults);
        DateOnly? completeThrough = ReadDay(request, CompleteThrough, faults);
        if (faults.Any) return (null, ProblemReply.Of(faults));

        if (TypeOf(request.ContentType) is not { } type)
        {
            return (null, ProblemReply.Of(ProblemCatalog.FileTypeUnsupported));
        }

        if (AcceptedType(request.Headers.Accept, type) is not { } answer)
        {
            return (null, ProblemReply.Of(ProblemCatalog.NotAcceptable));
        }

        if (!IsCodingKnown(request)) return (null, ProblemReply.Of(ProblemCatalog.EncodingUnsupported));

        string? onBehalfOf = Value(request, OnBehalfOf);
        if (caller.Role is PartyRole.Agency || !(onBehalfOf is null || onBehalfOf == caller.Party))
        {
            var notGranted = new Faults();
            notGranted.AddParameter(ProblemCatalog.NotGranted, OnBehalfOf);
            return (null, ProblemReply.Of(notGranted));
        }

        return (
            new FileOrder(
                kind, caller.Party, caller.KeyId, type, answer, region, purpose, rule == default ? null : rule, dryRun,
                completeThrough),
            null);
    }

    public static bool IsAsync(HttpRequest request, Faults faults) => ReadFlag(request, Async, faults);

    /// <summary>The file, unpacked.</summary>
    public static Stream Unpacked(HttpRequest request) =>
        CodingOf(request).Equals(GzipCoding, StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;

    /// <summary>Sets the headers of an answer, and packs it if that was asked for.</summary>
    public static Stream Packed(HttpContext http, FileFormat format)
    {
        HttpResponse response = http.Response;
        response.ContentType = (format is FileFormat.Csv ? CsvType : NdjsonType) + "; charset=utf-8";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (!AcceptsGzip(http.Request)) return response.Body;

        response.Headers.ContentEncoding = GzipCoding;
        return new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    private static FileFormat? TypeOf(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)) return null;
        if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset)
            .Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return null;

        return FormatOf(type);
    }

    private static FileFormat? FormatOf(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(CsvType, StringComparison.OrdinalIgnoreCase) ? FileFormat.Csv
        : type.MediaType.Equals(NdjsonType, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase) ? FileFormat.Ndjson
        : null;

    /// <summary>The file's own type if it is accepted, or else the other one.</summary>
    private static FileFormat? AcceptedType(StringValues accept, FileFormat own)
    {
        if (StringValues.IsNullOrEmpty(accept)) return own;
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? types)) return null;

        MediaTypeHeaderValue[] accepted = [.. types.Where(type => type.Quality is not 0)];
        FileFormat[] named = [.. accepted.Select(FormatOf).OfType<FileFormat>()];
        if (named.Contains(own)) return own;
        if (named.Length > 0) return named[0];

        bool any = accepted.Any(type =>
            type.MatchesAllTypes
            || (type.MatchesAllSubTypes && type.Type == (own is FileFormat.Csv ? "text" : "application")));
        return any ? own : null;
    }

    private static bool IsCodingKnown(HttpRequest request) =>
        CodingOf(request) is var coding
        && (coding.Length == 0 || coding.Equals(GzipCoding, StringComparison.OrdinalIgnoreCase)
            || coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static string CodingOf(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim();

    private static bool AcceptsGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(
            request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? codings)
        && codings.Any(coding =>
            coding.Quality is not 0 && coding.Value.Equals(GzipCoding, StringComparison.OrdinalIgnoreCase));

    private static string? Value(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    private static T ReadWord<T>(HttpRequest request, string name, T absent, Faults faults, char joint = '_')
        where T : struct, Enum
    {
        if (Value(request, name) is not { } text) return absent;
        string[] known = [.. Words<T>.All.Select(known => known.Replace('_', joint))];
        if (known.Contains(text) && Words<T>.TryParse(text.Replace(joint, '_'), out T word)) return word;

        faults.AddParameter(ProblemCatalog.ParameterMalformed, name, $"One of: {string.Join(", ", known)}.");
        return absent;
    }

    private static bool ReadFlag(HttpRequest request, string name, Faults faults)
    {
        if (Value(request, name) is not { } text) return false;
        if (text is "true" or "false") return text == "true";

        faults.AddParameter(ProblemCatalog.ParameterMalformed, name, "One of: true, false.");
        return false;
    }

    private static DateOnly? ReadDay(HttpRequest request, string name, Faults faults)
    {
        if (Value(request, name) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out DateOnly day))
        {
            return day;
        }

        faults.AddParameter(ProblemCatalog.ParameterMalformed, name, "Write it as year-month-day: 2026-03-01.");
        return null;
    }
}
