using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <summary>Which store a ledger is in: SQLite in the data folder, or what a setting names.</summary>
/// <remarks>
/// A setting and no option: a connection string may hold a password, and the arguments of a process are for all to see.
/// </remarks>
internal static class StoreSetting
{
    /// <summary>
    /// Configuration, a connection string of PostgreSQL or of an account of Azure, or that account's URL: the
    /// environment variable is LEDGER__STORE.
    /// </summary>
    public const string Name = "Ledger:Store";

    /// <summary>Null: the ledger is in the data folder.</summary>
    public static string? Of(IConfiguration configuration) =>
        configuration[Name] is { Length: > 0 } connectionString ? connectionString : null;

    /// <summary>For verbs without a host around them.</summary>
    public static string? OfEnvironment() => Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    /// <summary>Holds the data folder, and registers the store, the master key and its sealer.</summary>
    /// <param name="isShared">Other processes use the store too: its key is never made here.</param>
    /// <exception cref="StartException">There is no usable master key.</exception>
    /// <exception cref="StoreUnavailableException">The folder is in use or the store cannot be opened.</exception>
    public static void AddLedger(
        this IServiceCollection services, IConfiguration configuration, string data, bool isShared)
    {
        var folder = DataFolder.Hold(data);
        try
        {
            MasterKey master = isShared
                ? MasterKeyFile.LoadShared(configuration, folder)
                : MasterKeyFile.LoadOrMake(configuration, folder);
            services.AddLedgerStore(configuration, folder, master);
            services.AddSingleton(master);
            services.AddSingleton<Sealer>();
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Registers the store, to be closed once, after everything that uses it.</summary>
    /// <param name="folder">Held; from now on the container's to release.</param>
    /// <exception cref="StoreUnavailableException">It cannot be opened. The folder stays the caller's.</exception>
    private static void AddLedgerStore(
        this IServiceCollection services, IConfiguration configuration, DataFolder folder, MasterKey master)
    {
        if (Of(configuration) is not { } connectionString)
        {
            SqliteLedgerStore inFolder = OpenInFolder(folder, master);
            services.AddStore(_ => inFolder);
            services.AddSingleton<IFileStore>(_ => FolderFileStore.Open(folder.Path));
            return;
        }

        // At the start of the process, on its main thread: nothing else runs yet that could wait for it.
        if (AzureLedgerStore.IsNamedBy(connectionString))
        {
            AzureLedgerStore store =
                AzureLedgerStore.OpenAsync(connectionString, master).GetAwaiter().GetResult();
            services.AddStoreElsewhere(store, store.Files, folder);
        }
        else
        {
            PostgresLedgerStore store =
                PostgresLedgerStore.OpenAsync(connectionString, master).GetAwaiter().GetResult();
            services.AddStoreElsewhere(store, store.Files, folder);
        }
    }

    private static SqliteLedgerStore OpenInFolder(DataFolder folder, MasterKey master)
    {
        SqliteLedgerStore store = SqliteLedgerStore.Open(folder, master);
        if (store.Moved is not { } moved) return store;

        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        throw new StartException(
            $"{folder.Path} is not the ledger any more. {moved} Give the setting {Name}, and it is served from there. If "
            + "this folder is to be the ledger again: store copy --to folder brings what is missing, and then numberledger "
            + $"store accept-loss --data {folder.Path} --yes");
    }

    /// <summary>For verbs that copy a ledger.</summary>
    /// <returns>To be disposed; and where it is, for people.</returns>
    public static async Task<(ILedgerStore Store, string Place)> OpenAsync(string connectionString, MasterKey master)
    {
        if (AzureLedgerStore.IsNamedBy(connectionString))
        {
            AzureLedgerStore azure = await AzureLedgerStore.OpenAsync(connectionString, master);
            return (azure, azure.Place);
        }

        PostgresLedgerStore postgres = await PostgresLedgerStore.OpenAsync(connectionString, master);
        return (postgres, postgres.Place);
    }

    /// <summary>For fsck.</summary>
    /// <returns>To be disposed.</returns>
    public static async Task<ILedgerInspection> InspectAsync(string connectionString, MasterKey master) =>
        AzureLedgerStore.IsNamedBy(connectionString)
            ? await AzureInspection.OpenAsync(connectionString, master)
            : await PostgresInspection.OpenAsync(connectionString, master);

    private static void AddStoreElsewhere<T>(
        this IServiceCollection services, T store, IFileStore files, DataFolder folder)
        where T : class, ILedgerStore, IClaimStore, IStateStore, ISnapshotStore
    {
        services.AddSingleton(files);
        services.AddSingleton(_ => folder);
        services.AddStore(provider =>
        {
            _ = provider.GetRequiredService<DataFolder>(); // Made first, so that it is released, and last.
            return store;
        });
    }

    // Through factories: the container closes only what it makes.
    private static void AddStore<T>(this IServiceCollection services, Func<IServiceProvider, T> store)
        where T : class, ILedgerStore, IClaimStore, IStateStore, ISnapshotStore
    {
        services.AddSingleton(store);
        services.AddSingleton<ILedgerStore>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IClaimStore>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IStateStore>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<T>());
    }
}
