using System.Collections.Immutable;
using System.Diagnostics;

namespace NumberLedger;

/// <summary>Parties, keys, ranges and feeds: a fold over the registry's block.</summary>
/// <param name="Position">Of the last entry; the registry has one chain, so it is its version too.</param>
public sealed record RegistryState(
    long Position,
    Hash256 Hash,
    DateTimeOffset RecordedAt,
    ImmutableDictionary<string, Party> Parties,
    ImmutableDictionary<string, PartyKey> Keys,
    ImmutableArray<LedgerEvent.RangeListed> Ranges,
    ImmutableDictionary<string, CarrierFeeds> Feeds,
    ImmutableDictionary<CommandId, LedgerEvent> Commands)
{
    public static RegistryState Start(Pseudonym tag) => new(
        0, Chain.Start(NumberBlock.Registry, tag), default, ImmutableDictionary<string, Party>.Empty,
        ImmutableDictionary<string, PartyKey>.Empty, [], ImmutableDictionary<string, CarrierFeeds>.Empty,
        ImmutableDictionary<CommandId, LedgerEvent>.Empty);

    /// <summary>How far a carrier's feed is complete for a number; null: it has never said.</summary>
    public Feed? FeedOf(string carrier, PhoneNumber number) => Feeds.GetValueOrDefault(carrier)?.Of(number);

    /// <summary>The key that lets somebody in; null if it was never added, or is revoked.</summary>
    public PartyKey? LiveKey(string keyId) =>
        Keys.TryGetValue(keyId, out PartyKey? key) && key.RevokedAt is null ? key : null;

    public RegistryState Apply(LedgerEntry entry)
    {
        RegistryState moved = this with { Position = entry.Version, Hash = entry.Hash };
        if (entry.Content is not { } content) return moved;

        moved = moved with { RecordedAt = content.RecordedAt };
        if (entry.Command is { } command) moved = moved with { Commands = Commands.SetItem(command, content.Event) };
        return content.Event switch
        {
            LedgerEvent.PartyRegistered e =>
                moved with { Parties = Parties.SetItem(e.Party, new(e.Party, e.Name, e.Role)) },
            LedgerEvent.KeyAdded e => moved with
            {
                Keys = Keys.SetItem(e.KeyId, new(e.KeyId, e.Party, e.Digest, e.Scopes, content.RecordedAt, null)),
            },
            LedgerEvent.KeyRevoked e => moved with
            {
                Keys = Keys.SetItem(e.KeyId, Keys[e.KeyId] with { RevokedAt = content.RecordedAt }),
            },
            LedgerEvent.RangeListed e => moved with { Ranges = ListedRanges.Set(Ranges, e) },
            LedgerEvent.RangeDelisted e => moved with { Ranges = ListedRanges.End(Ranges, e) },
            LedgerEvent.FeedReported e => moved with
            {
                Feeds = Feeds.SetItem(e.Carrier, Feeds.GetValueOrDefault(e.Carrier, CarrierFeeds.None).Report(e)),
            },
            _ => throw new UnreachableException($"{content.Event.GetType().Name} is no event of the registry."),
        };
    }
}

public sealed record Party(string Id, string Name, PartyRole Role);

public sealed record PartyKey(
    string Id, string Party, Hash256 Digest, EquatableList<string> Scopes, DateTimeOffset AddedAt,
    DateTimeOffset? RevokedAt);
