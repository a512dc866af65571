using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NumberLedger;

/// <summary>Reads the records of a scrub's CSV chunk in place.</summary>
/// <remarks>
/// A chunk without quotes, as nearly all are, is walked by its commas and line breaks, 32 bytes at a look. Any quote,
/// and the whole chunk is read record by record.
/// </remarks>
public sealed class ScrubCsvReader(ScrubColumns columns, ScrubDefaults defaults)
{
    private enum Role : byte
    {
        Other,
        Number,
        Purpose,
        Date,
    }

    private readonly Role[] _roles = RolesOf(columns);

    /// <param name="buffer">The chunk and, behind it, at least 32 bytes that may be read.</param>
    /// <param name="length">Of the chunk: whole records, each with its LF.</param>
    public void Read(byte[] buffer, int length, ScrubLines lines)
    {
        if (buffer.AsSpan(0, length).Contains((byte)'"')) ReadRecords(buffer.AsSpan(0, length), lines);
        else ReadPlain(buffer, length, lines);
    }

    private void ReadPlain(byte[] buffer, int length, ScrubLines lines)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length + Vector256<byte>.Count, buffer.Length, nameof(length));

        Vector256<byte> comma = Vector256.Create((byte)','), lineFeed = Vector256.Create((byte)'\n');
        ref byte first = ref MemoryMarshal.GetArrayDataReference(buffer);
        Line line = Begin(0);
        int field = 0;
        for (int at = 0; at < length; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref first, (nuint)at);
            Vector256<byte> ends = Vector256.Equals(bytes, comma) | Vector256.Equals(bytes, lineFeed);
            uint found = ends.ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                int end = at + BitOperations.TrailingZeroCount(found);
                if (end >= length) return; // Only what lies behind the last line's break.

                if (buffer[end] == ',')
                {
                    Take(ref line, buffer.AsSpan(field, end - field));
                    field = end + 1;
                    continue;
                }

                int content = end > line.Start && buffer[end - 1] == '\r' ? end - 1 : end;
                if (content > line.Start)
                {
                    Take(ref line, buffer.AsSpan(field, content - field));
                    End(ref line, content, lines);
                }

                field = end + 1;
                line = Begin(field);
            }
        }
    }

    private void ReadRecords(ReadOnlySpan<byte> bytes, ScrubLines lines)
    {
        for (int start = 0; start < bytes.Length;)
        {
            int length = CsvRecords.LengthOf(bytes[start..], isFinal: true, out bool isBroken);
            int content = start + length;
            if (content > start && bytes[content - 1] == '\n') content--;
            if (content > start && bytes[content - 1] == '\r') content--;
            if (content > start)
            {
                Line line = Begin(start);
                if (isBroken) line.Fault = LineFault.QuoteMalformed;
                else TakeAll(ref line, bytes[start..content]);
                End(ref line, content, lines);
            }

            start += length;
        }
    }

    private void TakeAll(ref Line line, ReadOnlySpan<byte> record)
    {
        var fields = new CsvFieldReader(record);
        while (fields.Read())
        {
            // A pair of quotes inside a number, a purpose or a day makes it none anyway.
            Take(ref line, fields.IsQuoted ? fields.Raw[1..^1] : fields.Raw);
        }
    }

    private Line Begin(int start) => new() { Start = start, Purpose = defaults.Purpose };

    private void Take(ref Line line, ReadOnlySpan<byte> field)
    {
        int column = line.Columns++;
        if (column >= _roles.Length) return;

        LineFault fault = LineFault.None;
        switch (_roles[column])
        {
            case Role.Number:
                fault = FieldBytes.Number(field, defaults.ReadNumber, out line.Digits);
                break;
            case Role.Purpose when !field.IsEmpty:
                fault = FieldBytes.Purpose(field, out line.Purpose);
                break;
            case Role.Date when !field.IsEmpty:
                fault = FieldBytes.Day(field, out line.Day);
                break;
        }

        if (fault is not LineFault.None && line.Fault is LineFault.None) line.Fault = fault;
    }

    private void End(ref Line line, int end, ScrubLines lines)
    {
        LineFault fault = end - line.Start > CsvRecords.BytesMax ? LineFault.LineTooLong
            : line.Fault is LineFault.QuoteMalformed ? line.Fault
            : line.Columns < columns.Names.Count ? LineFault.FieldsMissing
            : line.Columns > columns.Names.Count ? LineFault.FieldsTooMany
            : line.Fault;
        lines.Add(new ScrubLine(
            line.Start, end, fault is LineFault.None ? line.Digits : 0, new Question(line.Purpose, line.Day), fault));
    }

    private static Role[] RolesOf(ScrubColumns columns)
    {
        var roles = new Role[columns.Names.Count];
        roles[columns.Number] = Role.Number;
        if (columns.Purpose >= 0) roles[columns.Purpose] = Role.Purpose;
        if (columns.Date >= 0) roles[columns.Date] = Role.Date;
        return roles;
    }

    private struct Line
    {
        public int Start;
        public int Columns;
        public long Digits;
        public Purposes Purpose;
        public ushort Day;
        public LineFault Fault;
    }
}
