using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary>Results go to standard output; progress, summaries and failures to standard error.</summary>
internal sealed class Screen(Lang lang, bool json)
{
    /// <summary>A file has no width: what is searched for in it should stand in one line.</summary>
    private const int ColumnsOfFile = 400;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>For people who look at results.</summary>
    public IAnsiConsole Out { get; } = Open(Console.Out, Console.IsOutputRedirected);

    /// <summary>For people who wait.</summary>
    public IAnsiConsole Error { get; } = Open(Console.Error, Console.IsErrorRedirected);

    public Lang Lang => lang;

    public bool Json => json;

    /// <summary>Progress may be drawn: somebody watches, and results do not go to the same place.</summary>
    public static bool MayDraw(bool resultsToStandardOutput) =>
        !Console.IsErrorRedirected && (Console.IsOutputRedirected || !resultsToStandardOutput);

    public static void WriteJson(JsonNode result) => Console.Out.WriteLine(result.ToJsonString(Plain));

    public void Note(string english, string chinese) =>
        Console.Error.WriteLine($"{CommandLine.Program}: {lang.Say(english, chinese)}");

    public async Task FailAsync(CliFailure failure)
    {
        if (!json)
        {
            await TryTellAsync($"{CommandLine.Program}: {failure.Message}");
            return;
        }

        var told = new JsonObject { ["error"] = failure.Message, ["exitCode"] = failure.ExitCode };
        if (failure.Code is { } code) told["code"] = code;
        await TryTellAsync(told.ToJsonString(Plain));
    }

    /// <summary>On standard error, if that takes it: what it is about has its exit code anyway.</summary>
    public static async Task TryTellAsync(string line)
    {
        try
        {
            await Console.Error.WriteLineAsync(line);
        }
        catch (IOException)
        {
            // Its disk is full.
        }
    }

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected) console.Profile.Width = ColumnsOfFile;
        return console;
    }

    public static void WriteJsonToError(JsonNode result) => Console.Error.WriteLine(result.ToJsonString(Plain));
}
