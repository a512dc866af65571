namespace NumberLedger.Stores;

/// <summary>
/// What a caller owes the store, checked before an append is queued: a wrong shape is a bug of the caller.
/// </summary>
public static class AppendShape
{
    /// <exception cref="ArgumentException">
    /// No entries, a tag expected twice, or versions that do not follow the expected one.
    /// </exception>
    public static void Check(Append append)
    {
        if (append.Entries.Count == 0) throw new ArgumentException("An append has at least one entry.", nameof(append));

        var next = new Dictionary<Pseudonym, long>(append.Expected.Count);
        foreach (ExpectedVersion expected in append.Expected)
        {
            if (!next.TryAdd(expected.Tag, expected.Version + 1))
            {
                throw new ArgumentException($"Tag {expected.Tag} is expected twice.", nameof(append));
            }
        }

        foreach (NewEntry entry in append.Entries)
        {
            if (!next.TryGetValue(entry.Tag, out long version) || entry.Version != version)
            {
                throw new ArgumentException(
                    $"Version {entry.Version} of tag {entry.Tag} does not follow an expected version.", nameof(append));
            }

            next[entry.Tag] = version + 1;
        }
    }
}
