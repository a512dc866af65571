namespace NumberLedger;

/// <summary>Opens what a store holds.</summary>
public static class EntryReader
{
    /// <exception cref="BrokenLedgerException">It does not open, or what it says cannot be read.</exception>
    public static LedgerEntry Read(this Sealer sealer, NumberBlock block, StoredEntry stored)
    {
        byte[]? bytes = sealer.Open(block, stored);
        EntryContent? content;
        try
        {
            content = bytes is null ? null : EntryCodec.Decode(bytes);
        }
        catch (FormatException malformed)
        {
            throw new BrokenLedgerException(block, stored.Position, malformed.Message);
        }

        return new LedgerEntry(stored.Position, stored.Tag, stored.Version, stored.Hash, stored.Command, content);
    }

    /// <summary>Opens the entries of one tag, each after checking that it follows the one before it.</summary>
    /// <param name="stored">All of them, in version order.</param>
    /// <exception cref="BrokenLedgerException">As for <see cref="Read"/> and <see cref="VerifyFollows"/>.</exception>
    public static IReadOnlyList<LedgerEntry> ReadChain(
        this Sealer sealer, NumberBlock block, Pseudonym tag, IEnumerable<StoredEntry> stored)
    {
        var opened = new List<LedgerEntry>();
        (long version, Hash256 hash) = (0, Chain.Start(block, tag));
        foreach (StoredEntry entry in stored)
        {
            VerifyFollows(block, entry, version, hash);
            (version, hash) = (entry.Version, entry.Hash);
            opened.Add(sealer.Read(block, entry));
        }

        return opened;
    }

    /// <summary>Checks that an entry follows the one before it in its chain.</summary>
    /// <exception cref="BrokenLedgerException">Out of order, or another hash.</exception>
    public static void VerifyFollows(NumberBlock block, StoredEntry entry, long versionBefore, Hash256 hashBefore)
    {
        if (entry.Version != versionBefore + 1)
        {
            throw new BrokenLedgerException(
                block, entry.Position,
                $"version {entry.Version} does not follow version {versionBefore} of its chain.");
        }

        if (Chain.Next(entry.Version, hashBefore, entry.Sealed) != entry.Hash)
        {
            throw new BrokenLedgerException(block, entry.Position, "its hash is not that of its bytes.");
        }
    }
}
