using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using StackExchange.Redis;

namespace NumberLedger.Silo;

/// <summary><c>serve</c>: runs the ledger until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int CannotStart = 5;

    /// <summary>A silo that runs is found sooner.</summary>
    private static readonly TimeSpan SilentMax = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where the API listens.",
            DefaultValueFactory = _ => ServeOptions.DefaultUrl,
        };
        urls.Validators.Add(result =>
        {
            // Uri knows ports up to 65535 only.
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? url)
                || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            {
                result.AddError($"--urls takes one address, such as {ServeOptions.DefaultUrl}.");
            }
        });
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
            TryAddress(options.Url); // Before anything is made that a failed start would leave behind.
            // Until it serves, what the frameworks have to say is noise: why a start fails is told below, in one line,
            // and Orleans' watchdog may take the machine's uptime for a stall, because it starts its thread before it
            // sets the time that the thread compares with.
            await using WebApplication app = LedgerHost.Build(options, builder => builder.Logging
                .AddFilter("Microsoft.Extensions.Hosting", level => started && level >= LogLevel.Warning)
                .AddFilter("Orleans", level => started && level >= LogLevel.Warning)
                .AddFilter("Orleans.Runtime.Silo", level => started && level >= LogLevel.Error));
            await StartAsync(app, options, cancellationToken);
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

    /// <exception cref="StartException">Its address is taken, or it does not find its cluster.</exception>
    private static async Task StartAsync(
        WebApplication app, ServeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            Task start = app.StartAsync(cancellationToken);
            if (ClusterSetting.Of(app.Configuration) is { Role: ProcessRole.Api } cluster
                && await Task.WhenAny(start, Task.Delay(SilentMax, CancellationToken.None)) != start)
            {
                await Console.Error.WriteLineAsync(
                    $"numberledger: No silo is found yet in Redis at {cluster.Places}, which the setting "
                    + $"{ClusterSetting.MembersName} names. Start Redis, or a process of the role silo or all, if there is none; "
                    + "this one goes on looking.");
            }

            await start;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw Taken(options.Url, taken);
        }
        catch (RedisException away)
        {
            // Its own message is a page of counters.
            throw new StartException(
                $"Redis cannot be reached at {ClusterSetting.Of(app.Configuration)?.Places}, which the setting "
                + $"{ClusterSetting.MembersName} names. Without it nobody joins a cluster: start Redis, and this again.",
                away);
        }
    }

    /// <exception cref="StartException">Nobody could listen there.</exception>
    private static void TryAddress(string url)
    {
        var address = new Uri(url);
        bool isName = !IPAddress.TryParse(address.DnsSafeHost, out IPAddress? host);
        host ??= IPAddress.Loopback;
        try
        {
            using var probe = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(host, address.Port));
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw Taken(url, taken);
        }
        catch (SocketException cause) when (!isName)
        {
            throw new StartException(
                $"Nobody can listen at {url} here: {cause.Message}. Give another address: --urls.", cause);
        }
        catch (SocketException)
        {
            // Behind a name there are several addresses, of which the server may need but one.
        }
    }

    private static StartException Taken(string url, Exception cause) => new(
        $"Another process listens at {url}. Stop that one, or give this one another address: --urls.", cause);

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
        if (File.Exists(options.KeysOut))
        {
            Console.WriteLine($"  keys           {Path.GetFullPath(options.KeysOut)}{remark}");
        }

        if (app.Services.GetRequiredService<ILedgerStore>().Degraded is { } reason)
        {
            Console.Error.WriteLine($"numberledger: degraded, and not ready. {reason}");
        }
    }
}
