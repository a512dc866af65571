using System.Globalization;
using System.Text.Json.Nodes;
using StackExchange.Redis;

namespace NumberLedger.Silo;

/// <summary>The members of a cluster, as Redis keeps them or as a silo remembers them.</summary>
/// <param name="WasWritten">False: there is no table at all.</param>
/// <param name="Members">JSON as the provider writes it, by the silo's address.</param>
internal sealed record MemberTable(bool WasWritten, int Version, IReadOnlyDictionary<string, string> Members)
{
    /// <summary>Grows by one with each change of a member's status.</summary>
    public const string VersionField = "Version";

    public static MemberTable Empty { get; } = new(false, 0, new Dictionary<string, string>());

    public static MemberTable Of(HashEntry[] fields)
    {
        Dictionary<string, string> members = fields.ToDictionary(field => $"{field.Name}", field => $"{field.Value}");
        return members.Remove(VersionField, out string? version)
            ? new(true, int.Parse(version, CultureInfo.InvariantCulture), members)
            : Empty with { Members = members };
    }

    /// <summary>
    /// Dead ones are cleaned up after a week; who looks is not dead, and its row never goes. A table that another has
    /// written again may be as new as the one that is known, and lack what happened last.
    /// </summary>
    public bool HasForgotten(MemberTable known, string self) =>
        Version < known.Version || (known.Members.ContainsKey(self) && !Members.ContainsKey(self))
        || known.Members.Any(member =>
            Members.TryGetValue(member.Key, out string? found) && StatusOf(found) < StatusOf(member.Value));

    /// <summary>Members that are not found dead.</summary>
    public int Living => Members.Values.Count(member => StatusOf(member) < (int)SiloStatus.Dead);

    /// <summary>
    /// Newer than both. A status only ever goes forward, from joining to dead, so of a member in both the later
    /// one holds: who was found dead is not called back.
    /// </summary>
    public MemberTable And(MemberTable other)
    {
        var merged = new Dictionary<string, string>(Members);
        foreach ((string address, string member) in other.Members)
        {
            if (!merged.TryGetValue(address, out string? known) || StatusOf(known) < StatusOf(member))
            {
                merged[address] = member;
            }
        }

        return new(true, Math.Max(Version, other.Version) + 1, merged);
    }

    public HashEntry[] ToFields() =>
    [
        new(VersionField, Version.ToString(CultureInfo.InvariantCulture)),
        .. Members.Select(member => new HashEntry(member.Key, member.Value)),
    ];

    private static int StatusOf(string member) =>
        JsonNode.Parse(member)![nameof(MembershipEntry.Status)]!.GetValue<int>();
}
