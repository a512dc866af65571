using System.Buffers.Binary;
using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>Between the ledger's values and the properties of rows.</summary>
internal static class AzureRows
{
    public const string Position = "Seq";
    public const string Hash = "Hash";
    public const string Tag = "Tag";
    public const string Version = "Version";
    public const string Command = "Cmd";
    public const string Sealed = "Sealed";
    public const string Group = "Group";
    private const string Salt = "Salt";
    private const string RecordedAt = "At";

    /// <summary>Of a head, or of a row that only says where its entry stands.</summary>
    public static readonly string[] PositionAlone = ["PartitionKey", "RowKey", Position];

    public static TableEntity Of(string partition, BlockHead head) => new(partition, AzureKeys.Head)
    {
        [Position] = head.Position,
        [Hash] = head.Hash.ToArray(),
        [RecordedAt] = head.RecordedAt.ToUnixTimeMilliseconds(),
    };

    /// <param name="command">Null: it has none, or an entry before it has the same.</param>
    /// <param name="group">Null: it is not the last of its transaction.</param>
    public static IEnumerable<TableEntity> Of(
        string partition, long position, NewEntry entry, CommandId? command, Guid? group)
    {
        var row = new TableEntity(partition, AzureKeys.Entry(position))
        {
            [Tag] = entry.Tag.ToArray(),
            [Version] = entry.Version,
            [Sealed] = entry.Sealed,
            [Hash] = entry.Hash.ToArray(),
        };
        if (entry.Salt is not null) row[Salt] = entry.Salt;
        if (entry.Command is { } own) row[Command] = own.ToArray();
        if (group is { } id) row[Group] = id;
        yield return row;
        yield return At(AzureKeys.Version(entry.Tag, entry.Version));
        if (command is { } first) yield return At(AzureKeys.Command(entry.Tag, first));

        TableEntity At(string key) => new(partition, key) { [Position] = position };
    }

    /// <exception cref="FormatException">It is not what this store writes.</exception>
    public static BlockHead HeadOf(TableEntity? row) => row is null
        ? default
        : new(Long(row, Position), HashOf(row), DateTimeOffset.FromUnixTimeMilliseconds(Long(row, RecordedAt)));

    /// <exception cref="FormatException">It is not what this store writes.</exception>
    public static StoredEntry EntryOf(TableEntity row) => new(
        Position: AzureKeys.PositionOf(row.RowKey) ?? throw Malformed(row, "its key"),
        Tag: new Pseudonym(ValueOf(row, Tag)), Version: Long(row, Version), Salt: BytesOrNull(row, Salt),
        Sealed: BytesOrNull(row, Sealed) ?? throw Malformed(row, Sealed), Hash: HashOf(row),
        Command: row.ContainsKey(Command) ? new CommandId(ValueOf(row, Command)) : null);

    /// <summary>As it is, for fsck.</summary>
    public static RawEntry RawEntryOf(TableEntity row) => new(
        AzureKeys.PositionOf(row.RowKey) ?? 0, BytesOrNull(row, Tag) ?? [], LongOrZero(row, Version),
        BytesOrNull(row, Salt), BytesOrNull(row, Sealed) ?? [], BytesOrNull(row, Hash) ?? [],
        BytesOrNull(row, Command));

    public static RawHead RawHeadOf(TableEntity row) =>
        new(LongOrZero(row, Position), BytesOrNull(row, Hash) ?? [], LongOrZero(row, RecordedAt));

    public static byte[]? BytesOrNull(TableEntity row, string name) =>
        row.TryGetValue(name, out object? value) ? value as byte[] : null;

    public static long LongOrZero(TableEntity row, string name) =>
        row.TryGetValue(name, out object? value) && value is long number ? number : 0;

    /// <exception cref="FormatException">It is not what this store writes.</exception>
    public static long Long(TableEntity row, string name) =>
        row.TryGetValue(name, out object? value) && value is long number ? number : throw Malformed(row, name);

    /// <exception cref="FormatException">It is not what this store writes.</exception>
    public static Hash256 HashOf(TableEntity row) => BytesOrNull(row, Hash) is { Length: Hash256.Size } bytes
        ? Hash256.Read(bytes)
        : throw Malformed(row, Hash);

    /// <summary>To be matched by a later request: without one that would be carried out in any case.</summary>
    /// <exception cref="FormatException">It came without.</exception>
    public static ETag ETagOf(TableEntity row) => row.ETag == default ? throw Malformed(row, "its ETag") : row.ETag;

    public static TableTransactionAction DeletionOf(TableEntity row) =>
        new(TableTransactionActionType.Delete, row, ETagOf(row));

    private static UInt128 ValueOf(TableEntity row, string name) =>
        BytesOrNull(row, name) is { Length: Pseudonym.Size } bytes
            ? BinaryPrimitives.ReadUInt128BigEndian(bytes)
            : throw Malformed(row, name);

    private static FormatException Malformed(TableEntity row, string name) =>
        new($"The row {row.RowKey} of the partition {row.PartitionKey} is damaged: {name}.");
}
