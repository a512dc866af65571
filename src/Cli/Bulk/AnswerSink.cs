namespace NumberLedger.Cli;

/// <summary>Where an answer goes. A file has another name until it is whole, and verified.</summary>
internal sealed class AnswerSink : IDisposable
{
    private readonly Stream _stream;
    private readonly string? _path;

    private AnswerSink(Stream stream, string? path) => (_stream, _path) = (stream, path);

    /// <summary>The name of a file that is not whole; null on standard output, a device or a pipe.</summary>
    public string? Part => _path is null ? null : PartOf(_path);

    public static string PartOf(string path) => path + ".part";

    public static AnswerSink StandardOutput() => new(ResultStream.Open(), null);

    /// <summary>A new part, in the place of one that an earlier run left.</summary>
    /// <param name="question">Kept beside it, for who goes on with it; null if nobody can.</param>
    /// <param name="isOwnersAlone">Nobody else may read it.</param>
    public static AnswerSink ToFile(string path, ScrubQuestion? question = null, bool isOwnersAlone = false)
    {
        if (OutputPath.IsWrittenThrough(path)) return new(Open(path, FileMode.Open, FileShare.ReadWrite), null);

        string part = PartOf(path);
        // Whoever writes it now would give its name to what we write here. It is let go before it is deleted: two runs
        // that begin in the same instant are not what this is about.
        if (File.Exists(part)) Open(part, FileMode.Open).Dispose();
        // Not written over: its age is that of the file's first answer.
        File.Delete(part);
        // Nor may a part stand beside the question of an earlier one.
        File.Delete(ScrubQuestion.PathOf(part));
        question?.WriteBeside(part);
        return new(Open(part, FileMode.CreateNew, isOwnersAlone: isOwnersAlone), path);
    }

    /// <summary>Goes on with the part of an earlier run, after so many of its bytes.</summary>
    public static AnswerSink Continue(string path, long keepBytes)
    {
        FileStream stream = Open(PartOf(path), FileMode.Open);
        stream.SetLength(keepBytes);
        stream.Seek(0, SeekOrigin.End);
        return new(stream, path);
    }

    public void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>It is whole: from here on it has its own name, also after a power cut.</summary>
    public void Complete()
    {
        if (_path is null)
        {
            _stream.Flush();
            return;
        }

        var file = (FileStream)_stream;
        file.Flush(flushToDisk: true);
        file.Dispose();
        MoveIntoPlace(_path);
    }

    /// <summary>A part that is whole gets its name.</summary>
    public static void MoveIntoPlace(string path)
    {
        string part = PartOf(path);
        File.Move(part, path, overwrite: true);
        File.Delete(ScrubQuestion.PathOf(part));
    }

    /// <summary>What came is of no use to anybody.</summary>
    public void Discard()
    {
        _stream.Dispose();
        if (Part is { } part) File.Delete(part);
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream Open(
        string path, FileMode mode, FileShare share = FileShare.None, bool isOwnersAlone = false)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (isOwnersAlone && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
