using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NumberLedger.Api;
using NumberLedger.Grains;
using Orleans.Configuration;

namespace NumberLedger.Silo;

/// <summary>The composition root: one process that is store, silo and API, or its part in a cluster.</summary>
public static class LedgerHost
{
    /// <summary>Configuration, bytes: how much memory the indexes of blocks may take, all together.</summary>
    private const string IndexBytesMax = "Ledger:IndexBytesMax";

    /// <summary>Configuration: <see cref="Drain"/>.</summary>
    private const string DrainSeconds = "Ledger:DrainSeconds";
    private const int DrainSecondsInCluster = 5;

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
        // It warns that keys are not encrypted: by the framework they are not, since the ledger seals them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var cluster = ClusterSetting.Of(builder.Configuration);
        long? indexBytesMax = ReadCount(builder.Configuration, IndexBytesMax, "a number of bytes");
        long drainSeconds = ReadCount(builder.Configuration, DrainSeconds, "a number of seconds")
            ?? (cluster is null ? 0 : DrainSecondsInCluster);
        builder.Services.AddLedger(builder.Configuration, options.Data, isShared: cluster is not null);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<BindingIds>();
        builder.Services.AddSingleton<FileSealer>();
        builder.Services.AddSharedProtectionKeys();
        builder.Services.AddSingleton<IReadiness, StoreReadiness>();
        var drain = new Drain(TimeSpan.FromSeconds(drainSeconds));
        builder.Services.AddSingleton<IReadiness>(drain);
        builder.Services.AddSingleton<IHostedService>(drain);
        if (cluster is null) builder.UseOrleans(AddSingleSilo);
        else builder.AddCluster(cluster);
        builder.Services.AddLedgerGrains(inCluster: cluster is not null, indexBytesMax);
        builder.Services.AddLedgerApi();
        bool hasApi = cluster?.Role is not ProcessRole.Silo;
        if (hasApi) builder.Services.AddLedgerJobs();
        builder.Services.AddSingleton<FirstStart>();
        // Several processes at once would make several keys: for a cluster there is a verb.
        if (cluster is null) builder.Services.AddHostedService(provider => provider.GetRequiredService<FirstStart>());
        customize?.Invoke(builder);

        WebApplication app = builder.Build();
        if (drainSeconds > 0) app.Use(drain.EndConnectionAsync);
        app.UseLedgerApi();
        if (hasApi) app.MapLedgerApi();
        else app.MapLedgerHealth();
        return app;
    }

    /// <returns>Null: not set.</returns>
    private static long? ReadCount(ConfigurationManager configuration, string setting, string what)
    {
        if (configuration[setting] is not { Length: > 0 } text) return null;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count
            : throw new StartException($"The setting {setting} is not {what}.");
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
