using System.Security.Cryptography;

namespace NumberLedger.Cli;

/// <summary>Takes bytes that are certainly before the trailer.</summary>
internal delegate void Settled(ReadOnlySpan<byte> bytes);

/// <summary>Hashes and counts an answer while it passes, and judges it by its trailer when it has ended.</summary>
/// <remarks>
/// The last line so far is held back: it may be the trailer, which is not a part of what it vouches for.
/// </remarks>
internal sealed class AnswerCheck(FileFormat format, Settled settled) : IDisposable
{
    /// <summary>The ledger's trailers are under 4 KiB; a longer line is none.</summary>
    private const int TrailerBytesMax = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _last = new();
    private CsvScan _scan = new();
    private bool _lastIsWhole = true;
    private bool _midRecord;

    /// <summary>Lines that were answered, the trailer and, in CSV, the header not among them.</summary>
    public long Records => Math.Max(0, _records - (format == FileFormat.Csv ? 1 : 0));

    private long _records;

    public void Add(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty) return;

        // What was held back is not the last line any more, if another began.
        if (_last.Length > 0 && EndsLine(_last.GetBuffer().AsSpan(0, (int)_last.Length))) ReleaseLast();
        int lastLine = block[..^1].LastIndexOf((byte)'\n') + 1;
        if (lastLine > 0)
        {
            ReleaseLast();
            _lastIsWhole = true;
            Settle(block[..lastLine]);
        }

        _last.Write(block[lastLine..]);
        if (_last.Length > TrailerBytesMax)
        {
            ReleaseLast();
            _lastIsWhole = false;
        }
    }

    /// <summary>The answer has ended. Once.</summary>
    /// <param name="countOfRecords">Which count of the trailer says how many lines the answer has.</param>
    public AnswerVerdict Finish(string countOfRecords)
    {
        ReadOnlySpan<byte> line = _last.GetBuffer().AsSpan(0, (int)_last.Length);
        AnswerTrailer? trailer = _lastIsWhole ? AnswerTrailer.Parse(format, line) : null;
        if (trailer is null)
        {
            // No trailer: then it is a line like the others, or a part of one.
            ReleaseLast();
            return new AnswerVerdict(null, [], DigestFits: false, CountFits: false);
        }

        string digest = Convert.ToHexStringLower(_hash.GetCurrentHash());
        return new AnswerVerdict(
            trailer, line.ToArray(), digest == trailer.Sha256,
            !_midRecord && trailer.Count(countOfRecords) == Records);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _last.Dispose();
    }

    private static bool EndsLine(ReadOnlySpan<byte> bytes) => bytes is [.., (byte)'\n'];

    private void ReleaseLast()
    {
        if (_last.Length == 0) return;

        Settle(_last.GetBuffer().AsSpan(0, (int)_last.Length));
        _last.SetLength(0);
        _lastIsWhole = true;
    }

    private void Settle(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        CountRecords(bytes);
        settled(bytes);
    }

    private void CountRecords(ReadOnlySpan<byte> bytes)
    {
        if (format == FileFormat.Ndjson)
        {
            _records += bytes.Count((byte)'\n');
            return;
        }

        while (!bytes.IsEmpty)
        {
            int end = _scan.EndOfRecord(bytes);
            _midRecord = end < 0;
            if (end < 0) return;

            _records++;
            bytes = bytes[end..];
        }
    }
}

/// <summary>What an answer's end says about all of it.</summary>
/// <param name="Trailer">Null: there is none, so it was cut off.</param>
/// <param name="TrailerLine">As it came.</param>
internal sealed record AnswerVerdict(AnswerTrailer? Trailer, byte[] TrailerLine, bool DigestFits, bool CountFits)
{
    public bool IsSound => Trailer is not null && DigestFits && CountFits;
}
