using System.CommandLine;

namespace NumberLedger.Silo;

/// <summary><c>serve</c>: runs the ledger until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int CannotStart = 5;

    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where the API listens.",
            DefaultValueFactory = _ => ServeOptions.DefaultUrl,
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder with the ledger; made if it is not there.",
            DefaultValueFactory = _ => ServeOptions.DefaultData,
        };
        var keysOut = new Option<string?>("--keys-out")
        {
            Description = "Where the first start writes the keys of the demo parties. [default: keys.json in the data folder]",
        };
        var command = new Command(
            "serve", "Run the ledger: store, grains and API in one process.") { urls, data, keysOut };
        command.SetAction((parsed, cancellationToken) =>
        {
            string folder = parsed.GetRequiredValue(data);
            return RunAsync(
                new ServeOptions(
                    parsed.GetRequiredValue(urls), folder,
                    parsed.GetValue(keysOut) ?? ServeOptions.DefaultKeysOut(folder)),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        bool started = false;
        try
        {
            // Orleans' watchdog starts one thread before it sets the time that the thread compares with: the first
            // warning may tell the machine's uptime as a stall. Those after the start are meant.
            await using WebApplication app = LedgerHost.Build(
                options,
                builder => builder.Logging.AddFilter(
                    "Orleans.Runtime.Watchdog", level => level >= (started ? LogLevel.Warning : LogLevel.Error)));
            await app.StartAsync(cancellationToken);
            started = true;
            Announce(app, options);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception cause) when (cause is StartException or StoreUnavailableException or IOException)
        {
            await Console.Error.WriteLineAsync($"numberledger: {cause.Message}");
            return CannotStart;
        }
    }

    private static void Announce(WebApplication app, ServeOptions options)
    {
        string url = app.Urls.First();
        Console.WriteLine($"NumberLedger serves at {url}");
        Console.WriteLine($"  documentation  {url}/docs");
        Console.WriteLine($"  OpenAPI 3.1    {url}/openapi/v1.json");
        Console.WriteLine($"  health         {url}/health/live  {url}/health/ready");
        Console.WriteLine($"  data           {Path.GetFullPath(options.Data)}");
        bool fresh = app.Services.GetRequiredService<FirstStart>().MadeKeys;
        string remark = fresh ? "  (lender, carrier, operator; made now, told only there)" : "";
        Console.WriteLine($"  keys           {Path.GetFullPath(options.KeysOut)}{remark}");
        if (app.Services.GetRequiredService<ILedgerStore>().Degraded is { } reason)
        {
            Console.Error.WriteLine($"numberledger: degraded, and not ready. {reason}");
        }
    }
}
