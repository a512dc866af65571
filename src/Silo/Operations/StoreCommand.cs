using System.CommandLine;
using System.Globalization;
using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <summary><c>store</c>: an operator's decisions about the store itself.</summary>
internal static class StoreCommand
{
    /// <summary>Something is lost, and the loss was not accepted.</summary>
    private const int Lost = 4;

    private const int CannotRun = 5;

    public static Command Create() => new("store", "Decide about the store of a stopped ledger.")
    {
        AcceptLoss(), DropSnapshots(), CopyCommand.Create(), OperatorKeyCommand.Create(),
    };

    private static Command AcceptLoss()
    {
        Option<string> data = Data();
        var yes = new Option<bool>("--yes") { Description = "Do it. Without this, it is only told what is lost." };
        var command = new Command(
            "accept-loss",
            "Serve again from a store that is behind its signed checkpoint. What is missing stays missing: refusals and "
            + "disconnects among it are allowed again. Restore a backup instead, if there is one.")
        {
            data, yes,
        };
        command.SetAction(async (parsed, _) =>
        {
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            try
            {
                (int exitCode, string said) = await RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(yes));
                await streams.Output.WriteLineAsync(said);
                return exitCode;
            }
            catch (Exception cause) when (cause is StartException or StoreUnavailableException)
            {
                await streams.Error.WriteLineAsync($"numberledger: {cause.Message}");
                return CannotRun;
            }
        });
        return command;
    }

    private static Command DropSnapshots()
    {
        Option<string> data = Data();
        var command = new Command(
            "drop-snapshots",
            "Delete the snapshots of all blocks. Nothing is lost: they are made anew as blocks are asked.") { data };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(data);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            try
            {
                _ = MasterKeyFile.LoadOfLedger(folder); // Says whether there is a ledger.
                string dropped = SqliteLedgerStore.DropSnapshots(folder).ToString("N0", CultureInfo.InvariantCulture);
                streams.Output.WriteLine($"Snapshots deleted: {dropped}.");
                return 0;
            }
            catch (Exception cause) when (cause is StartException or StoreUnavailableException)
            {
                streams.Error.WriteLine($"numberledger: {cause.Message}");
                return CannotRun;
            }
        });
        return command;
    }

    private static Option<string> Data() => new("--data")
    {
        Description = "The folder with the ledger. No ledger may be running on it.",
        DefaultValueFactory = _ => ServeOptions.DefaultData,
    };

    private static async Task<(int ExitCode, string Said)> RunAsync(string folder, bool yes)
    {
        MasterKey master = MasterKeyFile.LoadOfLedger(folder);
        if (yes)
        {
            return SqliteLedgerStore.AcceptLoss(folder, master) is { } accepted
                ? (0, "Accepted: the store serves again. The old checkpoint, if there was one, is kept as "
                    + $"ledger.checkpoint.refused. This is what was refused until now: {accepted}")
                : (0, "Nothing is lost, and nothing was changed.");
        }

        await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, master);
        return store.Degraded is { } reason
            ? (Lost, $"{reason} To accept: numberledger store accept-loss --data {folder} --yes")
            : (0, "Nothing is lost.");
    }
}
