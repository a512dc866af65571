using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>Decide by the rules, append, apply, acknowledge: in that order, one command at a time.</summary>
/// <remarks>
/// What is in memory is a replica. An append validates it: the store compares the versions that the decision rests on,
/// the number's and its block's ranges'. A decision that appends nothing is validated by the block's head instead. A
/// conflict drops what was known, reads again, decides again.
/// </remarks>
[GrainType(GrainKeys.NumberName), CollectionAgeLimit(Minutes = IdleMinutesMax)]
internal sealed partial class NumberGrain(
    ILedgerStore store, StoreCalls calls, HeadReader heads, LedgerWriter writer, Sealer sealer, LedgerClock clock,
    LedgerHealth health, ILogger<NumberGrain> logger) : Grain, INumberGrain
{
    /// <summary>A stream of writes touches ever other numbers, and each activation keeps some kilobytes.</summary>
    private const double IdleMinutesMax = 2;

    private Known? _known;

    private (NumberBlock Block, Pseudonym Tag) Key => GrainKeys.ReadNumber(this.GetPrimaryKeyString());

    /// <param name="AsOf">The block's head when the state was last known to be the stored one.</param>
    private sealed record Known(NumberState State, BlockRanges Ranges, BlockHead AsOf);

    private delegate Decision Rule(NumberState state, BlockRanges ranges, DateTimeOffset now);

    public async Task<ReportReply[]> ReportAsync(ReportCommand command, CancellationToken cancellationToken)
    {
        ushort offset = NumberBlock.OffsetOf(command.Number);
        var replies = new List<ReportReply>(command.Items.Length);
        foreach (ReportItem[] items in command.Items.Chunk(store.EntriesMax))
        {
            (Decision[] decisions, _, _) = await RecordAsync(
                command.Number, [.. items.Select(item => ((Rule)Judge(item.Report), item.Command))], cancellationToken);
            replies.AddRange(
                decisions.Select(decision => new ReportReply(OutcomeOf(decision), decision.Refusal)));
        }

        return [.. replies];

        Rule Judge(LedgerEvent.CarrierReport report) => (state, ranges, now) => CarrierRules.Report(
            state, ranges.At(offset)?.Carrier, report, DateOnly.FromDateTime(now.UtcDateTime));
    }

    public async Task<BindReply> BindAsync(BindCommand command, CancellationToken cancellationToken)
    {
        ushort offset = NumberBlock.OffsetOf(command.Number);
        (Decision[] decisions, Known known, DateTimeOffset now) = await RecordAsync(
            command.Number, [((state, _, now) => BindingRules.Bind(state, command.Claim, now), command.Command)],
            cancellationToken);

        if (decisions[0].Refusal is { } refusal)
        {
            return new(CommandOutcome.Refused, refusal, BindingStatus.None, Reasons.None);
        }

        (BindingStatus status, Reasons reason) = BindingStatuses.Of(
            known.State, known.Ranges.At(offset), command.Claim.Lender, Moment.At(now), Key.Block);
        return new BindReply(OutcomeOf(decisions[0]), null, status, reason);
    }

    public async Task<CommandReply> ReleaseAsync(ReleaseCommand command, CancellationToken cancellationToken)
    {
        (Decision[] decisions, _, _) = await RecordAsync(
            command.Number, [((state, _, _) => BindingRules.Release(state, command.Lender), command.Command)],
            cancellationToken);
        return new CommandReply(OutcomeOf(decisions[0]), decisions[0].Refusal);
    }

    public async Task<OptOutReply> OptOutAsync(OptOutCommand command, CancellationToken cancellationToken)
    {
        (Decision[] decisions, Known known, _) = await RecordAsync(
            command.Number, [((state, _, now) => OptOutRules.OptOut(state, command.Refusal, now), command.Command)],
            cancellationToken);
        LedgerEvent.OptedOut? recorded = decisions[0].Refusal is not null ? null
            : (LedgerEvent.OptedOut?)decisions[0].Happened ?? OptOutRules.Recorded(known.State, command.Refusal);
        return new OptOutReply(OutcomeOf(decisions[0]), decisions[0].Refusal, recorded);
    }

    public async Task<HistoryEntry[]> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        (NumberBlock block, Pseudonym tag) = Key;
        IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
            token => store.ReadTagsAsync(block, [tag], token), cancellationToken);
        return calls.Opened<HistoryEntry[]>(block, () =>
        [
            // In the order of recording, which a number's clock never runs against: an erased entry's time is lost, but
            // not its place.
            .. sealer.ReadChain(block, tag, stored)
                .TakeWhile(entry => !(entry.Content?.RecordedAt > query.KnownAt))
                .Where(entry => Visibility.MaySee(query.Role, query.Party, entry.Content?.Event))
                .Select(entry => new HistoryEntry(
                    entry.Position, entry.Version, entry.Content is { } content ? EntryCodec.Encode(content) : null)),
        ]);
    }

    private static CommandOutcome OutcomeOf(Decision decision) =>
        decision.Refusal is not null ? CommandOutcome.Refused
        : decision.Happened is not null ? CommandOutcome.Recorded
        : CommandOutcome.NothingToDo;

    /// <summary>Decides each rule on what the ones before it left, and appends everything in one transaction.</summary>
    private async Task<(Decision[] Decisions, Known Known, DateTimeOffset Now)> RecordAsync(
        PhoneNumber number, (Rule Rule, CommandId? Command)[] rules, CancellationToken cancellationToken)
    {
        (NumberBlock block, Pseudonym tag) = Key;
        if (sealer.TagOf(number) != tag)
        {
            throw new ArgumentException("The command is about another number.", nameof(number));
        }

        ushort offset = NumberBlock.OffsetOf(number);
        for (int attempt = 1; attempt <= LedgerWriter.AttemptsMax; attempt++)
        {
            BlockHead head = await heads.ReadAsync(block);
            if (_known is { } held && IsBehind(head, held.AsOf))
            {
                _known = null;
                throw health.WentBack(block);
            }

            Known known = _known ??= await ReadAsync(block, tag, head, cancellationToken);
            DateTimeOffset now = clock.Now(head.RecordedAt, known.State.RecordedAt, known.Ranges.RecordedAt);
            (Decision[] decisions, List<NewEntry> entries, NumberState after) =
                Decide(block, tag, offset, known, rules, now);
            if (entries.Count == 0)
            {
                if (known.AsOf.Position == head.Position) return (decisions, known, now);
                _known = null; // The block moved since: perhaps this number did. Read, and decide again.
                continue;
            }

            AppendResult result = await AppendAsync(block, known, tag, entries, now);
            if (result.Outcome is AppendOutcome.Appended)
            {
                _known = known with { State = after, AsOf = result.Head };
                return (decisions, _known, now);
            }

            _known = null;
        }

        throw new LedgerUnavailableException("Other writes to this number kept coming first. Send the request again.");
    }

    private (Decision[] Decisions, List<NewEntry> Entries, NumberState After) Decide(
        NumberBlock block, Pseudonym tag, ushort offset, Known known, (Rule Rule, CommandId? Command)[] rules,
        DateTimeOffset now)
    {
        NumberState state = known.State;
        var entries = new List<NewEntry>();
        var decisions = new Decision[rules.Length];
        for (int i = 0; i < rules.Length; i++)
        {
            (Rule rule, CommandId? command) = rules[i];
            if (command is { } id && state.Commands.TryGetValue(id, out LedgerEvent? recorded))
            {
                decisions[i] = recorded; // Sent again: recorded the first time, and answered as it was then.
                continue;
            }

            decisions[i] = rule(state, known.Ranges, now);
            if (decisions[i].Happened is not { } happened) continue;

            var content = new EntryContent(now, offset, happened);
            NewEntry entry = writer.Seal(block, tag, state.Version, state.Hash, content, command);
            entries.Add(entry);
            state = state.Apply(entry.Opened(content));
        }

        return (decisions, entries, state);
    }

    private async Task<Known> ReadAsync(
        NumberBlock block, Pseudonym tag, BlockHead head, CancellationToken cancellationToken)
    {
        Pseudonym own = sealer.TagOf(block);
        IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
            token => store.ReadTagsAsync(block, [tag, own], token), cancellationToken);
        return calls.Opened(block, () =>
        {
            (_, NumberState state) = BlockFold.FoldNumber(block, sealer, tag, stored.Where(entry => entry.Tag == tag));
            BlockRanges ranges = BlockFold.FoldRanges(block, sealer, stored.Where(entry => entry.Tag == own));
            return new Known(state, ranges, head);
        });
    }

    private async Task<AppendResult> AppendAsync(
        NumberBlock block, Known known, Pseudonym tag, List<NewEntry> entries, DateTimeOffset now)
    {
        ExpectedVersion[] expected = [new(tag, known.State.Version), new(sealer.TagOf(block), known.Ranges.Version)];
        try
        {
            return await writer.AppendAsync(block, expected, entries, now);
        }
        catch (LedgerUnavailableException)
        {
            // The entries may have been stored all the same: the next activation will read the truth.
            Log.OutcomeUnknown(logger, entries.Count);
            _known = null;
            DeactivateOnIdle();
            throw;
        }
    }

    private static bool IsBehind(BlockHead head, BlockHead known) =>
        head.Position < known.Position || (head.Position == known.Position && head.Hash != known.Hash);

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Error,
            "An append of {Entries} entries ended without an answer; dropping the activation.")]
        public static partial void OutcomeUnknown(ILogger logger, int entries);
    }
}
