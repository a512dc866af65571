using System.Buffers;
using System.Security.Cryptography;

namespace NumberLedger.Grains;

/// <summary>
/// Decides a group's rows by the rules, each on what the rows of its number before it left, and seals what is to be
/// recorded.
/// </summary>
/// <remarks>
/// A number of which nothing is stored has no state until a second row of it needs one: most of a large file is such
/// numbers, once each.
/// </remarks>
/// <param name="now">Never before anything in <paramref name="states"/> was recorded.</param>
internal sealed class BulkDecision(
    BulkGroup group, BulkWork work, BulkNumbers numbers, BulkStates states, DateTimeOffset now, Sealer sealer)
{
    private readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime);
    private readonly List<NewEntry> _entries = new(work.DryRun ? 0 : group.Rows.Length);
    private readonly List<ExpectedVersion> _expected = new(work.DryRun ? 0 : numbers.Tags.Length);
    private readonly List<(ushort Offset, NumberState State)> _changed = new(work.DryRun ? 0 : numbers.Tags.Length);

    /// <summary>For one append; empty if nothing is to be recorded, and in a dry run.</summary>
    public IReadOnlyList<NewEntry> Entries => _entries;

    /// <summary>The numbers appended to, and the block's ranges, by which they were judged.</summary>
    public ExpectedVersion[] Expected => [.. _expected, new(numbers.Own, states.Ranges.Version)];

    public DateTimeOffset RecordedAt => now;

    /// <summary>The numbers appended to, as the entries leave them.</summary>
    public IReadOnlyList<(ushort Offset, NumberState State)> Changed => _changed;

    /// <summary>Fills in the replies of the work, which hold once the append is durable.</summary>
    /// <exception cref="ArgumentException">A row says what no bulk write takes.</exception>
    public BulkDecision Make()
    {
        int randomBytes = work.DryRun ? 0 : group.Rows.Length * EntrySealer.RandomBytes;
        byte[] random = ArrayPool<byte>.Shared.Rent(randomBytes);
        try
        {
            RandomNumberGenerator.Fill(random.AsSpan(0, randomBytes));
            for (int i = 0; i < numbers.Rows.Length; i++) DecideNumber(i, random);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(random, clearArray: true);
        }

        return this;
    }

    private void DecideNumber(int index, byte[] random)
    {
        (int first, int count) = numbers.Rows[index];
        ReadOnlySpan<int> places = group.Rows.Span.Slice(first, count);
        Pseudonym tag = numbers.Tags[index + 1];
        ushort offset = NumberBlock.OffsetOf(work.Rows.NumberAt(places[0]));
        NumberState? state = states.Numbers[index];
        if (state is null && count > 1) state = NumberState.Start(group.Block, tag);

        int entriesBefore = _entries.Count;
        foreach (int place in places)
        {
            Decision decision = Judge(state ?? NumberState.Empty, offset, work.Rows.SaidAt(place));
            work.Replies[place] = ReplyOf(decision);
            if (decision.Happened is not { } happened) continue;

            if (work.DryRun)
            {
                state = state?.Apply(happened, now);
                continue;
            }

            var content = new EntryContent(now, offset, happened);
            NewEntry entry = sealer.Next(
                group.Block, tag, state?.Version ?? 0, state?.Hash ?? Chain.Start(group.Block, tag), content, null,
                random.AsSpan(_entries.Count * EntrySealer.RandomBytes, EntrySealer.RandomBytes));
            _entries.Add(entry);
            state = (state ?? NumberState.Start(group.Block, tag)).Apply(entry.Opened(content));
        }

        if (_entries.Count == entriesBefore) return;

        _expected.Add(new(tag, states.Numbers[index]?.Version ?? 0));
        _changed.Add((offset, state!));
    }

    private Decision Judge(NumberState state, ushort offset, LedgerEvent said) => said switch
    {
        LedgerEvent.CarrierReport report => CarrierRules.Report(
            state, states.Ranges.At(offset)?.Carrier, report, _today),
        LedgerEvent.Bound claim => BindingRules.Bind(state, claim, now),
        _ => throw new ArgumentException($"{said.GetType().Name} is not written in bulk.", nameof(said)),
    };

    private static BulkReply ReplyOf(Decision decision) =>
        decision.Refusal is { } refusal ? new(CommandOutcome.Refused, refusal)
        : decision.Happened is not null ? new(CommandOutcome.Recorded, null)
        : new(CommandOutcome.NothingToDo, null);
}
