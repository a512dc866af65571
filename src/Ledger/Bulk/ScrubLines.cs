namespace NumberLedger;

/// <summary>One line of a scrub as it was read.</summary>
/// <param name="Start">In the chunk.</param>
/// <param name="End">In the chunk, its line ending left out.</param>
/// <param name="Digits">Of the number; 0: the line cannot be asked.</param>
public readonly record struct ScrubLine(int Start, int End, long Digits, Question Question, LineFault Fault);

/// <summary>The lines of one chunk, in its order. Used again for a later chunk.</summary>
public sealed class ScrubLines
{
    private ScrubLine[] _lines = new ScrubLine[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<ScrubLine> All => _lines.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(in ScrubLine line)
    {
        if (Count == _lines.Length) Array.Resize(ref _lines, 2 * _lines.Length);
        _lines[Count++] = line;
    }

    /// <summary>Drops what comes after the first so many.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>The line cannot be asked after all.</summary>
    public void Reject(int index, LineFault fault) => _lines[index] = _lines[index] with { Digits = 0, Fault = fault };
}

/// <summary>How the values of a line are read, beside what stands in it.</summary>
/// <param name="Purpose">Of lines that name none.</param>
/// <param name="ReadNumber">Asked for what is not E.164 at first sight; tells the fault of what is none.</param>
public sealed record ScrubDefaults(Purposes Purpose, ReadNumber ReadNumber);

public delegate PhoneNumberFault ReadNumber(ReadOnlySpan<char> text, out PhoneNumber number);
