namespace NumberLedger.Stores;

/// <summary>Files beside the ledger in its own database, for all processes of a cluster.</summary>
public sealed class PartedFileStore : IFileStore
{
    private readonly IFileParts _parts;

    internal PartedFileStore(IFileParts parts) => _parts = parts;

    public async Task<IStoredFile> CreateAsync(string name, CancellationToken cancellationToken) =>
        await _parts.CreateAsync(Check(name), cancellationToken)
            ? new PartedFile(_parts, name, 0)
            : throw new StoreUnavailableException($"There is a file '{name}' already.");

    public async Task<IStoredFile?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await _parts.FindAsync(Check(name), cancellationToken) is { } length
            ? new PartedFile(_parts, name, length)
            : null;

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        _parts.DeleteAsync(Check(name), cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        _parts.ListAsync(cancellationToken);

    private static string Check(string name) => StoredNames.Check(name, IFileStore.NameCharsMax);
}
