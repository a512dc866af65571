namespace NumberLedger;

/// <summary>Where the records of a CSV text begin and end: RFC 4180, and a rule for what breaks it.</summary>
/// <remarks>
/// A quote opens a field only at its beginning; elsewhere it is a character like others. A record that cannot be read
/// (a quote that is not closed within the limit, or anything but a comma after a closing quote) ends with its first
/// line, so that one stray quote never swallows a file. Whoever cuts a text into chunks and whoever reads the records
/// MUST both ask here, or they disagree about what a record is.
/// </remarks>
public static class CsvRecords
{
    /// <summary>Bytes of a record, its line ending left out. A quoted field may span lines up to it.</summary>
    public const int BytesMax = 65_536;

    private const byte Quote = (byte)'"';

    /// <param name="bytes">From the beginning of a record.</param>
    /// <param name="isFinal">No bytes will follow.</param>
    /// <param name="isBroken">The record ends with its first line because it cannot be read.</param>
    /// <returns>
    /// The length of the record with its LF; without one if the text ends before it; 0: more bytes are needed to tell.
    /// </returns>
    public static int LengthOf(ReadOnlySpan<byte> bytes, bool isFinal, out bool isBroken)
    {
        isBroken = false;
        int at = 0;
        while (true)
        {
            if (at < bytes.Length && bytes[at] == Quote)
            {
                int closed = AfterClosingQuote(bytes, at);
                if (closed < 0 || closed - at > BytesMax)
                {
                    return closed >= 0 || isFinal || bytes.Length > BytesMax
                        ? FirstLine(bytes, isFinal, out isBroken)
                        : 0;
                }

                at = closed;
                if (at == bytes.Length) return isFinal ? at : 0;
                if (bytes[at] == '\n') return WithinLimit(bytes, at + 1, isFinal, out isBroken);
                if (bytes[at] == '\r')
                {
                    if (at + 1 == bytes.Length && !isFinal) return 0;
                    if (at + 1 < bytes.Length && bytes[at + 1] == '\n')
                    {
                        return WithinLimit(bytes, at + 2, isFinal, out isBroken);
                    }
                }

                if (bytes[at] != ',') return FirstLine(bytes, isFinal, out isBroken);
                at++;
                continue;
            }

            int end = bytes[at..].IndexOfAny((byte)',', (byte)'\n');
            if (end < 0) return isFinal ? bytes.Length : 0;
            at += end + 1;
            if (bytes[at - 1] == '\n') return WithinLimit(bytes, at, isFinal, out isBroken);
        }
    }

    /// <summary>The length of the whole records at the beginning of a text.</summary>
    public static int WholeRecords(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        if (isFinal) return bytes.Length;
        if (!bytes.Contains(Quote)) return bytes.LastIndexOf((byte)'\n') + 1;

        int whole = 0;
        while (whole < bytes.Length && LengthOf(bytes[whole..], isFinal, out _) is > 0 and int length) whole += length;
        return whole;
    }

    /// <returns>-1: the text ends before the quote closes.</returns>
    private static int AfterClosingQuote(ReadOnlySpan<byte> bytes, int open)
    {
        for (int at = open + 1; at <= bytes.Length;)
        {
            int quote = bytes[at..].IndexOf(Quote);
            if (quote < 0) return -1;

            at += quote + 1;
            if (at == bytes.Length || bytes[at] != Quote) return at;
            at++;
        }

        return -1;
    }

    private static int WithinLimit(ReadOnlySpan<byte> bytes, int length, bool isFinal, out bool isBroken)
    {
        isBroken = false;
        // Longer only by its quoted line breaks: then it is broken; a single long line is too long, and that is another
        // matter.
        return length - 1 > BytesMax ? FirstLine(bytes[..length], isFinal, out isBroken) : length;
    }

    private static int FirstLine(ReadOnlySpan<byte> bytes, bool isFinal, out bool isBroken)
    {
        isBroken = true;
        int end = bytes.IndexOf((byte)'\n');
        return end >= 0 ? end + 1 : isFinal ? bytes.Length : 0;
    }
}
