using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NumberLedger.Api;
using NumberLedger.Grains;
using NumberLedger.Stores;
using Orleans.Configuration;

namespace NumberLedger.Silo;

/// <summary>The composition root: one process that is store, silo and API.</summary>
public static class LedgerHost
{
    /// <summary>Configuration, bytes: how much memory the indexes of blocks may take, all together.</summary>
    private const string IndexBytesMax = "Ledger:IndexBytesMax";

    /// <exception cref="StartException">There is no usable master key, or a setting that cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">The folder is in use or cannot be used.</exception>
    public static WebApplication Build(ServeOptions options, Action<WebApplicationBuilder>? customize = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.UseLedgerLimits());
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // It warns of workstation GC, which is meant: see Directory.Build.props.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);

        long? indexBytesMax = ReadIndexBytesMax(builder.Configuration);
        OpenStore(builder, options.Data);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Sealer>();
        builder.Services.AddSingleton<BindingIds>();
        builder.Services.AddSingleton<FileSealer>();
        builder.Services.AddSingleton<IFileStore>(_ => FolderFileStore.Open(options.Data));
        builder.Services.AddSingleton<IReadiness, StoreReadiness>();
        builder.UseOrleans(AddSingleSilo);
        builder.Services.AddLedgerGrains(indexBytesMax);
        builder.Services.AddLedgerApi();
        builder.Services.AddSingleton<FirstStart>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FirstStart>());
        customize?.Invoke(builder);

        WebApplication app = builder.Build();
        app.UseLedgerApi();
        app.MapLedgerApi();
        return app;
    }

    private static void OpenStore(WebApplicationBuilder builder, string data)
    {
        var folder = DataFolder.Hold(data);
        try
        {
            MasterKey master = MasterKeyFile.LoadOrMake(builder.Configuration, folder);
            builder.Services.AddLedgerStore(builder.Configuration, folder, master);
            builder.Services.AddSingleton(master);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <returns>Null: not set.</returns>
    private static long? ReadIndexBytesMax(ConfigurationManager configuration)
    {
        if (configuration[IndexBytesMax] is not { Length: > 0 } text) return null;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new StartException($"The setting {IndexBytesMax} is not a number of bytes.");
    }

    private static void AddSingleSilo(ISiloBuilder silo)
    {
        // A silo needs a port even if nobody else will ever call it: a free one, on loopback, and no gateway.
        silo.UseLocalhostClustering(siloPort: FreePort());
        silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0);
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
