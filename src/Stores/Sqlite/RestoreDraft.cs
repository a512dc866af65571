using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>A ledger on its way back from a backup: a folder within the data folder until it is whole.</summary>
/// <remarks>
/// Whoever makes it holds the data folder. It is filled, completed, inspected by its path as any data folder is, and
/// then moved into place by a few renames, the database last. Wherever it is stopped, the data folder either holds the
/// whole ledger or none, and what it left is removed by the next one.
/// </remarks>
public sealed class RestoreDraft : IDisposable
{
    /// <summary>SQLite's own files; it would replay a log into whatever database has its name.</summary>
    private static readonly string[] DatabaseFiles =
    [
        DataFolder.DatabaseName, DataFolder.DatabaseName + "-wal", DataFolder.DatabaseName + "-shm",
        DataFolder.DatabaseName + "-journal",
    ];

    private readonly DataFolder _folder;
    private readonly MasterKey _master;
    private readonly DataFolder _draft;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _insertEntry;
    private readonly SqliteStatement _insertHead;
    private NumberBlock? _block;

    private RestoreDraft(DataFolder folder, MasterKey master, DataFolder draft, SqliteConnection connection)
    {
        (_folder, _master, _draft, _connection) = (folder, master, draft, connection);
        _insertEntry = new(connection,
            "INSERT INTO events (block, seq, tag, version, salt, sealed, hash, cmd) "
            + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _insertHead = new(connection, "INSERT INTO heads (block, seq, hash, at) VALUES (?1, ?2, ?3, ?4)");
    }

    /// <summary>To be inspected once it is complete.</summary>
    public string Path => _draft.Path;

    /// <summary>
    /// Whether the folder has a database, or a part of one that would be taken for the restored one's.
    /// </summary>
    public static bool HoldsLedger(string folder) => DatabaseFilesIn(folder).Length > 0;

    /// <summary>An empty one, in the place of what an earlier one left.</summary>
    /// <param name="folder">Held, and stays the caller's.</param>
    /// <exception cref="StoreUnavailableException">
    /// The folder's checkpoint is of another ledger, or it cannot be written.
    /// </exception>
    public static RestoreDraft Begin(DataFolder folder, MasterKey master, UInt128 ledger) => Guarded(folder, () =>
    {
        byte[] id = new byte[CheckpointFrame.LedgerIdSize];
        BinaryPrimitives.WriteUInt128BigEndian(id, ledger);
        if (CheckpointReading.Read(folder.Checkpoint, new CheckpointKey(master, id)).IsOfAnotherLedger)
        {
            throw new StoreUnavailableException(
                $"'{folder.Checkpoint}' is the memory of another ledger than the backup is of. Restore into a folder "
                + "of its own, or move that file away.");
        }

        string path = System.IO.Path.Combine(folder.Path, "ledger.restore");
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        DataFolder draft = DataFolder.Hold(path);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.OpenWriter(draft);
            SqliteSchema.Migrate(connection);
            SqliteSchema.SetLedgerId(connection, id);
            // Nobody believes it before it is completed, so it need not survive a crash.
            SqliteConnections.Execute(connection, "PRAGMA journal_mode = OFF");
            SqliteConnections.Execute(connection, "PRAGMA synchronous = OFF");
            SqliteConnections.Execute(connection, "BEGIN");
            return new RestoreDraft(folder, master, draft, connection);
        }
        catch
        {
            connection?.Dispose();
            draft.Dispose();
            throw;
        }
    });

    /// <exception cref="StoreUnavailableException">It cannot be written: most likely the disk is full.</exception>
    public void Add(BackupPart part) => Guarded(_folder, () =>
    {
        if (part.Block != _block)
        {
            _insertHead.Bind(1, part.Block.Key).Bind(2, part.Head.Position).Bind(3, part.Head.Hash)
                .Bind(4, part.Head.RecordedAt.ToUnixTimeMilliseconds()).Run();
            _block = part.Block;
        }

        foreach (StoredEntry entry in part.Entries)
        {
            _insertEntry.Bind(1, part.Block.Key).Bind(2, entry.Position).Bind(3, entry.Tag).Bind(4, entry.Version)
                .Bind(5, entry.Salt).Bind(6, entry.Sealed).Bind(7, entry.Hash).Bind(8, entry.Command).Run();
        }

        return true;
    });

    /// <summary>
    /// All was added: it gets its checkpoint, and reaches the disk. From here on it can be inspected.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It cannot be written.</exception>
    public void Complete() => Guarded(_folder, () =>
    {
        SqliteConnections.Execute(_connection, "COMMIT");
        SqliteConnections.Execute(_connection, "PRAGMA synchronous = FULL");
        SqliteConnections.Execute(_connection, "PRAGMA journal_mode = WAL");
        var heads = Heads.Load(_connection);
        var key = new CheckpointKey(_master, SqliteSchema.LedgerIdOf(_connection));
        Close();
        Flush(System.IO.Path.Combine(Path, DataFolder.DatabaseName));
        new Checkpoint(
            System.IO.Path.Combine(Path, DataFolder.CheckpointName), key, heads, lastBatch: 0, TimeSpan.Zero,
            TimeProvider.System).Dispose();
        return true;
    });

    /// <summary>
    /// The ledger is the folder's from here on. A checkpoint that is there stays: what it remembers is acknowledged,
    /// whether or not the backup has it.
    /// </summary>
    /// <param name="oldTo">
    /// Where the folder's database is moved first, with a copy of its checkpoint; null: it has none.
    /// </param>
    /// <exception cref="StoreUnavailableException">
    /// It cannot be moved. What was moved already stays where it is.
    /// </exception>
    public void MoveIntoPlace(string? oldTo) => Guarded(_folder, () =>
    {
        if (oldTo is not null) MoveAway(oldTo);
        if (!File.Exists(_folder.Checkpoint))
        {
            File.Move(System.IO.Path.Combine(Path, DataFolder.CheckpointName), _folder.Checkpoint);
        }

        // The last: a checkpoint without a database is no ledger, and a database without one would not be believed.
        File.Move(System.IO.Path.Combine(Path, DataFolder.DatabaseName), _folder.Database);
        DirectorySync.Sync(_folder.Path);
        return true;
    });

    /// <summary>Removes what is left of it.</summary>
    public void Dispose()
    {
        Close();
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody was faster.
        }
    }

    private void MoveAway(string oldTo)
    {
        DataFolder.Create(oldTo);
        if (File.Exists(_folder.Checkpoint))
        {
            File.Copy(_folder.Checkpoint, System.IO.Path.Combine(oldTo, DataFolder.CheckpointName));
        }

        foreach (string file in DatabaseFilesIn(_folder.Path))
        {
            File.Move(file, System.IO.Path.Combine(oldTo, System.IO.Path.GetFileName(file)));
        }

        DirectorySync.Sync(oldTo);
        DirectorySync.Sync(_folder.Path);
    }

    private void Close()
    {
        _insertEntry.Dispose();
        _insertHead.Dispose();
        _connection.Dispose();
        _draft.Dispose();
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static string[] DatabaseFilesIn(string folder) =>
        [.. DatabaseFiles.Select(file => System.IO.Path.Combine(folder, file)).Where(File.Exists)];

    private static T Guarded<T>(DataFolder folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The ledger cannot be restored into '{folder.Path}': {e.Message}", e);
        }
    }
}
