using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NumberLedger;

/// <summary>The canonical bytes of what an entry says: equal contents give equal bytes.</summary>
/// <remarks>
/// <code>
/// content  = format, 1 byte = 1 | kind, 1 byte | offset, u16 | recorded at, i64, unix milliseconds | fields
/// text     = length in bytes, u16 | UTF-8, well-formed
/// day      = i32, days since 0001-01-01
/// instant  = i64, 100 ns ticks UTC since 0001-01-01 | i16, offset in minutes
/// optional = 0 or 1, 1 byte | the value if 1
/// list     = count, u16 | each
/// number   = i64, digits
/// </code>
/// All integers big-endian. What a field cannot mean (a role 9, a purpose 16) is neither written nor read: an older
/// release must stop at a newer one's entry and not guess. The fields of each kind stand in the order of
/// <see cref="WriteFields"/>; kinds and their fields are in docs/reference/entries.md. A release MUST read what every
/// earlier one wrote: a changed field takes a new kind. tests/Ledger.Tests/Golden holds the bytes of each format.
/// </remarks>
public static class EntryCodec
{
    public const byte Format = 1;

    /// <summary>
    /// The longest text that a field takes, bytes of UTF-8. Longer input MUST be refused before it gets here.
    /// </summary>
    public const int TextBytesMax = ushort.MaxValue;

    // Not Encoding.UTF8: that writes a replacement character for what it cannot encode, and reads one.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly (byte Min, byte Max) ReportKinds =
        ((byte)CarrierEventKind.Disconnected, (byte)CarrierEventKind.Retracted);
    private static readonly (byte Min, byte Max) BindingRoles = ((byte)BindingRole.Borrower, (byte)BindingRole.Contact);
    private static readonly (byte Min, byte Max) PartyRoles = ((byte)PartyRole.Lender, (byte)PartyRole.Operator);
    private static readonly (byte Min, byte Max) AnyPurposes = ((byte)Purposes.None, (byte)Purposes.All);
    private static readonly (byte Min, byte Max) Thousands = (0, BlockRanges.ThousandsPerBlock - 1);

    /// <exception cref="ArgumentException">The content says what no entry can say.</exception>
    public static byte[] Encode(EntryContent content)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        Encode(content, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Encode(EntryContent)"/>
    public static void Encode(EntryContent content, ArrayBufferWriter<byte> to)
    {
        if (!IsOffset(content.Offset))
        {
            throw new ArgumentOutOfRangeException(nameof(content), content.Offset, "No such offset.");
        }

        var writer = new Writer(to);
        writer.Byte(Format);
        writer.Byte(KindOf(content.Event));
        writer.U16(content.Offset);
        writer.I64(content.RecordedAt.ToUnixTimeMilliseconds());
        WriteFields(writer, content.Event);
    }

    /// <exception cref="FormatException">
    /// Another format, an unknown kind or value, or bytes left over or missing.
    /// </exception>
    public static EntryContent Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        byte format = reader.Byte();
        if (format != Format) throw new FormatException($"Entry format {format} is not known to this release.");

        byte kind = reader.Byte();
        ushort offset = reader.U16();
        if (!IsOffset(offset)) throw new FormatException($"No number of a block has offset {offset}.");

        try
        {
            DateTimeOffset recordedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.I64());
            LedgerEvent happened = ReadFields(ref reader, kind);
            if (!reader.AtEnd) throw new FormatException($"Entry of kind {kind} has bytes left over.");
            return new EntryContent(recordedAt, offset, happened);
        }
        catch (ArgumentException impossible)
        {
            // A day or an instant that no calendar has, or a text that is not UTF-8.
            throw new FormatException($"Entry of kind {kind} holds an impossible value.", impossible);
        }
    }

    private static bool IsOffset(ushort offset) => offset is < NumberBlock.NumbersPerBlock or EntryContent.NoOffset;

    private static byte KindOf(LedgerEvent happened) => happened switch
    {
        LedgerEvent.CarrierReport => 1,
        LedgerEvent.Bound => 2,
        LedgerEvent.Released => 3,
        LedgerEvent.OptedOut => 4,
        LedgerEvent.RangeSet => 5,
        LedgerEvent.RangeEnded => 6,
        LedgerEvent.PartyRegistered => 7,
        LedgerEvent.KeyAdded => 8,
        LedgerEvent.KeyRevoked => 9,
        LedgerEvent.RangeListed => 10,
        LedgerEvent.RangeDelisted => 11,
        LedgerEvent.FeedReported => 12,
        _ => throw new System.Diagnostics.UnreachableException($"No kind for {happened.GetType().Name}."),
    };

    private static void WriteFields(Writer to, LedgerEvent happened)
    {
        switch (happened)
        {
            case LedgerEvent.CarrierReport e:
                to.Byte((byte)e.Kind, ReportKinds).Text(e.Carrier).Text(e.EventId).Day(e.On)
                    .Text(e.OtherCarrier, optional: true).Text(e.Retracts, optional: true);
                break;
            case LedgerEvent.Bound e:
                to.Text(e.Lender).Byte((byte)e.Role, BindingRoles).Byte((byte)e.Purposes, AnyPurposes)
                    .Instant(e.ConsentedAt).Day(e.ConsentedOn).Byte(e.ExpiresAt is null ? (byte)0 : (byte)1);
                if (e.ExpiresAt is { } expiresAt) to.Instant(expiresAt);
                to.Text(e.Evidence?.Kind, optional: true);
                if (e.Evidence is { } evidence)
                {
                    to.Text(evidence.Reference, optional: true).Text(evidence.Digest, optional: true);
                }

                break;
            case LedgerEvent.Released e:
                to.Text(e.Lender);
                break;
            case LedgerEvent.OptedOut e:
                to.Text(e.Lender, optional: true).Byte((byte)e.Purposes, AnyPurposes).Instant(e.ReceivedAt)
                    .Text(e.ReportedBy);
                break;
            case LedgerEvent.RangeSet e:
                to.Text(e.Carrier).Byte(e.FirstThousand, Thousands).Byte(e.LastThousand, Thousands).Day(e.TrackedSince);
                break;
            case LedgerEvent.RangeEnded e:
                to.Text(e.Carrier).Byte(e.FirstThousand, Thousands).Byte(e.LastThousand, Thousands);
                break;
            case LedgerEvent.PartyRegistered e:
                to.Text(e.Party).Text(e.Name).Byte((byte)e.Role, PartyRoles);
                break;
            case LedgerEvent.KeyAdded e:
                to.Text(e.KeyId).Text(e.Party).Hash(e.Digest).Texts(e.Scopes);
                break;
            case LedgerEvent.KeyRevoked e:
                to.Text(e.KeyId);
                break;
            case LedgerEvent.RangeListed e:
                to.Text(e.Carrier).I64(e.From.Digits).I64(e.To.Digits).Day(e.TrackedSince);
                break;
            case LedgerEvent.RangeDelisted e:
                to.Text(e.Carrier).I64(e.From.Digits).I64(e.To.Digits);
                break;
            case LedgerEvent.FeedReported e:
                to.Text(e.Carrier).Text(e.EventId).I64(e.From.Digits).I64(e.To.Digits).Day(e.CompleteThrough);
                break;
        }
    }

    // Arguments are evaluated from left to right, which is the order of the fields.
    private static LedgerEvent ReadFields(ref Reader from, byte kind) => kind switch
    {
        1 => new LedgerEvent.CarrierReport(
            (CarrierEventKind)from.Byte(ReportKinds), from.Text(), from.Text(), from.OptionalDay(), from.OptionalText(),
            from.OptionalText()),
        2 => new LedgerEvent.Bound(
            from.Text(), (BindingRole)from.Byte(BindingRoles), (Purposes)from.Byte(AnyPurposes), from.Instant(),
            from.Day(),
            from.Flag() ? from.Instant() : null,
            from.OptionalText() is { } evidence
                ? new Evidence(evidence, from.OptionalText(), from.OptionalText())
                : null),
        3 => new LedgerEvent.Released(from.Text()),
        4 => new LedgerEvent.OptedOut(
            from.OptionalText(), (Purposes)from.Byte(AnyPurposes), from.Instant(), from.Text()),
        5 => new LedgerEvent.RangeSet(from.Text(), from.Byte(Thousands), from.Byte(Thousands), from.Day()),
        6 => new LedgerEvent.RangeEnded(from.Text(), from.Byte(Thousands), from.Byte(Thousands)),
        7 => new LedgerEvent.PartyRegistered(from.Text(), from.Text(), (PartyRole)from.Byte(PartyRoles)),
        8 => new LedgerEvent.KeyAdded(from.Text(), from.Text(), from.Hash(), from.Texts()),
        9 => new LedgerEvent.KeyRevoked(from.Text()),
        10 => new LedgerEvent.RangeListed(from.Text(), from.Number(), from.Number(), from.Day()),
        11 => new LedgerEvent.RangeDelisted(from.Text(), from.Number(), from.Number()),
        12 => new LedgerEvent.FeedReported(from.Text(), from.Text(), from.Number(), from.Number(), from.Day()),
        _ => throw new FormatException($"Entry kind {kind} is not known to this release."),
    };

    private readonly struct Writer(ArrayBufferWriter<byte> buffer)
    {
        public Writer Byte(byte value)
        {
            buffer.GetSpan(1)[0] = value;
            buffer.Advance(1);
            return this;
        }

        public Writer Byte(byte value, (byte Min, byte Max) possible) => value >= possible.Min && value <= possible.Max
            ? Byte(value)
            : throw new ArgumentOutOfRangeException(nameof(value), value, "No entry can say this.");

        public Writer U16(int value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), checked((ushort)value));
            buffer.Advance(2);
            return this;
        }

        public Writer I64(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), value);
            buffer.Advance(8);
            return this;
        }

        public Writer Day(DateOnly day)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), day.DayNumber);
            buffer.Advance(4);
            return this;
        }

        public Writer Day(DateOnly? day) => day is { } known ? Byte(1).Day(known) : Byte(0);

        public Writer Instant(DateTimeOffset instant)
        {
            I64(instant.UtcTicks);
            BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(2), (short)instant.TotalOffsetMinutes);
            buffer.Advance(2);
            return this;
        }

        public Writer Text(string? text, bool optional = false)
        {
            if (optional) Byte(text is null ? (byte)0 : (byte)1);
            if (text is null) return this;

            int length = Utf8.GetByteCount(text);
            U16(length);
            Utf8.GetBytes(text, buffer.GetSpan(length));
            buffer.Advance(length);
            return this;
        }

        public Writer Texts(EquatableList<string> texts)
        {
            U16(texts.Count);
            foreach (string text in texts) Text(text);
            return this;
        }

        public Writer Hash(Hash256 hash)
        {
            hash.Write(buffer.GetSpan(Hash256.Size));
            buffer.Advance(Hash256.Size);
            return this;
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool AtEnd => _rest.IsEmpty;

        public byte Byte() => Take(1)[0];
        public byte Byte((byte Min, byte Max) possible)
        {
            byte value = Byte();
            return value >= possible.Min && value <= possible.Max
                ? value
                : throw new FormatException($"Expected {possible.Min} to {possible.Max}, found {value}.");
        }

        public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        public long I64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));
        public DateOnly Day() => DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32BigEndian(Take(4)));
        public DateOnly? OptionalDay() => Flag() ? Day() : null;
        public string Text() => Utf8.GetString(Take(U16()));
        public string? OptionalText() => Flag() ? Text() : null;
        public Hash256 Hash() => Hash256.Read(Take(Hash256.Size));

        public bool Flag() => Byte() switch
        {
            0 => false,
            1 => true,
            var other => throw new FormatException($"Expected 0 or 1, found {other}."),
        };

        public DateTimeOffset Instant()
        {
            long ticks = I64();
            var offset = TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16BigEndian(Take(2)));
            return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(offset);
        }

        public PhoneNumber Number() => PhoneNumber.TryFromDigits(I64(), out PhoneNumber number)
            ? number
            : throw new FormatException("A field is not a telephone number.");

        public EquatableList<string> Texts()
        {
            string[] texts = new string[U16()];
            for (int i = 0; i < texts.Length; i++) texts[i] = Text();
            return new EquatableList<string>(texts);
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > _rest.Length) throw new FormatException("The entry ends too early.");
            ReadOnlySpan<byte> taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
