using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>Reads a backup from its beginning to its end, and verifies all that it passes.</summary>
/// <remarks>
/// Without the master key too: digests, chains, heads and counts, so that who carries a backup away can tell whether it
/// is whole. With it also that it is this key's, and nobody else's work. Whether the entries open, and what they say,
/// is for fsck. Nothing that was read counts before all of it was.
/// </remarks>
public sealed class BackupReader : IDisposable
{
    private readonly Stream _from;
    private readonly byte[]? _key;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _digest = new byte[Hash256.Size];
    private readonly byte[] _before = new byte[Hash256.Size]; // The digest of the frame before.
    private readonly byte[] _frame =
        new byte[BackupFormat.FrameHeadSize + BackupFormat.PayloadMax + Hash256.Size];
    private readonly Dictionary<Pseudonym, (long Version, Hash256 Hash)> _chains = [];
    private int _payload;
    private long _at;
    private long _blocks;
    private long _entries;
    private NumberBlock? _block;
    private BlockHead _head;
    private BlockHead _reached;

    private BackupReader(Stream from, MasterKey? master) =>
        (_from, _key) = (from, master is null ? null : BackupFormat.KeyOf(master));

    public BackupHeader Header { get; private set; } = null!;

    /// <summary>So far.</summary>
    public long BytesRead => Interlocked.Read(ref _at);

    /// <inheritdoc cref="BytesRead"/>
    public long EntriesRead => Interlocked.Read(ref _entries);

    /// <param name="from">Stays the caller's.</param>
    /// <param name="master">Null: without it.</param>
    /// <exception cref="BrokenBackupException">It does not begin as a backup of this key does.</exception>
    public static async Task<BackupReader> OpenAsync(
        Stream from, MasterKey? master, CancellationToken cancellationToken)
    {
        var reader = new BackupReader(from, master);
        try
        {
            await reader.ReadHeaderAsync(cancellationToken);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>All parts. It is whole, and sound, when they came to their end without an exception.</summary>
    /// <exception cref="BrokenBackupException">It is not.</exception>
    public async IAsyncEnumerable<BackupPart> ReadPartsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            byte kind = await ReadFrameAsync(cancellationToken);
            switch (kind)
            {
                case BackupFormat.Block:
                    TakeBlock();
                    break;
                case BackupFormat.Entries when _block is { } block:
                    yield return new BackupPart(block, _head, TakeEntries(block));
                    break;
                case BackupFormat.End:
                    await TakeEndAsync(cancellationToken);
                    yield break;
                default:
                    throw Unfit();
            }
        }
    }

    public void Dispose() => _hash.Dispose();

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        int read = await FillAsync(_frame.AsMemory(0, BackupFormat.Magic.Length), cancellationToken);
        if (!_frame.AsSpan(0, read).SequenceEqual(BackupFormat.Magic))
        {
            bool isBeginning = read < BackupFormat.Magic.Length
                && BackupFormat.Magic.StartsWith(_frame.AsSpan(0, read));
            throw isBeginning
                ? CutOff()
                : new BrokenBackupException(BackupFault.NotABackup, "is none: it does not begin as one does");
        }

        if (await ReadFrameAsync(cancellationToken) != BackupFormat.Header) throw Unfit();

        Cursor payload = Payload();
        if (payload.UInt16() is > BackupFormat.Version and var newer)
        {
            throw new BrokenBackupException(
                BackupFault.NotABackup,
                $"has format {newer}, of a newer release; this one knows up to {BackupFormat.Version}");
        }

        Header = new BackupHeader(payload.UInt128(), payload.Time(), payload.Int64(), payload.Int64());
        ReadOnlySpan<byte> said = payload.Passed;
        if (!IsSigned("header"u8, said, payload.Bytes(Hash256.Size)))
        {
            throw new BrokenBackupException(BackupFault.OtherKey, "was made with another master key");
        }
    }

    private void TakeBlock()
    {
        EndBlock();
        Cursor payload = Payload();
        var block = new NumberBlock(payload.Int64());
        if (block <= _block) throw Unfit();

        _block = block;
        _head = new BlockHead(payload.Int64(), Hash256.Read(payload.Bytes(Hash256.Size)), payload.Time());
        _reached = default;
        _chains.Clear();
        _blocks++;
    }

    private List<StoredEntry> TakeEntries(NumberBlock block)
    {
        var entries = new List<StoredEntry>();
        Cursor payload = Payload();
        while (payload.Left > 0)
        {
            StoredEntry entry = payload.Entry(_reached.Position + 1);
            (long version, Hash256 hash) =
                _chains.GetValueOrDefault(entry.Tag, (0, Chain.Start(block, entry.Tag)));
            try
            {
                EntryReader.VerifyFollows(block, entry, version, hash);
            }
            catch (BrokenLedgerException broken)
            {
                throw LedgerBroken(broken);
            }

            _chains[entry.Tag] = (entry.Version, entry.Hash);
            _reached = new BlockHead(entry.Position, entry.Hash, _head.RecordedAt);
            entries.Add(entry);
        }

        _entries += entries.Count;
        return entries;
    }

    private void EndBlock()
    {
        if (_block is { } block && _reached != _head)
        {
            throw LedgerBroken(new BrokenLedgerException(
                block, _reached.Position, $"the head is another entry, at position {_head.Position}."));
        }
    }

    private async Task TakeEndAsync(CancellationToken cancellationToken)
    {
        EndBlock();
        if (_blocks != Header.Blocks || _entries != Header.Entries) throw Unfit();
        if (!IsEndSigned())
        {
            throw new BrokenBackupException(
                BackupFault.Damaged, "is not signed as a whole by the ledger's master key: somebody changed it");
        }

        if (await _from.ReadAsync(_frame.AsMemory(0, 1), cancellationToken) > 0)
        {
            throw new BrokenBackupException(BackupFault.Damaged, $"goes on after its end, at byte {_at}");
        }
    }

    private bool IsEndSigned() => IsSigned("end"u8, _before, Payload().Bytes(Hash256.Size));

    private bool IsSigned(ReadOnlySpan<byte> what, ReadOnlySpan<byte> said, ReadOnlySpan<byte> mac)
    {
        if (_key is null) return true;

        Span<byte> own = stackalloc byte[Hash256.Size];
        HMACSHA256.HashData(_key, [.. what, .. said], own);
        return CryptographicOperations.FixedTimeEquals(own, mac);
    }

    /// <returns>Its kind. Its bytes are those that were written.</returns>
    private async ValueTask<byte> ReadFrameAsync(CancellationToken cancellationToken)
    {
        long at = _at;
        Memory<byte> head = _frame.AsMemory(0, BackupFormat.FrameHeadSize);
        if (await FillAsync(head, cancellationToken) < head.Length) throw CutOff();

        _payload = BinaryPrimitives.ReadInt32BigEndian(head.Span[1..]);
        if (_payload is < 0 or > BackupFormat.PayloadMax) throw Damaged(at);

        Memory<byte> rest = _frame.AsMemory(head.Length, _payload + Hash256.Size);
        if (await FillAsync(rest, cancellationToken) < rest.Length) throw CutOff();

        _digest.CopyTo(_before, 0);
        _hash.AppendData(_digest);
        _hash.AppendData(_frame, 0, head.Length + _payload);
        _hash.GetHashAndReset(_digest);
        return rest.Span[_payload..].SequenceEqual(_digest) ? _frame[0] : throw Damaged(at);
    }

    private async ValueTask<int> FillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        int read = await _from.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken);
        _at += read;
        return read;
    }

    private Cursor Payload() => new(_frame.AsSpan(BackupFormat.FrameHeadSize, _payload));

    private string Place => _block is { } block ? $" (block {block}, or what follows it)" : "";

    private BrokenBackupException CutOff() => new(BackupFault.CutOff, $"was cut off: it ends at byte {_at}{Place}");

    private BrokenBackupException Damaged(long from) => new(
        BackupFault.Damaged, $"is not what was written: it is damaged between byte {from} and byte {_at}{Place}");

    private static BrokenBackupException LedgerBroken(BrokenLedgerException broken) =>
        new(BackupFault.LedgerBroken, $"is of a ledger that was broken by then. {broken.Message.TrimEnd('.')}", broken);

    /// <summary>The digest says that these bytes were written, so it was a program in error that wrote them.</summary>
    private static BrokenBackupException Unfit([CallerMemberName] string where = "") =>
        new(BackupFault.Damaged, $"does not hold together ({where})");

    /// <summary>Reads a payload from its first byte on.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> payload)
    {
        private readonly ReadOnlySpan<byte> _payload = payload;
        private int _at;

        public readonly int Left => _payload.Length - _at;

        public readonly ReadOnlySpan<byte> Passed => _payload[.._at];

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (count < 0 || count > Left) throw Unfit();

            _at += count;
            return _payload.Slice(_at - count, count);
        }

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));
        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(8));
        public UInt128 UInt128() => BinaryPrimitives.ReadUInt128BigEndian(Bytes(16));

        public DateTimeOffset Time()
        {
            try
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(Int64());
            }
            catch (ArgumentOutOfRangeException)
            {
                throw Unfit();
            }
        }

        public StoredEntry Entry(long position)
        {
            var tag = Pseudonym.Read(Bytes(Pseudonym.Size));
            long version = Int64();
            var hash = Hash256.Read(Bytes(Hash256.Size));
            byte flags = Bytes(1)[0];
            byte[]? salt = (flags & BackupFormat.HasSalt) != 0 ? Bytes(Sealer.SaltSize).ToArray() : null;
            CommandId? command = (flags & BackupFormat.HasCommand) != 0
                ? CommandId.Read(Bytes(CommandId.Size))
                : null;
            byte[] sealedBytes = Bytes(BinaryPrimitives.ReadInt32BigEndian(Bytes(4))).ToArray();
            return new StoredEntry(position, tag, version, salt, sealedBytes, hash, command);
        }
    }
}
