using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NumberLedger.Cli;

/// <summary>Results go to standard output; progress, summaries and failures to standard error.</summary>
internal sealed class Screen
{
    /// <summary>A file has no width: what is searched for in it should stand in one line.</summary>
    private const int ColumnsOfFile = 400;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Screen(Lang lang, bool json)
    {
        (Lang, Json) = (lang, json);
        Progress = new LiveLine(Error);
    }

    /// <summary>For people who look at results.</summary>
    public IAnsiConsole Out { get; } = Open(Console.Out, Console.IsOutputRedirected);

    /// <summary>For people who wait.</summary>
    public IAnsiConsole Error { get; } = Open(Console.Error, Console.IsErrorRedirected);

    /// <summary>On standard error, while they wait.</summary>
    public LiveLine Progress { get; }

    public Lang Lang { get; }

    public bool Json { get; }

    /// <summary>
    /// Progress may be drawn: somebody watches, on what can place its cursor, and results do not go to the same place.
    /// </summary>
    public bool MayDraw(bool resultsToStandardOutput) =>
        !Console.IsErrorRedirected && Error.Profile.Capabilities.Ansi
        && (Console.IsOutputRedirected || !resultsToStandardOutput);

    /// <summary>Without borders, its columns a blank apart.</summary>
    public static Table NewTable(params IEnumerable<TableColumn> columns)
    {
        Table table = new Table().Border(TableBorder.None);
        // The library would keep room for a blank on either side, and break words for it.
        foreach (TableColumn column in columns) table.AddColumn(column.Padding(0, 0, 1, 0));
        return table;
    }

    /// <summary>There is room for it without breaking a line.</summary>
    public bool HasRoomFor(Table table) =>
        ((IRenderable)table).Measure(RenderOptions.Create(Out), int.MaxValue).Max <= Out.Profile.Width;

    public static TableColumn Head(string title) => new($"[bold]{Markup.Escape(title)}[/]");

    public static void WriteJson(JsonNode result) => Console.Out.WriteLine(result.ToJsonString(Plain));

    public void Note(string english, string chinese) =>
        Progress.Above(() => Console.Error.WriteLine($"{CommandLine.Program}: {Lang.Say(english, chinese)}"));

    public async Task FailAsync(CliFailure failure)
    {
        if (!Json)
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
