using System.CommandLine;
using System.Globalization;
using NumberLedger.Stores;
using NumberLedger.Terminal;

namespace NumberLedger.Silo;

/// <summary><c>backup --data</c>: a stopped ledger as one file, the same that a serving one gives its client.</summary>
internal static class BackupCommand
{
    /// <summary>What an operator must not learn on the day of the disaster.</summary>
    public const string NotInside =
        "Not in a backup: the master key (keep a copy of it elsewhere), files and answers of jobs, keys.json.";

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder with the ledger. No ledger may be running on it: of one that runs, its server "
                + "makes the backup (leave --data out, and name it with --server).",
            Required = true,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write. It appears whole and verified, or not at all.",
            Required = true,
        };
        var command = new Command("backup", "Copy a stopped ledger into one file.") { data, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), parsed.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    /// <summary>2026-08-01T12:00:00Z: as other times of the ledger are told.</summary>
    public static string Told(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Told(BackupHeader header) =>
        $"{Counts.Blocks(header.Blocks)}, {Counts.Entries(header.Entries)}, as of {Told(header.MadeAt)}";

    /// <exception cref="StartException">The ledger is in no folder.</exception>
    public static void ThrowIfElsewhere()
    {
        if (StoreSetting.OfEnvironment() is not { } store) return;

        throw new StartException(AzureLedgerStore.IsNamedBy(store)
            ? $"The setting {StoreSetting.Name} names tables of Azure: copy the ledger into a folder by store copy --to folder, "
                + "and back that up. docs/operating/azure.md says more."
            : $"The setting {StoreSetting.Name} names a database: back it up and restore it by PostgreSQL's own tools, "
                + "pg_basebackup or pg_dump. docs/operating/backup.md says what belongs together.");
    }

    private static Task<int> RunAsync(
        string data, string output, InvocationConfiguration streams, CancellationToken cancellationToken) =>
        StoreVerb.RunAsync(streams, "stopped. There is no backup.", async () =>
        {
            try
            {
                BackupHeader made = await MakeAsync(data, output, output + ".part", cancellationToken);
                await streams.Output.WriteLineAsync($"backup: {output}, verified. {Told(made)}.");
                await streams.Output.WriteLineAsync(NotInside);
                return 0;
            }
            catch (Exception cause) when (cause is BrokenBackupException or BrokenLedgerException)
            {
                await streams.Error.WriteLineAsync($"numberledger: {cause.Message} There is no backup; look with fsck.");
                return StoreVerb.NotSound;
            }
        });

    private static async Task<BackupHeader> MakeAsync(
        string data, string output, string part, CancellationToken cancellationToken)
    {
        ThrowIfElsewhere();
        // A device too: a file that takes its name would take its place.
        if (Path.Exists(output)) throw new StartException($"{output} is there already, and is not written over.");

        MasterKey master = MasterKeyFile.LoadOfLedger(data);
        try
        {
            await using (SqliteLedgerStore store = Open(data, master))
            await using (FileStream file = PrivateFile.Create(part))
            {
                BackupMoment moment = await store.ReadMomentAsync(cancellationToken);
                await BackupWriter.WriteAsync(
                    store, moment, master, TimeProvider.System.GetUtcNow(), file, progress: null, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            BackupHeader read = await VerifyAsync(part, master, cancellationToken);
            File.Move(part, output);
            return read;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static SqliteLedgerStore Open(string data, MasterKey master)
    {
        DataFolder folder;
        try
        {
            folder = DataFolder.Hold(data);
        }
        catch (StoreUnavailableException cause)
        {
            throw new StartException(
                $"{cause.Message} Of a ledger that serves, its server makes the backup: leave --data out.", cause);
        }

        try
        {
            return SqliteLedgerStore.Open(folder, master);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<BackupHeader> VerifyAsync(
        string part, MasterKey master, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(part);
        using BackupReader reader = await BackupReader.OpenAsync(file, master, cancellationToken);
        await foreach (BackupPart _ in reader.ReadPartsAsync(cancellationToken))
        {
            // Read, and so verified.
        }

        return reader.Header;
    }
}
