namespace NumberLedger.Stores;

/// <summary>A store in which files are kept as rows: all parts of a file but the last are full.</summary>
/// <remarks>
/// Names are those of <see cref="IFileStore"/>, and checked. What is written is durable, and seen by all, when the
/// call returns. A part of a file that is not there, or was deleted, MUST NOT be written.
/// </remarks>
internal interface IFileParts
{
    /// <summary>256 KiB: of a row of Azure Tables, 1 MiB at most, and enough that a large file is few calls.</summary>
    const int BytesPerPart = 4 * 64 * 1024;

    /// <returns>False: there is a file of that name.</returns>
    Task<bool> CreateAsync(string name, CancellationToken cancellationToken);

    /// <returns>How many bytes it has; null if there is no such file.</returns>
    Task<long?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes one part, in the place of what it was.</summary>
    /// <param name="length">Of the file, with this part at its end.</param>
    /// <returns>False: there is no such file.</returns>
    Task<bool> WriteAsync(
        string name, int part, ReadOnlyMemory<byte> content, long length, CancellationToken cancellationToken);

    /// <returns>Null: there is no such part.</returns>
    Task<byte[]?> ReadAsync(string name, int part, CancellationToken cancellationToken);

    Task DeleteAsync(string name, CancellationToken cancellationToken);

    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
