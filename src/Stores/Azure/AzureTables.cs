using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;

namespace NumberLedger.Stores;

/// <summary>
/// The tables of a ledger in an account's primary location, with deadlines and the library's retries.
/// </summary>
internal sealed class AzureTables : IDisposable
{
    private const string NameDefault = "numberledger";

    /// <summary>Of a connection string, ours: what the tables' names begin with.</summary>
    private const string NameSetting = "Tables=";

    private readonly HttpClientTransport _transport = Transport();
    private readonly HttpClientTransport _headsTransport = Transport();

    private AzureTables(string account, string name, AzureDeadlines deadlines)
    {
        try
        {
            TableServiceClient service = ServiceOf(account, _transport, deadlines);
            VerifyPrimary(service.Uri);
            Ledger = service.GetTableClient(name);
            Claims = service.GetTableClient(name + "claims");
            States = service.GetTableClient(name + "states");
            Files = service.GetTableClient(name + "files");
            Heads = ServiceOf(account, _headsTransport, deadlines).GetTableClient(name);
        }
        catch (Exception failed)
        {
            Dispose();
            if (failed is StoreUnavailableException) throw;
            // Its own message may repeat a key.
            throw new StoreUnavailableException(
                "The setting of Azure Tables cannot be read. Write a connection string of the storage account, or "
                + "https://ACCOUNT.table.core.windows.net to be known by an identity of Azure.");
        }
    }

    /// <summary>Blocks, each a partition.</summary>
    public TableClient Ledger { get; }

    /// <summary>
    /// The same table by connections of its own: a check waits for nothing but its heads, and not long. The requests of
    /// a large file must not stand before them.
    /// </summary>
    public TableClient Heads { get; }

    /// <summary>Idempotency keys.</summary>
    public TableClient Claims { get; }

    public TableClient States { get; }

    public TableClient Files { get; }

    /// <summary>Whether a setting names an account of Azure: by its keys, or by a URL.</summary>
    public static bool IsNamedBy(string store) =>
        IsUrl(store) || Segments(store).Any(segment =>
            ((string[])["DefaultEndpointsProtocol=", "AccountName=", "TableEndpoint=", "UseDevelopmentStorage="])
            .Any(key => segment.StartsWith(key, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Makes the tables if need be.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It is no account that can be used, it cannot be reached, or its tables are another ledger's or of a newer
    /// release.
    /// </exception>
    public static async Task<AzureTables> OpenAsync(string store, MasterKey master, AzureDeadlines deadlines)
    {
        AzureTables tables = Connect(store, deadlines);
        try
        {
            await AzureSchema.OpenAsync(tables, master);
            return tables;
        }
        catch (Exception failed)
        {
            tables.Dispose();
            if (AzureFaults.IsOne(failed)) throw AzureFaults.Translate(failed);
            throw;
        }
    }

    public void Dispose()
    {
        _transport.Dispose();
        _headsTransport.Dispose();
    }

    private static AzureTables Connect(string store, AzureDeadlines deadlines)
    {
        string name = Segments(store).LastOrDefault(IsName)?[NameSetting.Length..] ?? NameDefault;
        string account = string.Join(';', Segments(store).Where(segment => !IsName(segment)));
        return new AzureTables(account, name, deadlines);

        static bool IsName(string segment) => segment.StartsWith(NameSetting, StringComparison.OrdinalIgnoreCase);
    }

    private static TableServiceClient ServiceOf(
        string account, HttpClientTransport transport, AzureDeadlines deadlines) => IsUrl(account)
        ? new TableServiceClient(EndpointOf(account), new DefaultAzureCredential(), OptionsOf(transport, deadlines))
        : new TableServiceClient(account, OptionsOf(transport, deadlines));

    private static HttpClientTransport Transport()
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = AzureCalls.AtOnce,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // The account's address may move.
        };
        return new HttpClientTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
    }

    private static Uri EndpointOf(string url) => new Uri(url) is { PathAndQuery: "/" } endpoint
        ? endpoint
        : throw new FormatException("The URL of an account has no path and no query.");

    private static TableClientOptions OptionsOf(HttpClientTransport transport, AzureDeadlines deadlines)
    {
        var options = new TableClientOptions { Transport = transport };
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = deadlines.Try;
        options.AddPolicy(AzureTries.Policy, HttpPipelinePosition.PerRetry);
        options.Diagnostics.IsLoggingEnabled = false; // Addresses hold blocks and pseudonyms.
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    /// <summary>What is read there may be older than what was acknowledged: an opt-out would be missed.</summary>
    private static void VerifyPrimary(Uri endpoint)
    {
        string account = endpoint.HostNameType is UriHostNameType.Dns && !endpoint.IsLoopback
            ? endpoint.Host.Split('.')[0]
            : endpoint.AbsolutePath.Trim('/');
        if (account.EndsWith("-secondary", StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreUnavailableException(
                "Azure's secondary location is behind its primary. Connect to that: the name without -secondary.");
        }

        if (endpoint.Host.Contains(".cosmos", StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreUnavailableException(
                "Cosmos DB may answer with what is no longer so. Use the tables of a storage account.");
        }

        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new StoreUnavailableException(
                "Azure Tables is reached by https, but for an emulator on this machine.");
        }
    }

    private static bool IsUrl(string store) => store.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string[] Segments(string store) =>
        store.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <param name="Try">Of one request, of which the library makes up to four.</param>
/// <param name="Append">Of an append with all that is tried for it, below the callers' patience.</param>
internal sealed record AzureDeadlines(TimeSpan Try, TimeSpan Append)
{
    public static AzureDeadlines Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));

    /// <summary>Where nobody waits: as long as the service itself may take.</summary>
    public static AzureDeadlines Patient { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
}
