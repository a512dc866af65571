using System.CommandLine;
using System.Globalization;
using NumberLedger.Stores;
using NumberLedger.Terminal;

namespace NumberLedger.Silo;

/// <summary><c>store copy</c>: moves a ledger between the data folder and the database of the settings.</summary>
internal static class CopyCommand
{
    private const string Folder = "folder";
    private const string Database = "database";

    public static Command Create()
    {
        Option<string> data = StoreVerb.Data("The data folder. No ledger may be running, here or on the database.");
        var to = new Option<string>("--to")
        {
            Description = "Where the entries go: from the folder into the database that the setting "
                + $"{StoreSetting.Name} names, or back.",
            Required = true,
        };
        to.AcceptOnlyFromAmong(Database, Folder);
        var command = new Command(
            "copy",
            "Copy a ledger into the other store, all chains verified on the way. Broken off, the same command goes on.")
        {
            data, to,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(to) == Database, parsed.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        string data, bool toDatabase, InvocationConfiguration streams, CancellationToken cancellationToken) =>
        StoreVerb.RunAsync(streams, "stopped. The same command goes on from there.", async () =>
        {
            try
            {
                await streams.Output.WriteLineAsync(
                    await CopyAsync(data, toDatabase, streams.Error, cancellationToken));
                return 0;
            }
            catch (BrokenLedgerException broken)
            {
                await streams.Error.WriteLineAsync($"numberledger: {broken.Message} Nothing beyond it was copied.");
                return StoreVerb.NotSound;
            }
        });

    private static async Task<string> CopyAsync(
        string data, bool toDatabase, TextWriter progress, CancellationToken cancellationToken)
    {
        string connectionString = StoreSetting.OfEnvironment()
            ?? throw new StartException($"Name the database by the setting {StoreSetting.Name}.");
        MasterKey master = MasterKeyFile.LoadOfLedger(data, isElsewhere: !toDatabase);
        await using SqliteLedgerStore folder = SqliteLedgerStore.Open(data, master);
        (ILedgerStore database, string place) = await StoreSetting.OpenAsync(connectionString, master);
        await using var closed = (IAsyncDisposable)database;
        ILedgerStore from = toDatabase ? folder : database;
        if (from.Degraded is { } reason) throw new StoreUnavailableException(reason);

        var copy = new LedgerCopy(from, toDatabase ? database : folder);
        Task run = Task.Run(() => copy.RunAsync(cancellationToken), cancellationToken);
        await StoreVerb.TellProgressAsync(run, () => $"store copy: {TextOf(copy)} so far", progress);
        await run;
        string told = $"store copy: {TextOf(copy)}, all sound.";
        // A copy back into a folder that the ledger moved out of may be no more than a copy.
        if (!toDatabase && folder.Moved is null) return told;

        string now = BackupCommand.Told(TimeProvider.System.GetUtcNow());
        await folder.MarkMovedAsync($"{place}, at {now}", cancellationToken);
        return toDatabase
            ? $"{told} The ledger is in {place} from now on: no start serves the folder any more, unless this is undone by "
                + $"numberledger store accept-loss --data {data} --yes"
            : $"{told} It is served from {place} as before. If the folder is to be the ledger from now on: numberledger store "
                + $"accept-loss --data {data} --yes";
    }

    private static string TextOf(LedgerCopy copy)
    {
        (long blocks, long entries, long copied) = copy.Progress;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Counts.Blocks(blocks)}, {Counts.Entries(entries)}, {copied:N0} of them copied now");
    }
}
