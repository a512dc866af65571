using System.CommandLine;

namespace NumberLedger.Silo;

/// <summary><c>restore</c>: a ledger out of a backup, all of it verified before any of it is there.</summary>
internal static class RestoreCommand
{
    /// <summary>It went well, and the folder remembers more than the backup has: it starts degraded.</summary>
    private const int Behind = 3;

    private const string Standard = "-";

    public static Command Create()
    {
        var file = new Argument<string>("file")
        {
            Description = "The backup, as numberledger backup wrote it. With - it is read from standard input.",
        };
        Option<string> data = StoreVerb.Data(
            "The folder that gets the ledger; made if it is not there. Its master.key must be in it, or be "
            + $"the setting {MasterKeyFile.Setting}. Of the old folder keep ledger.checkpoint in it, if that is left.");
        var oldTo = new Option<string?>("--move-old-to")
        {
            Description = "A new folder for the database that is there now. Without this, one that is there is left alone.",
        };
        var command = new Command(
            "restore",
            "Put a ledger back from a backup. Everything is verified first, as by fsck; then it appears as a whole. Exits with 3 if "
            + "the folder's checkpoint remembers more than the backup has: then the ledger starts degraded.")
        {
            file, data, oldTo,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(data), parsed.GetValue(oldTo),
            parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        string file, string data, string? oldTo, InvocationConfiguration streams,
        CancellationToken cancellationToken) =>
        StoreVerb.RunAsync(streams, "stopped. Nothing was restored.", async () =>
        {
            BackupCommand.ThrowIfElsewhere();
            try
            {
                await using Stream backup = file == Standard ? Console.OpenStandardInput() : Open(file);
                Restored restored = await new Restore(data, oldTo, streams.Error).RunAsync(backup, cancellationToken);
                return await TellAsync(restored, data, streams.Output);
            }
            catch (BrokenBackupException broken)
            {
                bool isKey = broken.Fault is BackupFault.OtherKey;
                string remedy = isKey
                    ? $"Put the key that it was made with into {data} as {MasterKeyFile.FileName}, or give it as {MasterKeyFile.Setting}."
                    : "Use another copy of it, or an older backup.";
                await streams.Error.WriteLineAsync($"numberledger: {broken.Message} Nothing was restored. {remedy}");
                return isKey ? StoreVerb.CannotRun : StoreVerb.NotSound;
            }
        });

    private static FileStream Open(string file) => File.Exists(file)
        ? File.OpenRead(file)
        : throw new StartException($"There is no file {file}.");

    private static async Task<int> TellAsync(Restored restored, string data, TextWriter output)
    {
        if (restored.Findings is { } findings)
        {
            await output.WriteLineAsync(findings);
            await output.WriteLineAsync("Nothing was restored: the ledger was so when the backup was made. Use an older one.");
            return StoreVerb.NotSound;
        }

        await output.WriteLineAsync($"restore: all sound, and in place. {BackupCommand.Told(restored.Header)}.");
        await output.WriteLineAsync(
            $"{BackupCommand.NotInside} Whoever wrote after {BackupCommand.Told(restored.Header.MadeAt)} sends it again.");
        if (HasJobs(data))
        {
            await output.WriteLineAsync(
                $"The jobs that the folder had are gone, and serve deletes what {Path.Combine(data, "files")} holds of them: have their files "
                + "sent again.");
        }

        if (restored.Behind is not { } behind) return 0;

        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"But it will start degraded, for the sake of the checkpoint that was there. {behind} If there is no newer "
            + $"backup: numberledger store accept-loss --data {data} --yes");
        return Behind;
    }

    private static bool HasJobs(string data)
    {
        string files = Path.Combine(data, "files");
        return Directory.Exists(files) && Directory.EnumerateFiles(files, "job_*").Any();
    }
}
