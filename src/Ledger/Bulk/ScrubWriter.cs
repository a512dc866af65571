namespace NumberLedger;

/// <summary>What a chunk was answered, in the places that <see cref="BlockGroups"/> gave its questions.</summary>
/// <param name="positions">Of each block.</param>
/// <param name="ofRegistry">Empty: no registry was asked for.</param>
public readonly ref struct ChunkAnswers(
    ReadOnlySpan<Answer> verdicts, ReadOnlySpan<long> positions, ReadOnlySpan<string?> ofRegistry)
{
    public ReadOnlySpan<Answer> Verdicts { get; } = verdicts;
    public ReadOnlySpan<long> Positions { get; } = positions;
    public ReadOnlySpan<string?> OfRegistry { get; } = ofRegistry;
}

/// <summary>Writes the lines of a scrub back, each with its answer.</summary>
/// <remarks>
/// What an answer says is one of few texts, and what it was made as of is one text a block: both are put together once,
/// so that a line is three copies.
/// </remarks>
public sealed class ScrubWriter(IScrubLineFormat format, Func<LineFault, (string Code, string Detail)> explain)
{
    /// <summary>Fifteen digits, a colon, and a position.</summary>
    private const int AsOfBytesMax = 40;

    private byte[] _asOf = [];
    private byte[] _asOfLengths = [];

    /// <param name="chunk">The lines stand in it.</param>
    /// <param name="firstLine">The number of the chunk's first line in its file.</param>
    /// <param name="from">The place of the line to begin with.</param>
    /// <param name="bytesMax">
    /// When the answer has as many, what is left waits for another call: a few bytes of CSV are many of NDJSON, where
    /// every line names its columns.
    /// </param>
    /// <returns>The place of the line to go on with; as many as there are lines: none is left.</returns>
    public int Write(
        ReadOnlySpan<byte> chunk, long firstLine, ScrubLines lines, int from, BlockGroups groups,
        in ChunkAnswers answers, AnswerBuffer to, int bytesMax, ScrubCounts counts)
    {
        if (from == 0) WriteAsOf(groups, answers.Positions);
        ReadOnlySpan<int> groupOf = groups.GroupOf;
        ReadOnlySpan<int> placeOf = groups.PlaceOf;
        int counted = 0;
        ReadOnlySpan<ScrubLine> all = lines.All;
        int i = from;
        for (; i < all.Length && to.Length < bytesMax; i++)
        {
            ref readonly ScrubLine line = ref all[i];
            ReadOnlySpan<byte> text = chunk[line.Start..line.End];
            int group = groupOf[i];
            if (group < 0)
            {
                firstLine += chunk[counted..line.Start].Count((byte)'\n');
                counted = line.Start;
                (string code, string detail) = explain(line.Fault);
                format.WriteBad(to, text, line, firstLine, code, detail);
                counts.Bad++;
                continue;
            }

            int place = placeOf[i];
            ref readonly Answer answer = ref answers.Verdicts[place];
            ReadOnlySpan<byte> asOf = _asOf.AsSpan(group * AsOfBytesMax, _asOfLengths[group]);
            format.Write(to, text, line, answer, asOf, answers.OfRegistry.IsEmpty ? null : answers.OfRegistry[place]);
            counts.Count(answer);
        }

        return i;
    }

    private void WriteAsOf(BlockGroups groups, ReadOnlySpan<long> positions)
    {
        if (_asOfLengths.Length < groups.Count)
        {
            _asOfLengths = new byte[groups.Count];
            _asOf = new byte[groups.Count * AsOfBytesMax];
        }

        for (int group = 0; group < groups.Count; group++)
        {
            Span<byte> text = _asOf.AsSpan(group * AsOfBytesMax, AsOfBytesMax);
            groups.Block(group).Key.TryFormat(text, out int written, provider: null);
            text[written++] = (byte)':';
            positions[group].TryFormat(text[written..], out int more, provider: null);
            _asOfLengths[group] = (byte)(written + more);
        }
    }
}

/// <summary>How a line and its answer are written. One for CSV, one for NDJSON.</summary>
public interface IScrubLineFormat
{
    /// <param name="text">The line as it was, without its line ending.</param>
    /// <param name="ofRegistry">Null: nothing to tell, or no registry was asked for.</param>
    void Write(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, in Answer answer, ReadOnlySpan<byte> asOf,
        string? ofRegistry);

    /// <param name="number">Of the line in its file.</param>
    void WriteBad(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, long number, string code, string detail);
}
