using System.Text.Json;

namespace NumberLedger;

/// <summary>Reads the lines of a scrub's NDJSON chunk in place: one JSON object each.</summary>
/// <param name="reserved">Names of members that the answer adds.</param>
public sealed class ScrubNdjsonReader(ScrubDefaults defaults, IReadOnlyList<string> reserved)
{
    private const int DepthMax = 64;

    /// <param name="bytes">Whole lines, each with its LF.</param>
    public void Read(ReadOnlySpan<byte> bytes, ScrubLines lines)
    {
        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes[start..].IndexOf((byte)'\n');
            int end = start + length;
            if (end > start && bytes[end - 1] == '\r') end--;
            if (!bytes[start..end].Trim(" \t"u8).IsEmpty) lines.Add(Read(bytes[start..end], start, end));
            start += length + 1;
        }
    }

    private ScrubLine Read(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text.Length > CsvRecords.BytesMax) return new(start, end, 0, default, LineFault.LineTooLong);

        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
        var line = new Members { Purpose = defaults.Purpose };
        try
        {
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            {
                return new(start, end, 0, default, LineFault.LineMalformed);
            }

            while (json.Read() && json.TokenType is JsonTokenType.PropertyName) Take(ref json, ref line);
            if (json.Read()) line.Fault = LineFault.LineMalformed; // Never reached: more than one value throws.
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new(start, end, 0, default, LineFault.LineMalformed);
        }

        if (!line.HasNumber) line.Note(LineFault.NumberAbsent);
        return new(
            start, end, line.Fault is LineFault.None ? line.Digits : 0, new(line.Purpose, line.Day), line.Fault);
    }

    private void Take(ref Utf8JsonReader json, ref Members line)
    {
        bool isNumber = json.ValueTextEquals("number"u8);
        bool isPurpose = !isNumber && json.ValueTextEquals("purpose"u8);
        bool isDate = !isNumber && !isPurpose && json.ValueTextEquals("date"u8);
        if (!isNumber && !isPurpose && !isDate)
        {
            foreach (string name in reserved)
            {
                if (json.ValueTextEquals(name)) line.Note(LineFault.MemberReserved);
            }

            json.Read();
            json.Skip();
            return;
        }

        json.Read();
        if (json.TokenType is JsonTokenType.Null) return; // As absent: many write out what they do not have.
        if (json.TokenType is not JsonTokenType.String)
        {
            line.Note(LineFault.TypeWrong);
            json.Skip();
            return;
        }

        ref bool seen = ref line.HasNumber;
        if (isPurpose) seen = ref line.HasPurpose;
        if (isDate) seen = ref line.HasDate;
        if (seen) line.Note(LineFault.MemberDuplicated);
        seen = true;

        // An escape is as rare as it is allowed.
        ReadOnlySpan<byte> value = json.ValueIsEscaped ? Unescaped(json) : json.ValueSpan;
        if (isNumber) line.Note(FieldBytes.Number(value, defaults.ReadNumber, out line.Digits));
        else if (isPurpose && !value.IsEmpty) line.Note(FieldBytes.Purpose(value, out line.Purpose));
        else if (isDate && !value.IsEmpty) line.Note(FieldBytes.Day(value, out line.Day));
    }

    private static byte[] Unescaped(in Utf8JsonReader json) => System.Text.Encoding.UTF8.GetBytes(json.GetString()!);

    private struct Members
    {
        public long Digits;
        public Purposes Purpose;
        public ushort Day;
        public LineFault Fault;
        public bool HasNumber;
        public bool HasPurpose;
        public bool HasDate;

        /// <summary>
        /// The first one stays; but whoever answers must know that a member has the name of one of the answer's.
        /// </summary>
        public void Note(LineFault fault)
        {
            if (Fault is LineFault.None || fault is LineFault.MemberReserved) Fault = fault;
        }
    }
}
