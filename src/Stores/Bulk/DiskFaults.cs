namespace NumberLedger.Stores;

/// <summary>What goes wrong with a disk, in the words of the port.</summary>
internal static class DiskFaults
{
    // ENOSPC and EDQUOT of Linux, EDQUOT of macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private const int NoSpace = 28, QuotaOnLinux = 122, QuotaOnMac = 69;
    private const int FullOnWindows = unchecked((int)0x80070070), HandleFullOnWindows = unchecked((int)0x80070027);

    /// <param name="what">A file or a folder: for the operator's log.</param>
    public static Exception Translate(string what, Exception failed) => failed.HResult switch
    {
        NoSpace or QuotaOnLinux or QuotaOnMac or FullOnWindows or HandleFullOnWindows =>
            new FileStoreFullException(failed),
        _ => new StoreUnavailableException($"'{what}' cannot be used: {failed.Message}", failed),
    };
}
