using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>The ledger's no, as RFC 9457 has it; see docs/reference/errors.md.</summary>
internal static class Problem
{
    /// <summary>Ours are under 8 KiB.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>What a user is told, and with what the program ends.</summary>
    /// <param name="body">Whatever came; a proxy on the way may answer in HTML.</param>
    public static CliFailure Failure(Lang lang, int status, string body)
    {
        int exitCode = status is 429 or >= 500 ? ExitCodes.Unavailable : ExitCodes.Failed;
        if (Read(body) is not { } problem || TextOf(problem, "code") is not { } code)
        {
            return new CliFailure(exitCode, lang.Say(
                $"The server answered {status}, and not as a ledger does. Is --server right?",
                $"服务器回答了 {status}，但不像是账本的回答。--server 写对了吗？"));
        }

        string title = ProblemWords.Title(code, lang) ?? TextOf(problem, "title") ?? "";
        string detail = ProblemWords.Remedy(code, lang, TextOf(problem, "detail") ?? "");
        string told = Lang.Join(new[] { title, detail }.Distinct());
        string trace = status >= 500 && TextOf(problem, "traceId") is { } id ? $" (traceId {id})" : "";
        return new CliFailure(exitCode, Lang.Join(told, $"[{code}]{trace}"), code);
    }

    private static JsonObject? Read(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonObject problem, string name) =>
        problem[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
