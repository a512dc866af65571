using System.Collections.Immutable;
using System.Diagnostics;

namespace NumberLedger;

/// <summary>What is recorded of one number: a fold over its entries, in version order, and nothing else.</summary>
/// <param name="Version">Of the last entry; 0 for none.</param>
/// <param name="Hash">Of the last entry, or the chain's start.</param>
/// <param name="RecordedAt">Of the last entry that could be opened.</param>
/// <param name="Reports">
/// Every report of a carrier, retracted ones and retractions too, in the order of recording.
/// </param>
/// <param name="Bindings">The latest binding of each lender.</param>
/// <param name="Refusals">Every refusal, of whichever tenure.</param>
/// <param name="Commands">Which command caused which entry.</param>
public sealed record NumberState(
    long Version,
    Hash256 Hash,
    DateTimeOffset RecordedAt,
    ImmutableArray<LedgerEvent.CarrierReport> Reports,
    ImmutableDictionary<string, LenderBinding> Bindings,
    ImmutableArray<LedgerEvent.OptedOut> Refusals,
    ImmutableDictionary<CommandId, LedgerEvent> Commands)
{
    public static NumberState Start(NumberBlock block, Pseudonym tag) => new(
        0, Chain.Start(block, tag), default, [], ImmutableDictionary<string, LenderBinding>.Empty, [],
        ImmutableDictionary<CommandId, LedgerEvent>.Empty);

    /// <summary>A state without a ledger around it, for judging events alone.</summary>
    public static NumberState Empty { get; } = Start(default, default);

    public static NumberState Of(IEnumerable<LedgerEntry> entries, NumberState start) =>
        entries.Aggregate(start, (state, entry) => state.Apply(entry));

    public NumberState Apply(LedgerEntry entry)
    {
        NumberState moved = this with { Version = entry.Version, Hash = entry.Hash };
        if (entry.Content is not { } content) return moved; // Erased: it counts for the chain only.

        if (entry.Command is { } command) moved = moved with { Commands = Commands.SetItem(command, content.Event) };
        return moved.Apply(content.Event, content.RecordedAt);
    }

    public NumberState Apply(LedgerEvent happened, DateTimeOffset recordedAt)
    {
        NumberState told = this with { RecordedAt = recordedAt };
        return happened switch
        {
            LedgerEvent.CarrierReport e => told with { Reports = Reports.Add(e) },
            LedgerEvent.Bound e => told with
            {
                Bindings = Bindings.SetItem(
                    e.Lender, new LenderBinding(e, null, EarlierThan(Bindings.GetValueOrDefault(e.Lender)))),
            },
            // Without a binding, because that was erased, a release has nothing to end.
            LedgerEvent.Released e => Bindings.TryGetValue(e.Lender, out LenderBinding? ended)
                ? told with { Bindings = Bindings.SetItem(e.Lender, ended with { ReleasedAt = recordedAt }) }
                : told,
            LedgerEvent.OptedOut e => told with { Refusals = Refusals.Add(e) },
            _ => throw new UnreachableException($"{happened.GetType().Name} is no event of a number."),
        };
    }

    private static ImmutableArray<LedgerEvent.Bound> EarlierThan(LenderBinding? present) =>
        present is { ReleasedAt: null } ? present.Earlier.Add(present.Claim) : [];
}

/// <param name="Claim">What the lender said.</param>
/// <param name="ReleasedAt">When the release was recorded; null while it stands.</param>
/// <param name="Earlier">The lender's claims before this one, since its last release.</param>
public sealed record LenderBinding(
    LedgerEvent.Bound Claim, DateTimeOffset? ReleasedAt, ImmutableArray<LedgerEvent.Bound> Earlier);
