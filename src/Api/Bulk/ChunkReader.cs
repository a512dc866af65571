namespace NumberLedger.Api;

/// <summary>Cuts a file into chunks of whole records, as it arrives.</summary>
/// <remarks>
/// The first chunk is small, so that its answers come at once; then a long file is worked in large pieces: the more
/// numbers of a block stand in one chunk, the less is done for each. A sender that pauses gets what it sent answered.
/// </remarks>
/// <param name="from">Where <paramref name="input"/> stands in the file.</param>
/// <param name="chunkBytesMax">Of what is read from the file at once.</param>
internal sealed class ChunkReader(
    Stream input, FileFormat format, FileCheckpoint from, int chunkBytesMax = ChunkReader.ChunkBytesMax)
{
    /// <summary>About 262,144 lines of a number and a purpose.</summary>
    public const int ChunkBytesMax = 6 * 1024 * 1024;

    /// <summary>More only by what arrives at once.</summary>
    private const int ChunkLinesMax = 512 * 1024;

    private const int ChunkBytesFirst = 256 * 1024;
    private const int ReadBytes = 256 * 1024;

    /// <summary>So long a file's lines wait for more to come before they are answered.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _arriving = new byte[ReadBytes];
    private byte[] _rest = [];
    private Task<int>? _reading;
    private long _bytes = from.BytesRead;
    private long _line = from.Lines + 1;
    private int _target = ChunkBytesFirst;
    private long _dropped; // Of a line that is too long, beyond what tells that it is.
    private int _droppedAt; // In the chunk.
    private bool _atEnd;

    /// <summary>The file has more bytes than are taken: what begins beyond the limit is not read.</summary>
    public bool PassedLimit { get; private set; }

    /// <summary>Fills the chunk; it may stay empty while the sender pauses.</summary>
    /// <returns>False: the file has ended, and the chunk is empty.</returns>
    /// <exception cref="InvalidDataException">Compressed bytes do not unpack.</exception>
    public async ValueTask<bool> ReadAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        chunk.Length = 0;
        chunk.Reserve(_rest.Length + _target + ReadBytes);
        chunk.Append(_rest);
        int lines = chunk.Bytes.Count((byte)'\n');
        int newline = chunk.Bytes.LastIndexOf((byte)'\n');
        bool droppedLineEnded = false;
        while (!_atEnd && !droppedLineEnded && (newline < 0 || (chunk.Length < _target && lines < ChunkLinesMax)))
        {
            int read = await NextAsync(mayPause: newline >= 0, cancellationToken);
            if (read < 0) break;

            _atEnd = read == 0;
            int before = chunk.Length;
            chunk.Append(WithoutExcess(_arriving.AsSpan(0, read), before, lineBytes: before - newline - 1));
            int found = chunk.Bytes[before..].LastIndexOf((byte)'\n');
            if (found >= 0)
            {
                lines += chunk.Bytes[before..].Count((byte)'\n');
                newline = before + found;
                droppedLineEnded = _dropped > 0;
            }

            // Also of a line that does not end: a few compressed bytes can be one.
            if (_bytes + chunk.Length + _dropped > Limits.FileBytesMax)
            {
                chunk.Length = newline + 1;
                PassedLimit = _atEnd = true;
            }
        }

        return Cut(chunk, droppedLineEnded || _atEnd);
    }

    /// <summary>The same until there is a line, or the end of the file.</summary>
    /// <exception cref="FileRefusedException">Compressed bytes do not unpack.</exception>
    public async ValueTask ReadFirstAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadAsync(chunk, cancellationToken) && chunk.Length == 0) { }
        }
        catch (InvalidDataException)
        {
            throw new FileRefusedException(ProblemCatalog.BodyMalformed, "The compressed file does not unpack.");
        }
    }

    private bool Cut(FileChunk chunk, bool endsDropped)
    {
        if (_atEnd && chunk.Length > 0 && chunk.Bytes[^1] != '\n')
        {
            chunk.Append("\n"u8); // The last line may do without.
            _bytes--;
        }

        int whole = format is FileFormat.Csv
            ? CsvRecords.WholeRecords(chunk.Bytes, _atEnd)
            : chunk.Bytes.LastIndexOf((byte)'\n') + 1;
        while (endsDropped && !_atEnd && whole <= _droppedAt)
        {
            // Quoted, the line could be more of a record; but that is too long by now, and ends with its first line.
            whole += chunk.Bytes[whole..].IndexOf((byte)'\n') + 1;
            whole += CsvRecords.WholeRecords(chunk.Bytes[whole..], isFinal: false);
        }

        _rest = chunk.Bytes[whole..].ToArray();
        chunk.Length = whole;
        _bytes += whole;
        if (endsDropped) (_bytes, _dropped) = (_bytes + _dropped, 0);

        chunk.FirstLine = _line;
        chunk.Lines = chunk.Bytes.Count((byte)'\n');
        chunk.BytesThrough = _bytes;
        _line += chunk.Lines;
        _target = chunkBytesMax;
        return whole > 0 || !_atEnd;
    }

    /// <summary>A line that is too long already gets no longer: its end is all that is still waited for.</summary>
    private ReadOnlySpan<byte> WithoutExcess(ReadOnlySpan<byte> arrived, int at, int lineBytes)
    {
        if (lineBytes <= CsvRecords.BytesMax) return arrived;

        int end = arrived.IndexOf((byte)'\n');
        int excess = end < 0 ? arrived.Length : end;
        _dropped += excess;
        _droppedAt = at;
        return arrived[excess..];
    }

    /// <returns>How many bytes arrived; 0 at the end of the file; -1: none for a moment.</returns>
    private async ValueTask<int> NextAsync(bool mayPause, CancellationToken cancellationToken)
    {
        _reading ??= input.ReadAsync(_arriving, cancellationToken).AsTask();
        if (mayPause && !_reading.IsCompleted
            && await Task.WhenAny(_reading, Task.Delay(PauseMax, cancellationToken)) != _reading)
        {
            return -1;
        }

        int read = await _reading;
        _reading = null;
        return read;
    }
}
