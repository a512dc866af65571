using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <param name="Findings">Of the ledger in the backup, in words: it was not restored. Null: it was.</param>
/// <param name="Behind">Why the restored store does not serve; null if it does.</param>
internal sealed record Restored(BackupHeader Header, string? Findings, string? Behind);

/// <summary>Restores a backup into a data folder.</summary>
/// <param name="oldTo">Where a database goes that is there now; null: it is not touched.</param>
internal sealed class Restore(string data, string? oldTo, TextWriter progress)
{
    /// <exception cref="BrokenBackupException">The backup is not whole, not sound, or of another key.</exception>
    /// <exception cref="StartException">There is no key, or a ledger that is in the way.</exception>
    /// <exception cref="StoreUnavailableException">The folder is in use, or cannot be written.</exception>
    public async Task<Restored> RunAsync(Stream backup, CancellationToken cancellationToken)
    {
        MasterKey master = MasterKeyFile.LoadForRestore(data);
        using BackupReader reader = await BackupReader.OpenAsync(backup, master, cancellationToken);
        DataFolder? folder = DataFolder.Hold(data);
        try
        {
            bool isInTheWay = RestoreDraft.HoldsLedger(folder.Path);
            Clear(isInTheWay);
            using (RestoreDraft draft = RestoreDraft.Begin(folder, master, reader.Header.Ledger))
            {
                await FillAsync(draft, reader, cancellationToken);
                if (await FsckCommand.FindingsInAsync(draft.Path, master, progress, cancellationToken) is { } findings)
                {
                    return new Restored(reader.Header, findings, null);
                }

                draft.MoveIntoPlace(isInTheWay ? oldTo : null);
            }

            // As the next start will: it compares the ledger with the checkpoint.
            await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, master);
            folder = null; // The store's, from here on.
            return new Restored(reader.Header, null, store.Degraded);
        }
        finally
        {
            folder?.Dispose();
        }
    }

    private void Clear(bool isInTheWay)
    {
        if (!isInTheWay) return;

        if (oldTo is null)
        {
            throw new StartException(
                $"{data} holds a ledger already, and it is not written over. Name another folder, or a new one to which "
                + "the present database is moved: --move-old-to FOLDER.");
        }

        if (Path.Exists(oldTo)) throw new StartException($"{oldTo} is there already: --move-old-to names a new folder.");
    }

    private async Task FillAsync(RestoreDraft draft, BackupReader reader, CancellationToken cancellationToken)
    {
        Task fill = Task.Run(
            async () =>
            {
                await foreach (BackupPart part in reader.ReadPartsAsync(cancellationToken)) draft.Add(part);
                draft.Complete();
            },
            cancellationToken);
        await StoreVerb.TellProgressAsync(
            fill, () => $"restore: {reader.EntriesRead:N0} of {reader.Header.Entries:N0} entries", progress);
        await fill;
    }
}
