namespace NumberLedger.Cli;

/// <summary>How far a file is. Written by those who move it, read by who shows it.</summary>
internal sealed class FileMeter
{
    private long _bytes;
    private long _lines;

    /// <summary>Lines are counted as they are sent, since only few of them are answered.</summary>
    public bool CountsSentLines { get; init; }

    /// <summary>What is moved is a backup, which is not made of lines.</summary>
    public bool CountsEntries { get; init; }

    /// <summary>Of the file; null if nobody can know, as of standard input.</summary>
    public long? BytesTotal { get; set; }

    /// <summary>Of the file, that the ledger has taken.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Of a scrub, that were answered; of a file that writes, that were sent.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    public void Sent(ReadOnlySpan<byte> block)
    {
        Interlocked.Add(ref _bytes, block.Length);
        if (CountsSentLines) Interlocked.Add(ref _lines, block.Count((byte)'\n'));
    }

    public void AddLines(long count) => Interlocked.Add(ref _lines, count);

    /// <summary>What the server says of a job.</summary>
    public void Set(long bytes, long? bytesTotal, long lines)
    {
        BytesTotal = bytesTotal;
        Interlocked.Exchange(ref _bytes, bytes);
        Interlocked.Exchange(ref _lines, lines);
    }
}
