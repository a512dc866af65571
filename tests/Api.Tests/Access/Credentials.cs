using System.Security.Cryptography;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Access;

/// <summary>Authorization headers of every kind: one of each role, and those that let nobody in.</summary>
public sealed class Credentials(ApiHost host) : IAsyncLifetime
{
    private readonly Dictionary<string, string> _ofRoles = [];
    private readonly Dictionary<string, string> _withoutScopes = [];

    /// <summary>What lets nobody in, by what is wrong with it.</summary>
    public Dictionary<string, string> Invalid { get; } = [];

    /// <summary>With all scopes of the role.</summary>
    public string Of(string role) => _ofRoles[role];

    /// <summary>A role that has the scope, by a key that has only others.</summary>
    public string? Without(string scope) => _withoutScopes.GetValueOrDefault(scope);

    public async ValueTask InitializeAsync()
    {
        foreach (string role in AccessTable.Roles)
        {
            TestParty party = await host.NewPartyAsync(role);
            _ofRoles[role] = HeaderOf(party.Key);
            string[] scopes = [.. Scopes.Of(Enum.Parse<PartyRole>(role, ignoreCase: true))];
            foreach (string scope in scopes.Where(scope => scopes.Length > 1 && !_withoutScopes.ContainsKey(scope)))
            {
                _withoutScopes[scope] = HeaderOf(await KeyAsync(party, [.. scopes.Where(other => other != scope)]));
            }
        }

        TestParty former = await host.NewPartyAsync("operator");
        Received keys = await host.Operator.GetAsync($"/v1/parties/{former.Id}/keys").ShouldBeAsync(200);
        await host.Operator.DeleteAsync($"/v1/parties/{former.Id}/keys/{keys.Text("keys/0/keyId")}").ShouldBeAsync(204);

        Invalid["revoked"] = HeaderOf(former.Key);
        Invalid["unknown"] = HeaderOf(AccessKey.Make(RandomNumberGenerator.GetBytes(AccessKey.RandomBytes)).Text);
        Invalid["another secret under a known id"] = HeaderOf(SameIdAs(host.Operator.Key));
        Invalid["a wrong checksum"] = HeaderOf(host.Operator.Key[..^1] + (host.Operator.Key[^1] == '0' ? '1' : '0'));
        Invalid["malformed"] = HeaderOf("nl_0123");
        Invalid["empty"] = "Bearer ";
        Invalid["another scheme"] = $"Basic {host.Operator.Key}";
    }

    public ValueTask DisposeAsync() => default;

    private static string HeaderOf(string key) => $"Bearer {key}";

    /// <summary>Well-formed, with the id of a living key and a secret of its own.</summary>
    private static string SameIdAs(string key)
    {
        byte[] random = RandomNumberGenerator.GetBytes(AccessKey.RandomBytes);
        Convert.FromHexString(key.AsSpan(3, 16)).CopyTo(random, 0);
        string made = AccessKey.Make(random).Text;
        Assert.Equal(key[..19], made[..19]);
        return made;
    }

    private async Task<string> KeyAsync(TestParty party, string[] scopes)
    {
        Received made =
            await host.Operator.PostAsync($"/v1/parties/{party.Id}/keys", new { scopes }).ShouldBeAsync(201);
        return made.Text("key");
    }
}
