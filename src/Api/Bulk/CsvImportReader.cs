using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Unicode;

namespace NumberLedger.Api;

/// <summary>Walks the records of a CSV chunk.</summary>
internal abstract class CsvImportReader : ImportReader
{
    public override void Read(FileChunk chunk, List<ImportLine> lines)
    {
        ReadOnlySpan<byte> bytes = chunk.Bytes;
        bool isPlain = !bytes.Contains((byte)'"');
        long line = chunk.FirstLine;
        for (int start = 0; start < bytes.Length;)
        {
            bool isBroken = false;
            int length = isPlain
                ? bytes[start..].IndexOf((byte)'\n') + 1
                : CsvRecords.LengthOf(bytes[start..], isFinal: true, out isBroken);
            int end = start + length;
            if (end > start && bytes[end - 1] == '\n') end--;
            if (end > start && bytes[end - 1] == '\r') end--;
            if (end > start)
            {
                lines.Add(LineOf(
                    line, start, end,
                    end - start > CsvRecords.BytesMax ? RowContent.Refused(ProblemCatalog.LineTooLong)
                    : isBroken ? RowContent.Refused(ProblemCatalog.QuoteMalformed)
                    : Read(chunk.Buffer.AsMemory(start, end - start))));
            }

            line += isPlain ? 1 : bytes.Slice(start, length).Count((byte)'\n');
            start += length;
        }
    }
}

/// <summary>Reads rows whose columns a header names.</summary>
/// <param name="places">Of each column of the file: its place in <see cref="IRowShape.Columns"/>.</param>
internal sealed class CsvHeaderImportReader(IRowShape shape, int[] places, NumberReader numbers) : CsvImportReader
{
    protected override RowContent Read(ReadOnlyMemory<byte> row)
    {
        Span<Range> plain = stackalloc Range[shape.Columns.Count];
        plain.Clear();
        if (TryFindPlain(row.Span, plain) && shape.TryReadPlain(row.Span, plain, out RowContent content))
        {
            return content;
        }

        ReadOnlySpan<byte> record = row.Span;
        if (!Utf8.IsValid(record)) return RowContent.Refused(ProblemCatalog.TextMalformed, "Write it in UTF-8.");

        string[] fields = new string[shape.Columns.Count];
        Array.Fill(fields, "");
        var reader = new CsvFieldReader(record);
        int count = 0;
        for (; reader.Read(); count++)
        {
            if (count < places.Length) fields[places[count]] = reader.Text();
        }

        if (count < places.Length) return RowContent.Refused(ProblemCatalog.FieldsMissing);
        if (count > places.Length) return RowContent.Refused(ProblemCatalog.FieldsTooMany);

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            json.WriteStartObject();
            shape.WriteMembers(json, fields);
            json.WriteEndObject();
        }

        return NdjsonImportReader.Read(shape, numbers, buffer.WrittenMemory);
    }

    /// <returns>False: another number of fields, or one in quotes.</returns>
    private bool TryFindPlain(ReadOnlySpan<byte> record, Span<Range> fields)
    {
        var reader = new CsvFieldReader(record);
        int count = 0;
        for (; reader.Read(); count++)
        {
            if (count == places.Length || reader.IsQuoted) return false;

            fields[places[count]] = reader.Place;
        }

        return count == places.Length;
    }
}

/// <summary>Reads the carrier file of the FCC's Reassigned Numbers Database: no header, three fields or four.</summary>
internal sealed class RndImportReader(string carrier) : CsvImportReader
{
    private const int DigitsExpected = 10;
    private const int FieldsMin = 3;
    private const int FieldsMax = 4;

    /// <summary>Of North America, before the ten digits.</summary>
    private const long CallingCode = 1_00000_00000;

    // All disconnects of one day say the same, each of another number.
    private readonly ConcurrentDictionary<ushort, LedgerEvent.CarrierReport> _ofDays = new();

    protected override RowContent Read(ReadOnlyMemory<byte> row)
    {
        ReadOnlySpan<byte> record = row.Span;
        Span<Range> fields = stackalloc Range[FieldsMax + 1];
        int count = 0;
        var reader = new CsvFieldReader(record);
        for (; reader.Read(); count++)
        {
            int quotes = reader.IsQuoted ? 1 : 0;
            Range place = reader.Place;
            if (count < FieldsMax) fields[count] = (place.Start.Value + quotes)..(place.End.Value - quotes);
        }

        if (count < FieldsMin) return RowContent.Refused(ProblemCatalog.FieldsMissing, "Three fields, or four.");
        if (count > FieldsMax) return RowContent.Refused(ProblemCatalog.FieldsTooMany, "Three fields, or four.");
        return Read(record[fields[0]], record[fields[1]], record[fields[2]]);
    }

    private RowContent Read(ReadOnlySpan<byte> company, ReadOnlySpan<byte> digits, ReadOnlySpan<byte> day)
    {
        if (company.Length is < 3 or > 10 || !IsAlphanumeric(company))
        {
            return RowContent.Refused(ProblemCatalog.TextMalformed, "The company id has 3 to 10 letters and digits.");
        }

        if (digits.IsEmpty) return RowContent.Refused(ProblemCatalog.NumberMissing, "Send ten digits.");
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return RowContent.Refused(ProblemCatalog.NumberNotADigit, "Send ten digits.");
        }

        if (digits.Length < DigitsExpected) return RowContent.Refused(ProblemCatalog.NumberTooShort);
        if (digits.Length > DigitsExpected) return RowContent.Refused(ProblemCatalog.NumberTooLong);

        long value = 0;
        foreach (byte digit in digits) value = (value * 10) + digit - '0';
        if (!PhoneNumber.TryFromDigits(CallingCode + value, out PhoneNumber number))
        {
            return RowContent.Refused(ProblemCatalog.NumberUnknownCallingCode);
        }

        return FieldBytes.Day(day, out ushort packed) switch
        {
            LineFault.None => new RowContent(number, _ofDays.GetOrAdd(packed, ReportOf), null),
            LineFault.ConsentTooEarly => RowContent.Refused(ProblemCatalog.Of(Refusal.EffectiveTooEarly)),
            LineFault.ConsentInFuture => RowContent.Refused(ProblemCatalog.Of(Refusal.EffectiveInFuture)),
            _ => RowContent.Refused(ProblemCatalog.DayMalformed),
        };
    }

    private LedgerEvent.CarrierReport ReportOf(ushort packed)
    {
        DateOnly day = Days.Unpack(packed)!.Value;
        return new(CarrierEventKind.Disconnected, carrier, $"rnd-{day:yyyy-MM-dd}", day, null, null);
    }

    private static bool IsAlphanumeric(ReadOnlySpan<byte> text)
    {
        foreach (byte each in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)each)) return false;
        }

        return true;
    }
}
