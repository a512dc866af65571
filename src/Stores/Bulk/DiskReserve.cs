namespace NumberLedger.Stores;

/// <summary>Keeps files from taking the room that the ledger beside them needs to go on recording.</summary>
/// <param name="bytesMax">Kept free at most.</param>
/// <param name="part">Of a small disk this part of it is kept free, by which its size is divided.</param>
internal sealed class DiskReserve(string path, long bytesMax = DiskReserve.BytesMax, int part = 20)
{
    public const long BytesMax = 1024 * 1024 * 1024;

    /// <summary>Written between two looks at the disk, by all files together.</summary>
    private const long BytesBetweenLooks = 8 * 1024 * 1024;

    private readonly DriveInfo _disk = new(path);
    private long _left; // Until the next look.

    /// <exception cref="FileStoreFullException">There is room on the disk, but it is reserved.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0) return;

        if (_disk.AvailableFreeSpace < Math.Min(bytesMax, _disk.TotalSize / part)) throw new FileStoreFullException();
        Interlocked.Exchange(ref _left, BytesBetweenLooks);
    }
}
