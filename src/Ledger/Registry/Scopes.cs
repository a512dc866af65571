using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>What a key may do. A key has some or all of the scopes of its party's role.</summary>
public static class Scopes
{
    public const string CheckNumbers = "checks:run";
    public const string CheckRecycling = "number-recycling:check";
    public const string WriteBindings = "bindings:write";
    public const string ReadBindings = "bindings:read";
    public const string WriteOptOuts = "opt-outs:write";
    public const string WriteCarrierEvents = "carrier-events:write";
    public const string ReadHistory = "history:read";
    public const string ManageParties = "parties:manage";
    public const string ManageRanges = "ranges:manage";
    public const string ReadRanges = "ranges:read";
    public const string MakeBackups = "backups:make";

    public static ImmutableArray<string> All { get; } =
        [.. Enum.GetValues<PartyRole>().SelectMany(role => Of(role)).Distinct()];

    public static ImmutableArray<string> Of(PartyRole role) => role switch
    {
        PartyRole.Lender => [CheckNumbers, CheckRecycling, WriteBindings, ReadBindings, WriteOptOuts, ReadHistory],
        PartyRole.Carrier => [WriteCarrierEvents, ReadHistory, ReadRanges],
        PartyRole.Agency => [CheckNumbers],
        PartyRole.Auditor => [ReadHistory, ReadRanges],
        PartyRole.Operator => [ManageParties, ManageRanges, ReadRanges, WriteOptOuts, ReadHistory, MakeBackups],
        _ => [],
    };
}
