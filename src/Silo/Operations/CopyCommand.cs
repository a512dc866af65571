using System.CommandLine;
using System.Globalization;
using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <summary><c>store copy</c>: moves a ledger between the data folder and the database of the settings.</summary>
internal static class CopyCommand
{
    private const string Folder = "folder";
    private const string Database = "database";
    private const int Broken = 4;
    private const int CannotRun = 5;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The data folder. No ledger may be running on it.",
            DefaultValueFactory = _ => ServeOptions.DefaultData,
        };
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

    private static async Task<int> RunAsync(
        string data, bool toDatabase, InvocationConfiguration streams, CancellationToken cancellationToken)
    {
        try
        {
            await streams.Output.WriteLineAsync(await CopyAsync(data, toDatabase, streams.Error, cancellationToken));
            return 0;
        }
        catch (BrokenLedgerException broken)
        {
            await streams.Error.WriteLineAsync($"numberledger: {broken.Message} Nothing beyond it was copied.");
            return Broken;
        }
        catch (Exception cause) when (cause is StartException or StoreUnavailableException)
        {
            await streams.Error.WriteLineAsync($"numberledger: {cause.Message}");
            return CannotRun;
        }
        catch (OperationCanceledException)
        {
            await streams.Error.WriteLineAsync("numberledger: stopped. The same command goes on from there.");
            return CannotRun;
        }
    }

    private static async Task<string> CopyAsync(
        string data, bool toDatabase, TextWriter progress, CancellationToken cancellationToken)
    {
        string connectionString = StoreSetting.OfEnvironment()
            ?? throw new StartException($"Name the database by the setting {StoreSetting.Name}.");
        MasterKey master = MasterKeyFile.LoadOfLedger(data, isElsewhere: !toDatabase);
        await using SqliteLedgerStore folder = SqliteLedgerStore.Open(data, master);
        ILedgerStore database = await StoreSetting.OpenAsync(connectionString, master);
        await using var closed = (IAsyncDisposable)database;
        ILedgerStore from = toDatabase ? folder : database;
        if (from.Degraded is { } reason) throw new StoreUnavailableException(reason);

        var copy = new LedgerCopy(from, toDatabase ? database : folder);
        Task run = Task.Run(() => copy.RunAsync(cancellationToken), cancellationToken);
        while (await Task.WhenAny(run, Task.Delay(BetweenReports, CancellationToken.None)) != run)
        {
            await progress.WriteLineAsync($"store copy: {TextOf(copy)} so far");
        }

        await run;
        return $"store copy: {TextOf(copy)}, all sound.";
    }

    private static string TextOf(LedgerCopy copy)
    {
        (long blocks, long entries, long copied) = copy.Progress;
        return string.Create(
            CultureInfo.InvariantCulture, $"{blocks:N0} blocks, {entries:N0} entries, {copied:N0} of them copied now");
    }
}
