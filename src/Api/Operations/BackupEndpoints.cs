using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>Operators copy the ledger away while it serves.</summary>
internal sealed class BackupEndpoints(
    ILedgerStore store, MasterKey master, TimeProvider time, IHostApplicationLifetime process,
    ILogger<BackupReply> logger)
{
    public static readonly Operation Get = new(
        "getBackup", "Backup", "Copy the whole ledger, as of one moment.",
        "All that was acknowledged before the call is in it. Writes and checks go on meanwhile. Entries are sealed, as they are stored: "
        + "without the master key, which is not in it, nothing in it can be read. Only an answer that has its end is a backup: "
        + "docs/reference/backups.md has its format, and the command line verifies it: numberledger backup -o FILE.")
    {
        Scope = Scopes.MakeBackups,
        Answers =
        [
            new(200, "The backup, in a format of its own.")
            {
                Text = (BackupReply.MediaType, "NLBACKUP..."),
            },
        ],
        Problems = [ProblemCatalog.TooManyBackups, ProblemCatalog.BackupElsewhere],
    };

    private int _running;

    public static void Map(LedgerRoutes routes)
    {
        BackupEndpoints endpoints = routes.Endpoints<BackupEndpoints>();
        routes.Get("/v1/backup", Get, endpoints.GetAsync);
    }

    private async ValueTask<Reply> GetAsync(Call call)
    {
        if (store is not IBackupStore source) return ProblemReply.Of(ProblemCatalog.BackupElsewhere);

        var slot = new Slot(this);
        try
        {
            if (slot.IsOneTooMany) return ProblemReply.Of(ProblemCatalog.TooManyBackups);

            DateTimeOffset madeAt = time.GetUtcNow();
            BackupMoment moment = await source.ReadMomentAsync(call.Http.RequestAborted);
            var reply = new BackupReply(source, moment, madeAt, master, slot, logger, process.ApplicationStopping);
            slot = null;
            return reply;
        }
        finally
        {
            slot?.Dispose();
        }
    }

    private sealed class Slot(BackupEndpoints endpoints) : IDisposable
    {
        public bool IsOneTooMany { get; } = Interlocked.Increment(ref endpoints._running) > Limits.BackupsAtOnceMax;

        public void Dispose() => Interlocked.Decrement(ref endpoints._running);
    }
}
