using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace NumberLedger.Api;

/// <summary>What files are called on the wire.</summary>
internal static class FileTypes
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    private const string ScrubExample = """
        number,name,verdict,reason,advisories,as_of
        +8613800001234,Li,deny,reassigned,,861380000:42
        #end,rows=1,allow=0,deny=1,unknown=0,bad=0,reason.reassigned=1,sha256=4f0c...

        """;
    private const string ScrubNdjsonExample = """
        {"number":"+8613800001234","name":"Li","verdict":"deny","reasons":["reassigned"],"advisories":[],"as_of":"861380000:42"}
        {"end":{"rows":1,"allow":0,"deny":1,"unknown":0,"bad":0,"reasons":{"reassigned":1},"sha256":"4f0c..."}}

        """;
    private const string RejectExample = """
        line,code,remedy,row
        17,number-too-short,Look for missing digits.,"e17,disconnected,+86138,2026-08-01"
        #end,rows=40,recorded=39,duplicate=0,refused=1,code.number-too-short=1,sha256=4f0c...

        """;
    private const string RejectNdjsonExample = """
        {"line":17,"code":"number-too-short","remedy":"Look for missing digits.","row":"e17,disconnected,+86138,2026-08-01"}
        {"end":{"rows":40,"recorded":39,"duplicate":0,"refused":1,"codes":{"number-too-short":1},"sha256":"4f0c..."}}

        """;

    public static string Of(FileFormat format) => (format is FileFormat.Csv ? Csv : Ndjson) + "; charset=utf-8";

    /// <summary>Of a file's name.</summary>
    public static string Extension(FileFormat format) => format is FileFormat.Csv ? "csv" : "ndjson";

    /// <summary>Whether the answer may be compressed.</summary>
    public static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptEncoding!], out var accepted)
        && accepted.Any(coding => coding.Quality is not 0 && coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));

    public static Operation.Answer AnswerOf(FileKind kind) => new(200, "The answer; its last line is the trailer.")
    {
        Texts = new Dictionary<string, string>
        {
            [Csv] = kind is FileKind.Scrub ? ScrubExample : RejectExample,
            [Ndjson] = kind is FileKind.Scrub ? ScrubNdjsonExample : RejectNdjsonExample,
        },
    };
}
