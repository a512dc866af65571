using System.CommandLine;
using System.Globalization;
using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <summary><c>store</c>: an operator's decisions about the store itself.</summary>
internal static class StoreCommand
{
    private const string Stopped = "stopped.";

    public static Command Create() => new("store", "Decide about a ledger's store, or move it; make an operator's key.")
    {
        AcceptLoss(), DropSnapshots(), CopyCommand.Create(), OperatorKeyCommand.Create(),
    };

    private static Command AcceptLoss()
    {
        Option<string> data = StoreVerb.Data(StoreVerb.StoppedFolder);
        var yes = new Option<bool>("--yes") { Description = "Do it. Without this, it is only told what is lost." };
        var command = new Command(
            "accept-loss",
            "Serve again from a store that is behind its signed checkpoint, or that was copied to a database. What is missing "
            + "stays missing: refusals and disconnects among it are allowed again. Restore a backup instead, if there is one.")
        {
            data, yes,
        };
        command.SetAction(parsed => StoreVerb.RunAsync(parsed.InvocationConfiguration, Stopped, async () =>
        {
            (int exitCode, string said) = await RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(yes));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(said);
            return exitCode;
        }));
        return command;
    }

    private static Command DropSnapshots()
    {
        Option<string> data = StoreVerb.Data(StoreVerb.StoppedFolder);
        var command = new Command(
            "drop-snapshots",
            "Delete the snapshots of all blocks. Nothing is lost: they are made anew as blocks are asked.") { data };
        command.SetAction(parsed => StoreVerb.RunAsync(parsed.InvocationConfiguration, Stopped, async () =>
        {
            string folder = parsed.GetRequiredValue(data);
            _ = MasterKeyFile.LoadOfLedger(folder); // Says whether there is a ledger.
            string dropped = SqliteLedgerStore.DropSnapshots(folder).ToString("N0", CultureInfo.InvariantCulture);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Snapshots deleted: {dropped}.");
            return 0;
        }));
        return command;
    }

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
        string reason = $"{store.Moved} {store.Degraded}".Trim();
        return reason.Length > 0
            ? (StoreVerb.NotSound, $"{reason} To accept: numberledger store accept-loss --data {folder} --yes")
            : (0, "Nothing is lost.");
    }
}
