using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>
/// The compact facts of a block's 10,000 numbers, from which a check is answered exactly as a replay of the entries
/// would. A replica: believed only after its <see cref="Head"/> was compared with the store's.
/// </summary>
/// <remarks>
/// Two kinds of tables (<see cref="OffsetTable{T}"/>): one of <see cref="PackedRow"/>, 8 bytes, for the numbers that
/// something was reported of or that refused everyone; per lender one of <see cref="PackedBinding"/>, 4 bytes. Rare
/// details stand beside them. Not thread-safe: whoever holds it guards it; reading alone may be shared.
/// </remarks>
public sealed class BlockIndex(NumberBlock block)
{
    // Roughly: the objects around the tables, and what a dictionary takes for one more.
    private const int BytesOfNothing = 1_024;
    private const int BytesOfLender = 256;
    private const int BytesOfDetail = 80;

    /// <summary>Enough to keep memory busy, few enough for the stack: 12 bytes each.</summary>
    private const int ChecksAtOnce = 256;

    /// <summary>Of a lender that has nothing in the block. Nothing is ever put into it.</summary>
    private static readonly OffsetTable<PackedBinding> NoBindings = new();

    private readonly int _agingDaysMin = Country.Of(block).AgingDaysMin;
    private readonly Dictionary<ushort, NumberDetail> _details = [];
    private readonly Dictionary<string, LenderColumn> _lenders = new(StringComparer.Ordinal);
    private readonly ushort[] _coveredSince = new ushort[BlockRanges.ThousandsPerBlock];
    private OffsetTable<PackedRow> _rows = new();
    private ImmutableArray<RangeShare?> _thousands = [.. new RangeShare?[BlockRanges.ThousandsPerBlock]];

    public NumberBlock Block { get; } = block;

    /// <summary>The last entry that is folded in.</summary>
    public BlockHead Head { get; private set; }

    /// <summary>Heap bytes of the facts, and roughly of the objects that hold them.</summary>
    public int Bytes => BytesOfNothing + _rows.Bytes + (_details.Count * BytesOfDetail)
        + _lenders.Values.Sum(column => column.Bytes + BytesOfLender);

    /// <summary>Says that everything up to this entry has been put.</summary>
    public void MoveTo(BlockHead head) => Head = head;

    public void Put(BlockRanges ranges) => Put(ranges.Thousands);

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
        OffsetTable<PackedBinding> bindings = _lenders.GetValueOrDefault(lender)?.Bindings ?? NoBindings;
        Span<PackedRow> rows = stackalloc PackedRow[ChecksAtOnce];
        Span<PackedBinding> bound = stackalloc PackedBinding[ChecksAtOnce];
        for (int from = 0; from < offsets.Length; from += ChecksAtOnce)
        {
            ReadOnlySpan<ushort> some = offsets.Slice(from, Math.Min(ChecksAtOnce, offsets.Length - from));
            _rows.Get(some, rows);
            bindings.Get(some, bound);
            Check(some, rows, bound, lender, questions.Slice(from, some.Length), moment, answers[from..]);
        }
    }

    private void Check(
        ReadOnlySpan<ushort> offsets, ReadOnlySpan<PackedRow> rows, ReadOnlySpan<PackedBinding> bindings, string lender,
        ReadOnlySpan<Question> questions, Moment moment, Span<Answer> answers)
    {
        rows = rows[..offsets.Length];
        bindings = bindings[..offsets.Length];
        questions = questions[..offsets.Length];
        answers = answers[..offsets.Length];
        ReadOnlySpan<ushort> coveredSince = _coveredSince;
        for (int i = 0; i < offsets.Length; i++)
        {
            answers[i] = PackedVerdicts.AreNotAll(rows[i], bindings[i])
                ? Check(offsets[i], lender, questions[i], moment)
                : PackedVerdicts.Decide(
                    rows[i], bindings[i], coveredSince[offsets[i] / 1_000], questions[i], moment, _agingDaysMin);
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

    /// <summary>
    /// Everything but block and head, as <see cref="SnapshotCodec"/> lays it out: equal facts give equal bytes,
    /// whatever came and went before.
    /// </summary>
    internal void Write(SnapshotWriter to)
    {
        string[] carriers =
        [
            .. _thousands.Select(range => range?.Carrier).Concat(_details.Values.Select(detail => detail.PortCarrier))
                .OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        to.U16((ushort)carriers.Length);
        foreach (string carrier in carriers) to.Text(carrier);
        foreach (RangeShare? range in _thousands)
        {
            to.U16(PlaceOf(range?.Carrier));
            to.U16(Days.Pack(range?.TrackedSince));
        }

        _rows.Write(to);
        to.U16((ushort)_details.Count);
        foreach ((ushort offset, NumberDetail detail) in _details.OrderBy(detail => detail.Key))
        {
            to.U16(offset);
            to.U16(PlaceOf(detail.PortCarrier));
            detail.Write(to);
        }

        // Without those of whom an erasure left nothing.
        (string Lender, LenderColumn Column)[] lenders =
        [
            .. _lenders.Where(lender => lender.Value.Bindings.Items().Count > 0)
                .OrderBy(lender => lender.Key, StringComparer.Ordinal).Select(lender => (lender.Key, lender.Value)),
        ];
        to.U16(checked((ushort)lenders.Length));
        foreach ((string lender, LenderColumn column) in lenders)
        {
            to.Text(lender);
            column.Write(to);
        }

        ushort PlaceOf(string? carrier) =>
            carrier is null ? (ushort)0 : (ushort)(Array.IndexOf(carriers, carrier) + 1);
    }

    /// <summary>Only of a new index.</summary>
    /// <exception cref="FormatException">No index is written so.</exception>
    internal void Read(ref SnapshotReader from)
    {
        string?[] carriers = new string?[from.U16() + 1]; // The first is none.
        for (int i = 1; i < carriers.Length; i++) carriers[i] = from.Text();
        var thousands = new RangeShare?[BlockRanges.ThousandsPerBlock];
        for (int i = 0; i < thousands.Length; i++)
        {
            string? carrier = carriers[from.U16()];
            DateOnly? since = Days.Unpack(from.U16());
            if (carrier is not null && since is { } day) thousands[i] = new RangeShare(carrier, day);
        }

        Put([.. thousands]);
        _rows = OffsetTable<PackedRow>.Read(ref from);
        for (int count = from.U16(); count > 0; count--)
        {
            ushort offset = from.U16();
            _details.Add(offset, NumberDetail.Read(carriers[from.U16()], ref from));
        }

        for (int count = from.U16(); count > 0; count--)
        {
            _lenders.Add(from.Text(), LenderColumn.Read(ref from));
        }
    }

    private void Put(ImmutableArray<RangeShare?> thousands)
    {
        _thousands = thousands;
        for (int i = 0; i < _coveredSince.Length; i++) _coveredSince[i] = Days.Pack(_thousands[i]?.TrackedSince);
    }

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
