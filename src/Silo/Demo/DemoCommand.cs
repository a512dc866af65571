using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NumberLedger.Silo;

/// <summary><c>demo</c>: the whole loop on the sample data, in a fresh folder, through the HTTP API.</summary>
internal static class DemoCommand
{
    private const int Failed = 1;
    private const string ChineseTag = "zh-CN";

    public static Command Create()
    {
        var lang = new Option<string>("--lang") { Description = "en or zh-CN.", DefaultValueFactory = _ => "en" };
        lang.AcceptOnlyFromAmong("en", ChineseTag);
        var command = new Command("demo", "Show the ledger at work on the sample data, then stop.") { lang };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(lang) == ChineseTag ? DemoWords.Chinese : DemoWords.English, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DemoWords words, CancellationToken cancellationToken)
    {
        try
        {
            await ShowAsync(words, cancellationToken);
            return 0;
        }
        catch (Exception cause)
            when (cause is StartException or StoreUnavailableException or IOException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"numberledger: {cause.Message}");
            return Failed;
        }
    }

    private static async Task ShowAsync(DemoWords words, CancellationToken cancellationToken)
    {
        var report = new DemoReport(AnsiConsole.Console, words);
        report.Begin();
        string data = Directory.CreateTempSubdirectory("numberledger-demo-").FullName;
        var options = new ServeOptions("http://127.0.0.1:0", data, ServeOptions.DefaultKeysOut(data));
        await using WebApplication app = LedgerHost.Build(
            options, builder => builder.Logging.SetMinimumLevel(LogLevel.Error));
        await app.StartAsync(cancellationToken);

        JsonNode keys = JsonNode.Parse(await File.ReadAllTextAsync(options.KeysOut, cancellationToken))!;
        using var load = new DemoLoad(Path.Combine(AppContext.BaseDirectory, "samples"), app.Urls.First(), keys);
        var clock = Stopwatch.StartNew();
        report.Loaded(await load.RunAsync(cancellationToken), clock.Elapsed);

        clock.Restart();
        string results = Path.Combine(data, "campaign-results.csv");
        List<CampaignAnswer> answers = await DemoCampaign.CheckAsync(load, results, cancellationToken);
        report.Answers(answers, clock.Elapsed);

        // One that stood on a stored binding: its consent is in the ledger, and can be told.
        CampaignAnswer prevented = answers.First(
            answer => answer.Reasons is ["reassigned"] && answer.Line[2].Length == 0);
        report.Story(prevented, await load.HistoryAsync(prevented.Line[0], cancellationToken));
        report.Ending(results, $"./run serve --data {data}");
        await app.StopAsync(cancellationToken);
    }
}
