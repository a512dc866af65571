using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Connections to the primary, with deadlines: a failing server holds nobody up.</summary>
internal static class PostgresSource
{
    public const string SchemaDefault = "numberledger";

    /// <summary>To connect.</summary>
    private const int Seconds = 5;

    /// <summary>Npgsql's keyword, without spaces: the property has another name.</summary>
    private const string MaximumPoolSize = "MaximumPoolSize";

    /// <summary>Of a call, which is a statement or a few.</summary>
    private const int CallSeconds = 10;

    // A server that is gone without a word is found out also by who only waits for it.
    private const int SilentSeconds = 5, ProbeSeconds = 1;

    /// <summary>Of one process. Calls are short: who finds none free waits for one, up to the deadline.</summary>
    private const int ConnectionsMax = 16;

    /// <summary>
    /// For heads alone: a check does not wait long for them, and is not to stand behind files. One read is under way at
    /// a time, and those of files beside it.
    /// </summary>
    private const int HeadConnectionsMax = 4;

    // Everything is looked up by an index. A plan that was made while a table was empty, and is kept until the server
    // has counted its rows, would look through all of it instead: of a fresh database, for a minute.
    private const string Plans = "-c enable_seqscan=off";

    // On the server's side, where also a process that is stopped in mid-transaction is found: its locks would keep all
    // others from its blocks.
    private const string Deadlines =
        "-c statement_timeout=8s -c lock_timeout=5s -c idle_in_transaction_session_timeout=5s";

    /// <summary>For who has nothing else to do meanwhile: a migration, fsck.</summary>
    /// <param name="connectionString">Npgsql's own. What it sets itself stays.</param>
    /// <exception cref="StoreUnavailableException">It is none.</exception>
    public static (NpgsqlDataSource Source, string Schema) Build(string connectionString) =>
        Build(connectionString, Parse(connectionString));

    /// <summary>Its commands have no timeout of their own: <see cref="PostgresDeadline"/>.</summary>
    /// <inheritdoc cref="Build(string)"/>
    public static NpgsqlDataSource BuildToServe(string connectionString, bool forHeads = false)
    {
        NpgsqlConnectionStringBuilder settings = Parse(connectionString);
        settings.CommandTimeout = 0;
        if (forHeads) settings.MaxPoolSize = HeadConnectionsMax;
        return Build(settings.ConnectionString, settings).Source;
    }

    /// <summary>Of a call: Npgsql's "Command Timeout", if it is given.</summary>
    /// <inheritdoc cref="Build(string)"/>
    public static TimeSpan DeadlineOf(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = Parse(connectionString);
        return TimeSpan.FromSeconds(
            settings.ContainsSetting(nameof(settings.CommandTimeout)) && settings.CommandTimeout > 0
                ? settings.CommandTimeout
                : CallSeconds);
    }

    private static (NpgsqlDataSource Source, string Schema) Build(
        string connectionString, NpgsqlConnectionStringBuilder settings)
    {
        Default(nameof(settings.CommandTimeout), () => settings.CommandTimeout = Seconds);
        Default(nameof(settings.Timeout), () => settings.Timeout = Seconds);
        Default(nameof(settings.CancellationTimeout), () => settings.CancellationTimeout = 1_000);
        if (settings.Host?.AsSpan().ContainsAny('/', '@') != true) // A socket of the machine has no probes.
        {
            Default(nameof(settings.TcpKeepAliveTime), () => settings.TcpKeepAliveTime = SilentSeconds);
            if (settings.TcpKeepAliveTime > 0)
            {
                Default(nameof(settings.TcpKeepAliveInterval), () => settings.TcpKeepAliveInterval = ProbeSeconds);
            }
        }

        Default(MaximumPoolSize, () => settings.MaxPoolSize = ConnectionsMax);
        Default(nameof(settings.MaxAutoPrepare), () => settings.MaxAutoPrepare = 32);
        // Nothing is left behind in a session. Npgsql would send seven statements before the first of whoever takes the
        // connection next, and not cancel that one before they are answered.
        Default(nameof(settings.NoResetOnClose), () => settings.NoResetOnClose = true);
        Default(nameof(settings.ApplicationName), () => settings.ApplicationName = "numberledger");
        Default(nameof(settings.SearchPath), () => settings.SearchPath = SchemaDefault);
        if (settings.Host?.Contains(',') == true)
        {
            Default(nameof(settings.TargetSessionAttributes), () => settings.TargetSessionAttributes = "primary");
        }

        settings.Options = $"{Deadlines} {Plans} {settings.Options}".TrimEnd();
        settings.IncludeErrorDetail = false; // It repeats values.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // Every connection: behind one address there may be another server tomorrow.
        builder.UsePhysicalConnectionInitializer(
            static _ => throw new NotSupportedException("Connections are opened without blocking."),
            static async connection =>
            {
                using var late = new PostgresDeadline(TimeSpan.FromSeconds(Seconds), CancellationToken.None);
                await PostgresSchema.VerifyServerAsync(connection, late.Token);
            });
        return (builder.Build(), settings.SearchPath!);

        void Default(string name, Action set)
        {
            // By its absence: a value may be set to Npgsql's own default on purpose.
            if (!Parse(connectionString).ContainsSetting(name)) set();
        }
    }

    private static bool ContainsSetting(this NpgsqlConnectionStringBuilder settings, string property) =>
        settings.Keys.Any(key => key.Replace(" ", "", StringComparison.Ordinal)
            .Equals(property, StringComparison.OrdinalIgnoreCase));

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Its own message may repeat a password.
            throw new StoreUnavailableException(
                "The connection string of PostgreSQL cannot be read. Write it as Host=...;Database=...;Username=...");
        }
    }
}
