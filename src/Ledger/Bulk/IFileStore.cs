namespace NumberLedger;

/// <summary>Keeps files under names, as bytes that it does not look into: they are sealed above it.</summary>
/// <remarks>
/// A name has 1 to <see cref="NameCharsMax"/> characters out of a-z, 0-9, '_' and '.', and begins with a letter; any
/// other is an <see cref="ArgumentException"/>. Any method may throw <see cref="StoreUnavailableException"/>; those
/// that write, also <see cref="FileStoreFullException"/>. A driver MUST keep the files from other users of the
/// machine, and MUST NOT delete or list what it has not made. Processes that share a ledger share its files.
/// </remarks>
public interface IFileStore
{
    const int NameCharsMax = 100;

    /// <summary>Makes an empty file. It may be gone after a crash until it was flushed.</summary>
    /// <exception cref="StoreUnavailableException">Also if there is a file of this name already.</exception>
    Task<IStoredFile> CreateAsync(string name, CancellationToken cancellationToken);

    /// <returns>Null if there is no such file.</returns>
    Task<IStoredFile?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a file; that there is none is no error. It does not come back after a crash.</summary>
    /// <remarks>A file may be open meanwhile; what is done with it from then on may fail.</remarks>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of all files, in no order.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>
/// An open file. One caller at a time, and only who has made it appends; others may read what was flushed through an
/// opening of their own.
/// </summary>
public interface IStoredFile : IAsyncDisposable
{
    /// <summary>In bytes, as of the opening and of what was done through it since.</summary>
    long Length { get; }

    /// <summary>Adds bytes at the end.</summary>
    /// <remarks>After an exception the file ends anywhere: nothing may be appended to it any more.</remarks>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <returns>How many bytes were read: all that were asked for, but for the end of the file.</returns>
    ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken);

    /// <summary>MUST NOT return before the file, as it is now, survives a crash.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}

/// <summary>There is no room for what was to be written.</summary>
public sealed class FileStoreFullException(Exception? cause = null) : Exception("The store of files is full.", cause);

/// <summary>A sealed file is not as it was written: changed, cut, or under another name or master key.</summary>
public sealed class BrokenFileException(string name, string what) : Exception($"The file {name} is broken: {what}")
{
    public string Name => name;
}
