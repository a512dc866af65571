namespace NumberLedger;

/// <summary>
/// Judges the stored rows of one block without stopping at the first fault: positions, chains, seals, head.
/// </summary>
/// <remarks>
/// What no row can show: entries cut off the end together with their head (the checkpoint knows), and the order between
/// entries of different numbers of a block, which nothing depends on.
/// </remarks>
public sealed class BlockInspection
{
    private readonly NumberBlock _block;
    private readonly Sealer _sealer;
    private readonly Pseudonym _own;
    private readonly List<Finding> _findings = [];
    private readonly List<StoredEntry> _entries = [];
    private readonly Dictionary<Pseudonym, Record> _records = [];
    private DateTimeOffset _recordedAt;
    private int _opened;

    private BlockInspection(NumberBlock block, Sealer sealer) =>
        (_block, _sealer, _own) = (block, sealer, sealer.TagOf(block));

    /// <summary>One record's chain so far.</summary>
    /// <param name="Stored">The last entry's hash as stored; null if it is not known what it should be.</param>
    /// <param name="Computed">
    /// The same as computed: if only a hash was changed, the next entry follows this one.
    /// </param>
    private sealed record Record(
        long Version, Hash256? Stored, Hash256? Computed, DateTimeOffset RecordedAt, HashSet<CommandId> Commands);

    public static BlockJudgement Judge(RawBlock raw, Sealer sealer)
    {
        var inspection = new BlockInspection(raw.Block, sealer);
        long position = 0;
        foreach (RawEntry entry in raw.Entries)
        {
            inspection.JudgePosition(position, entry.Position);
            position = entry.Position;
            inspection.Judge(entry);
        }

        inspection.JudgeHead(raw);
        return new BlockJudgement(inspection._findings, inspection._entries, inspection._opened);
    }

    private void JudgePosition(long before, long position)
    {
        if (position == before + 1) return;

        string what = position <= before ? "this position stands twice."
            : position == before + 2 ? "no entry stands here."
            : $"no entries stand from here to {position - 1}.";
        Find(Math.Min(before + 1, position), FindingKind.PositionsMissing, what);
    }

    private void Judge(RawEntry raw)
    {
        if (!raw.IsWellFormed || raw.Salt?.Length is not (null or Sealer.SaltSize))
        {
            Find(raw.Position, FindingKind.RowMalformed, "a column has a length that nothing writes.");
            if (!raw.IsWellFormed) return;
        }

        StoredEntry entry = raw.ToStored();
        _entries.Add(entry);
        Record before = _records.GetValueOrDefault(entry.Tag)
            ?? new(0, Chain.Start(_block, entry.Tag), null, default, []);
        Hash256? computed = Follow(entry, before, out bool follows);
        EntryContent? content = Open(entry, follows);
        JudgeContent(entry, content, before);
        _records[entry.Tag] = before with
        {
            Version = entry.Version,
            Stored = entry.Hash,
            Computed = computed,
            RecordedAt = content?.RecordedAt ?? before.RecordedAt,
        };
    }

    /// <returns>The hash that the entry should have; null if that cannot be known.</returns>
    private Hash256? Follow(StoredEntry entry, Record before, out bool follows)
    {
        follows = true;
        if (entry.Version != before.Version + 1)
        {
            Find(
                entry.Position, FindingKind.VersionOutOfOrder,
                $"version {entry.Version} of its record follows version {before.Version}.");
            return null;
        }

        Hash256? first = null;
        foreach (Hash256? hash in (Hash256?[])[before.Stored, before.Computed])
        {
            if (hash is not { } known) continue;

            Hash256 next = Chain.Next(entry.Version, known, entry.Sealed);
            if (next == entry.Hash) return next;
            first ??= next;
        }

        follows = false;
        return first;
    }

    private EntryContent? Open(StoredEntry entry, bool follows)
    {
        if (entry.Salt is null)
        {
            Find(entry.Position, FindingKind.SaltMissing, "its salt is gone, so what it said cannot be known.");
            if (!follows) Find(entry.Position, FindingKind.BytesChanged, "its hash is not that of its bytes.");
            return null;
        }

        byte[]? bytes = TryOpen(entry);
        if (bytes is null)
        {
            Find(
                entry.Position, follows ? FindingKind.DoesNotOpen : FindingKind.BytesChanged,
                follows
                    ? "it does not open, though its hash is right: its salt was changed, or another key sealed it."
                    : "its bytes are not those that were sealed: they neither open nor give its hash.");
            return null;
        }

        _opened++;
        if (!follows) Find(entry.Position, FindingKind.HashChanged, "it opens, but its hash is not that of its bytes.");
        try
        {
            return EntryCodec.Decode(bytes);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentOutOfRangeException)
        {
            Find(entry.Position, FindingKind.Unreadable, malformed.Message);
            return null;
        }
    }

    private byte[]? TryOpen(StoredEntry entry)
    {
        try
        {
            return _sealer.Open(_block, entry);
        }
        catch (BrokenLedgerException)
        {
            return null;
        }
    }

    private void JudgeContent(StoredEntry entry, EntryContent? content, Record before)
    {
        if (entry.Command is { } command && !before.Commands.Add(command))
        {
            Find(entry.Position, FindingKind.CommandRepeated, "another entry of its record has the same command id.");
        }

        if (content is null) return;

        if (!IsInItsRecord(entry.Tag, content))
        {
            Find(entry.Position, FindingKind.WrongRecord, "what it says does not belong in the record that it stands in.");
        }

        // Out of order it is out of time as well: one finding says it.
        if (content.RecordedAt < before.RecordedAt && entry.Version == before.Version + 1)
        {
            Find(entry.Position, FindingKind.TimeWentBack, "it was recorded before the entry that it follows.");
        }

        if (content.RecordedAt > _recordedAt) _recordedAt = content.RecordedAt;
    }

    private bool IsInItsRecord(Pseudonym tag, EntryContent content)
    {
        bool isOfNumber = content.Event
            is LedgerEvent.CarrierReport or LedgerEvent.Bound or LedgerEvent.Released or LedgerEvent.OptedOut;
        if (tag != _own)
        {
            return isOfNumber
                && _block.TryNumberAt(content.Offset, out PhoneNumber number)
                && content.Offset < NumberBlock.NumbersPerBlock
                && _sealer.TagOf(number) == tag;
        }

        bool isRange = content.Event is LedgerEvent.RangeSet or LedgerEvent.RangeEnded;
        return content.Offset == EntryContent.NoOffset
            && (_block == NumberBlock.Registry ? !isRange && !isOfNumber : isRange);
    }

    private void JudgeHead(RawBlock raw)
    {
        if (raw.Head is not { } head)
        {
            if (raw.Entries.Count == 0) return; // It has a snapshot alone.

            Find(null, FindingKind.HeadMissing, $"it has {raw.Entries.Count} entries, but no head.");
            return;
        }

        RawEntry? last = raw.Entries.Count == 0 ? null : raw.Entries[^1];
        if (last?.Position > head.Position)
        {
            Find(head.Position + 1, FindingKind.PastHead, $"entries stand up to {last.Position}, the head at {head.Position}.");
        }
        else if (head.Position > (last?.Position ?? 0))
        {
            Find(
                (last?.Position ?? 0) + 1, FindingKind.PositionsMissing,
                $"the head stands at {head.Position}, but the entries end at {last?.Position ?? 0}.");
        }
        else if (last is null || !head.Hash.AsSpan().SequenceEqual(last.Hash))
        {
            Find(head.Position, FindingKind.HeadWrong, "the head's hash is not that of the entry at its position.");
        }

        if (_findings.Count == 0 && head.RecordedAt != _recordedAt.ToUnixTimeMilliseconds())
        {
            Find(head.Position, FindingKind.HeadWrong, "the head's time is not that of the block's latest entry.");
        }
    }

    private void Find(long? position, FindingKind kind, string problem) =>
        _findings.Add(new Finding(_block, position, kind, problem));
}

/// <param name="Findings">What is wrong, in the order of positions.</param>
/// <param name="Entries">Those that are well-formed; all are sound if there are no findings.</param>
/// <param name="Opened">How many entries the key opens.</param>
public sealed record BlockJudgement(IReadOnlyList<Finding> Findings, IReadOnlyList<StoredEntry> Entries, int Opened);
