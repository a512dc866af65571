using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>
/// The compact facts of a block's 10,000 numbers, from which a check is answered exactly as a replay of the entries
/// would. A replica: believed only after its <see cref="Head"/> was compared with the store's.
/// </summary>
/// <remarks>
/// Two kinds of tables (<see cref="OffsetTable{T}"/>): one of <see cref="PackedRow"/>, 8 bytes, for the numbers that
/// something was reported of or that refused everyone; per lender one of <see cref="PackedBinding"/>, 4 bytes. Rare
/// details stand beside them. Not thread-safe: whoever holds it guards it.
/// </remarks>
public sealed class BlockIndex(NumberBlock block)
{
    private readonly int _agingDaysMin = Country.Of(block).AgingDaysMin;
    private readonly OffsetTable<PackedRow> _rows = new();
    private readonly Dictionary<ushort, NumberDetail> _details = [];
    private readonly Dictionary<string, LenderColumn> _lenders = new(StringComparer.Ordinal);
    private readonly ushort[] _coveredSince = new ushort[BlockRanges.ThousandsPerBlock];
    private ImmutableArray<RangeShare?> _thousands = [.. new RangeShare?[BlockRanges.ThousandsPerBlock]];

    public NumberBlock Block { get; } = block;

    /// <summary>The last entry that is folded in.</summary>
    public BlockHead Head { get; private set; }

    /// <summary>Heap bytes of the facts, objects' headers left out.</summary>
    public int Bytes => _rows.Bytes + _lenders.Values.Sum(column => column.Bytes) + (_details.Count * 64);

    /// <summary>Says that everything up to this entry has been put.</summary>
    public void MoveTo(BlockHead head) => Head = head;

    public void Put(BlockRanges ranges)
    {
        _thousands = ranges.Thousands;
        for (int i = 0; i < _coveredSince.Length; i++) _coveredSince[i] = Days.Pack(_thousands[i]?.TrackedSince);
    }

    /// <summary>Replaces everything that is known of a number.</summary>
    public void Put(ushort offset, NumberState state)
    {
        Timeline timeline = Timeline.Of(state.Reports);
        HolderFacts holder = HolderFacts.Of(state, timeline, default);
        NumberDetail detail = NumberDetail.Of(holder, timeline);
        bool hasDetail = detail != NumberDetail.None;
        if (hasDetail) _details[offset] = detail;
        else _details.Remove(offset);

        _rows[offset] = PackedRow.Of(holder, hasDetail);

        ImmutableHashSet<string> lenders = LenderFacts.LendersOf(state);
        foreach ((string lender, LenderColumn column) in _lenders)
        {
            // An erasure takes bindings and refusals away, and what stood before must not outlive them here.
            if (!lenders.Contains(lender)) column[offset] = default;
        }

        foreach (string lender in lenders)
        {
            if (!_lenders.TryGetValue(lender, out LenderColumn? column))
            {
                _lenders.Add(lender, column = new LenderColumn());
            }

            column[offset] = LenderFacts.Of(state, timeline, lender);
        }
    }

    public Answer Check(ushort offset, string lender, Question question, Moment moment) =>
        VerdictRules.Decide(HolderOf(offset), LenderOf(offset, lender), question, moment, _agingDaysMin);

    /// <summary>Many checks of one lender; the spans are as long as each other.</summary>
    public void Check(
        ReadOnlySpan<ushort> offsets, string lender, ReadOnlySpan<Question> questions, Moment moment,
        Span<Answer> answers)
    {
        LenderColumn? column = _lenders.GetValueOrDefault(lender);
        for (int i = 0; i < offsets.Length; i++)
        {
            ushort offset = offsets[i];
            LenderFacts bound = column is null ? default : column[offset];
            answers[i] = VerdictRules.Decide(HolderOf(offset), bound, questions[i], moment, _agingDaysMin);
        }
    }

    public HolderFacts HolderOf(ushort offset)
    {
        PackedRow row = _rows[offset];
        return row.HasDetail
            ? WithDetail(row, offset, _details[offset])
            : row.ToFacts(_coveredSince[offset / 1_000]);
    }

    public LenderFacts LenderOf(ushort offset, string lender) =>
        _lenders.TryGetValue(lender, out LenderColumn? column) ? column[offset] : default;

    /// <summary>The carrier that reports on a number now; null for none.</summary>
    public string? CarrierOf(ushort offset)
    {
        NumberDetail detail = _details.GetValueOrDefault(offset, NumberDetail.None);
        return detail.PortedAway ? null : detail.PortCarrier ?? _thousands[offset / 1_000]?.Carrier;
    }

    /// <summary>Everybody that <see cref="CarrierOf"/> may name; some more than once.</summary>
    public IEnumerable<string> Carriers => _thousands.Select(share => share?.Carrier)
        .Concat(_details.Values.Select(detail => detail.PortCarrier)).OfType<string>();

    /// <summary>Offsets that a lender has a binding with, ascending.</summary>
    public IEnumerable<ushort> BoundTo(string lender) =>
        _lenders.TryGetValue(lender, out LenderColumn? column) ? column.BoundOffsets() : [];

    private HolderFacts WithDetail(PackedRow row, ushort offset, NumberDetail detail)
    {
        ushort since = _coveredSince[offset / 1_000];
        ushort covered = detail.PortedAway ? (ushort)0 : since != 0 ? since : detail.PortedInSince;
        return row.ToFacts(covered) with
        {
            Suspended = detail.Suspended,
            SimChangedOn = detail.SimChangedOn,
            PortedOn = detail.PortedOn,
        };
    }
}
