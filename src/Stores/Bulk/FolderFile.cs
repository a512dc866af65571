using Microsoft.Win32.SafeHandles;

namespace NumberLedger.Stores;

/// <summary>An open file of <see cref="FolderFileStore"/>.</summary>
internal sealed class FolderFile : IStoredFile
{
    private readonly FileStream _stream;
    private readonly DiskReserve _reserve;
    private bool _nameIsDurable;

    private FolderFile(FileStream stream, DiskReserve reserve, bool isNew)
    {
        (_stream, _reserve) = (stream, reserve);
        _nameIsDurable = !isNew;
        Length = RandomAccess.GetLength(Handle);
    }

    public long Length { get; private set; }

    private SafeFileHandle Handle => _stream.SafeFileHandle;

    public static FolderFile Create(string path, DiskReserve reserve) =>
        new(Open(path, FileMode.CreateNew), reserve, isNew: true);

    public static FolderFile Open(string path, DiskReserve reserve) =>
        new(Open(path, FileMode.Open), reserve, isNew: false);

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            _reserve.Take(bytes.Length);
            await RandomAccess.WriteAsync(Handle, bytes, Length, cancellationToken);
            Length += bytes.Length;
        }
        catch (IOException failed)
        {
            throw DiskFaults.Translate(Name, failed);
        }
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        int read = 0;
        try
        {
            while (read < into.Length)
            {
                int more = await RandomAccess.ReadAsync(Handle, into[read..], offset + read, cancellationToken);
                if (more == 0) break;

                read += more;
            }

            return read;
        }
        catch (IOException failed)
        {
            throw DiskFaults.Translate(Name, failed);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        FolderFileStore.Guard(Name, () =>
        {
            RandomAccess.FlushToDisk(Handle);
            if (!_nameIsDurable) DirectorySync.Sync(Path.GetDirectoryName(_stream.Name)!);
            return _nameIsDurable = true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private string Name => Path.GetFileName(_stream.Name);

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            // A result may be read twice at once, and a file be deleted while it is read.
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (mode is FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
