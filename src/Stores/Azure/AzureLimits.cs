namespace NumberLedger.Stores;

/// <summary>What Azure Table storage takes, and what follows from it.</summary>
internal static class AzureLimits
{
    /// <summary>https://learn.microsoft.com/azure/storage/tables/scalability-targets</summary>
    public const int RowsPerTransaction = 100;

    /// <summary>
    /// Of one property, https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
    /// </summary>
    public const int BytesPerProperty = 64 * 1024;

    /// <summary>
    /// Of the 1 MiB that a row may have (the same page). So many full properties are less also as base64, in which they
    /// travel, and in which Azurite counts them.
    /// </summary>
    public const int PropertiesPerRow = 11;

    /// <summary>
    /// Of one answer, https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
    /// </summary>
    public const int RowsPerPage = 1_000;

    /// <summary>
    /// A transaction has 4 MiB at most (scalability-targets), as it travels: base64 is a third longer, and each row has
    /// up to a kilobyte of text around it.
    /// </summary>
    public const int BytesPerTransaction = 5 * 512 * 1024;

    /// <summary>
    /// Beside the head: the entry, its place in its number's list, and its command if it came with one.
    /// </summary>
    private const int RowsPerEntryMax = 3;

    /// <summary>Also the longest ones are less than <see cref="BytesPerTransaction"/>.</summary>
    public const int EntriesPerAppend = (RowsPerTransaction - 1) / RowsPerEntryMax;

    /// <exception cref="ArgumentException">No transaction takes it.</exception>
    public static void Check(Append append)
    {
        if (append.Entries.Count > EntriesPerAppend)
        {
            throw new ArgumentException(
                $"{append.Entries.Count} entries are more than one append takes: {EntriesPerAppend}.", nameof(append));
        }

        if (append.Entries.Any(entry => entry.Sealed.Length > BytesPerProperty))
        {
            throw new ArgumentException($"An entry has at most {BytesPerProperty} bytes.", nameof(append));
        }
    }
}
