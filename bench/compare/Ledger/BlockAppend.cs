using System.Security.Cryptography;

namespace NumberLedger.Bench.Compare;

/// <summary>
/// Everything that is recorded of one block, its range and what happened to each of its numbers; and the index of it.
/// </summary>
internal sealed class BlockAppend(Sealer sealer, Population population, int index, DateTimeOffset now)
{
    private static readonly TimeOnly Noon = new(12, 0);

    private readonly NumberBlock _block = Population.BlockAt(index);
    private readonly List<ExpectedVersion> _expected = [];
    private readonly List<NewEntry> _entries = [];
    private readonly byte[] _random = new byte[EntrySealer.RandomBytes];
    private readonly BlockIndex _index = new(Population.BlockAt(index));

    public Append Build()
    {
        var range = new RangeShare(Population.Carrier, population.TrackedSince(_block));
        _index.Put(BlockRanges.Start(_block, default) with
        {
            Thousands = [.. Enumerable.Repeat<RangeShare?>(range, BlockRanges.ThousandsPerBlock)],
        });
        Add(sealer.TagOf(_block), EntryContent.NoOffset,
            [new LedgerEvent.RangeSet(Population.Carrier, 0, 9, population.TrackedSince(_block))]);

        var numbers = new List<(Pseudonym Tag, ushort Offset, List<LedgerEvent> Events)>();
        for (ushort offset = 0; offset < NumberBlock.NumbersPerBlock; offset++)
        {
            List<LedgerEvent> events = EventsOf(population.LifeAt((index * NumberBlock.NumbersPerBlock) + offset));
            if (events.Count == 0) continue;
            _index.Put(
                offset, events.Aggregate(NumberState.Empty, (state, happened) => state.Apply(happened, now)));
            if (!_block.TryNumberAt(offset, out PhoneNumber number)) throw new InvalidOperationException("No number.");
            numbers.Add((sealer.TagOf(number), offset, events));
        }

        // By tag: the store's index of versions is then written in its own order.
        numbers.Sort((a, b) => a.Tag.Value.CompareTo(b.Tag.Value));
        foreach ((Pseudonym tag, ushort offset, List<LedgerEvent> events) in numbers) Add(tag, offset, events);
        return new Append(_block, _expected, _entries, now);
    }

    /// <summary>The index as it is saved beside the entries, so that a first question need not fold them.</summary>
    /// <param name="head">After the append.</param>
    public StoredSnapshot Snapshot(BlockHead head)
    {
        _index.MoveTo(head);
        byte[] nonce = RandomNumberGenerator.GetBytes(SnapshotSealer.NonceSize);
        return sealer.Snapshots.Seal(_block, head, SnapshotCodec.Encode(_index), nonce);
    }

    private void Add(Pseudonym tag, ushort offset, List<LedgerEvent> events)
    {
        _expected.Add(new ExpectedVersion(tag, 0));
        long version = 0;
        Hash256 hash = Chain.Start(_block, tag);
        foreach (LedgerEvent happened in events)
        {
            RandomNumberGenerator.Fill(_random);
            var content = new EntryContent(now, offset, happened);
            NewEntry entry = sealer.Next(_block, tag, version, hash, content, null, _random);
            (version, hash) = (entry.Version, entry.Hash);
            _entries.Add(entry);
        }
    }

    private List<LedgerEvent> EventsOf(Life life)
    {
        var events = new List<LedgerEvent>();
        Report(CarrierEventKind.Disconnected, "d1", life.DisconnectedBefore);
        Report(CarrierEventKind.Reassigned, "s1", life.Reassigned);
        Report(CarrierEventKind.Disconnected, "d2", life.DisconnectedAfter);
        Refuse(null, life.RefusedOfEveryone);
        if (life.Binding is { } binding)
        {
            DateTimeOffset consentedAt = At(binding.Consented);
            DateTimeOffset? expiresAt =
                binding.Expires is { } day ? new DateTimeOffset(day, Noon, TimeSpan.Zero) : null;
            events.Add(new LedgerEvent.Bound(
                Population.Lender, binding.Role, binding.Purposes, consentedAt,
                Country.Of(_block).ConsentDay(consentedAt), expiresAt, null));
            if (binding.Released) events.Add(new LedgerEvent.Released(Population.Lender));
            Refuse(Population.Lender, binding.Refused);
        }

        return events;

        void Report(CarrierEventKind kind, string id, DateOnly? on)
        {
            if (on is not null) events.Add(new LedgerEvent.CarrierReport(kind, Population.Carrier, id, on, null, null));
        }

        void Refuse(string? lender, Refusal? refusal)
        {
            if (refusal is not { } given) return;
            events.Add(new LedgerEvent.OptedOut(lender, given.Purposes, At(given.On), "demo-operator"));
        }
    }

    /// <summary>Noon where the number is: the same day by whichever clock.</summary>
    private DateTimeOffset At(DateOnly day) =>
        new(day, Noon, TimeSpan.FromHours(CallingCodes.Of(_block) == 86 ? 8 : -5));
}
