using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>Writes a store's entries up to one moment as a file: <see cref="BackupFormat"/>.</summary>
/// <remarks>Page by page, so that it takes the memory of one, and other readers have their turn in between.</remarks>
public sealed class BackupWriter : IDisposable
{
    /// <summary>Some hundred kilobytes.</summary>
    private const int EntriesPerPage = 2_048;

    private readonly Stream _to;
    private readonly byte[] _key;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _frame =
        new byte[BackupFormat.FrameHeadSize + BackupFormat.PayloadMax + Hash256.Size];
    private readonly byte[] _digest = new byte[Hash256.Size];
    private int _length;
    private long _entries;

    private BackupWriter(MasterKey master, Stream to) => (_to, _key) = (to, BackupFormat.KeyOf(master));

    /// <param name="madeAt">When the moment was read.</param>
    /// <param name="progress">Told how many entries are written so far; null: nobody asks.</param>
    /// <exception cref="BrokenLedgerException">The store does not have what its heads say.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task WriteAsync(
        IBackupStore store, BackupMoment moment, MasterKey master, DateTimeOffset madeAt, Stream to,
        Action<long>? progress, CancellationToken cancellationToken)
    {
        using var writer = new BackupWriter(master, to);
        await writer.WriteHeaderAsync(moment, madeAt, cancellationToken);
        foreach ((NumberBlock block, BlockHead head) in moment.Heads)
        {
            await writer.WriteBlockAsync(store, block, head, progress, cancellationToken);
        }

        await writer.WriteEndAsync(cancellationToken);
        await to.FlushAsync(cancellationToken);
    }

    public void Dispose() => _hash.Dispose();

    private async Task WriteHeaderAsync(
        BackupMoment moment, DateTimeOffset madeAt, CancellationToken cancellationToken)
    {
        await _to.WriteAsync(BackupFormat.Magic.ToArray(), cancellationToken);
        Begin(BackupFormat.Header);
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), BackupFormat.Version);
        BinaryPrimitives.WriteUInt128BigEndian(Room(16), moment.Ledger);
        Write(madeAt.ToUnixTimeMilliseconds());
        Write(moment.Heads.Count);
        Write(moment.Heads.Sum(head => head.Value.Position));
        ReadOnlySpan<byte> said = _frame.AsSpan(BackupFormat.FrameHeadSize, _length - BackupFormat.FrameHeadSize);
        HMACSHA256.HashData(_key, [.. "header"u8, .. said], Room(Hash256.Size));
        await EndAsync(cancellationToken);
    }

    private async Task WriteBlockAsync(
        IBackupStore store, NumberBlock block, BlockHead head, Action<long>? progress,
        CancellationToken cancellationToken)
    {
        Begin(BackupFormat.Block);
        Write(block.Key);
        Write(head.Position);
        head.Hash.Write(Room(Hash256.Size));
        Write(head.RecordedAt.ToUnixTimeMilliseconds());
        await EndAsync(cancellationToken);

        StoredEntry? last = null;
        for (long position = 0; position < head.Position; position = last!.Position)
        {
            int count = (int)Math.Min(EntriesPerPage, head.Position - position);
            IReadOnlyList<StoredEntry> page = await store.ReadBlockAsync(block, position, count, cancellationToken);
            if (page.Count == 0) throw new BrokenLedgerException(block, position + 1, "it is missing in the store.");

            await WriteEntriesAsync(block, page, cancellationToken);
            last = page[^1];
            progress?.Invoke(_entries += page.Count);
        }

        if (last?.Hash != head.Hash)
        {
            throw new BrokenLedgerException(block, head.Position, "another entry stands here than at the head.");
        }
    }

    private async Task WriteEntriesAsync(
        NumberBlock block, IReadOnlyList<StoredEntry> page, CancellationToken cancellationToken)
    {
        Begin(BackupFormat.Entries);
        foreach (StoredEntry entry in page)
        {
            int size = BackupFormat.EntrySizeMin + Sealer.SaltSize + CommandId.Size + entry.Sealed.Length;
            if (size > BackupFormat.PayloadMax || entry.Salt?.Length is not (null or Sealer.SaltSize))
            {
                throw new BrokenLedgerException(block, entry.Position, "a column has a length that nothing writes.");
            }

            if (_length + size > BackupFormat.FrameHeadSize + BackupFormat.PayloadMax)
            {
                await EndAsync(cancellationToken);
                Begin(BackupFormat.Entries);
            }

            Write(entry);
        }

        await EndAsync(cancellationToken);
    }

    private Task WriteEndAsync(CancellationToken cancellationToken)
    {
        Begin(BackupFormat.End);
        HMACSHA256.HashData(_key, [.. "end"u8, .. _digest], Room(Hash256.Size));
        return EndAsync(cancellationToken);
    }

    private void Write(StoredEntry entry)
    {
        entry.Tag.Write(Room(Pseudonym.Size));
        Write(entry.Version);
        entry.Hash.Write(Room(Hash256.Size));
        int flags = (entry.Salt is null ? 0 : BackupFormat.HasSalt)
            | (entry.Command is null ? 0 : BackupFormat.HasCommand);
        Room(1)[0] = (byte)flags;
        entry.Salt?.CopyTo(Room(Sealer.SaltSize));
        entry.Command?.Write(Room(CommandId.Size));
        BinaryPrimitives.WriteInt32BigEndian(Room(4), entry.Sealed.Length);
        entry.Sealed.CopyTo(Room(entry.Sealed.Length));
    }

    private void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    /// <summary>The next bytes of the frame.</summary>
    private Span<byte> Room(int size)
    {
        _length += size;
        return _frame.AsSpan(_length - size, size);
    }

    private void Begin(byte kind)
    {
        _frame[0] = kind;
        _length = BackupFormat.FrameHeadSize;
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt32BigEndian(_frame.AsSpan(1), _length - BackupFormat.FrameHeadSize);
        _hash.AppendData(_digest);
        _hash.AppendData(_frame, 0, _length);
        _hash.GetHashAndReset(_digest);
        _digest.CopyTo(Room(Hash256.Size));
        await _to.WriteAsync(_frame.AsMemory(0, _length), cancellationToken);
    }
}
