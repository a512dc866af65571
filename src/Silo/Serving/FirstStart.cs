using System.Security.Cryptography;
using System.Text.Json;
using NumberLedger.Grains;

namespace NumberLedger.Silo;

/// <summary>In a fresh folder, makes three demo parties and writes their keys, before the ledger is ready.</summary>
/// <remarks>
/// The file is written before the keys are recorded: after a crash in between, the next start records the keys that the
/// file already holds. A registry with parties is left alone.
/// </remarks>
internal sealed class FirstStart(
    ServeOptions options, ILedgerStore store, IGrainFactory grains, IRegistryReader registry) : IHostedService
{
    private static readonly (string Party, string Name, PartyRole Role)[] Demo =
    [
        ("demo-lender", "Demo Lender", PartyRole.Lender),
        ("demo-carrier", "Demo Carrier", PartyRole.Carrier),
        ("demo-operator", "Demo Operator", PartyRole.Operator),
    ];

    private const int TriesMax = 20;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    /// <summary>The keys were made by this start: worth telling.</summary>
    public bool MadeKeys { get; private set; }

    /// <summary>Before a registry is begun.</summary>
    /// <exception cref="StartException">The store holds a part of another ledger.</exception>
    public static async Task ThrowIfHalfAsync(ILedgerStore store, CancellationToken cancellationToken)
    {
        if (await LedgerCopy.WasBrokenOffAsync(store, cancellationToken))
        {
            throw new StartException(
                "The store holds numbers and no parties: a copy into it was broken off. Give the same numberledger store copy "
                + "again, and it goes on from there; or take an empty store.");
        }
    }

    /// <exception cref="StartException">The store did not answer, or the file of keys is none.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            // A store that must not be believed is no fresh one: it is served all the same, so that it can say why.
            if (store.Degraded is not null) return;

            try
            {
                await MakeAsync(cancellationToken);
                return;
            }
            catch (LedgerUnavailableException unavailable) when (tries == TriesMax)
            {
                throw new StartException($"The store does not answer in time: {unavailable.Message}");
            }
            catch (LedgerUnavailableException)
            {
                // A database that has just been started, or is far away, misses a check's deadline now and then.
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What an earlier try has made is found.</summary>
    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        RegistryState state = await registry.ReadAsync(cancellationToken);
        if (state.Position == 0) await ThrowIfHalfAsync(store, cancellationToken);
        bool haveKeys = Demo.All(demo => state.Keys.Values.Any(key => key.Party == demo.Party));
        if (state.Parties.Count > Demo.Length || haveKeys) return;

        if (state.Parties.Keys.Except(Demo.Select(demo => demo.Party)).Any()) return;

        Dictionary<string, DemoKey> keys = ReadKeys() ?? MakeKeys();
        foreach ((string party, string name, PartyRole role) in Demo)
        {
            if (!AccessKey.TryParse(keys[RoleName(role)].Key, out AccessKey key))
            {
                throw new StartException($"{options.KeysOut} does not hold the demo keys. Delete it, and start again.");
            }

            await grains.Registry().RegisterPartyAsync(new(new(party, name, role), null), cancellationToken);
            if (state.Keys.ContainsKey(key.Id)) continue;

            var added = new LedgerEvent.KeyAdded(key.Id, party, key.Digest, new EquatableList<string>(Scopes.Of(role)));
            await grains.Registry().AddKeyAsync(new(added, null), cancellationToken);
        }

        MadeKeys = true;
    }

    private Dictionary<string, DemoKey>? ReadKeys()
    {
        try
        {
            return File.Exists(options.KeysOut)
                ? JsonSerializer.Deserialize<Dictionary<string, DemoKey>>(
                    File.ReadAllText(options.KeysOut), JsonSerializerOptions.Web)
                : null;
        }
        catch (JsonException)
        {
            throw new StartException(
                $"{options.KeysOut} is not a file of keys. Delete it, or name another with --keys-out.");
        }
    }

    private Dictionary<string, DemoKey> MakeKeys()
    {
        var keys = Demo.ToDictionary(
            demo => RoleName(demo.Role),
            demo =>
                new DemoKey(demo.Party, AccessKey.Make(RandomNumberGenerator.GetBytes(AccessKey.RandomBytes)).Text));
        PrivateFile.Write(options.KeysOut, JsonSerializer.Serialize(keys, JsonSerializerOptions.Web) + "\n");
        return keys;
    }

    private static string RoleName(PartyRole role) => role.ToString().ToLowerInvariant();

    private sealed record DemoKey(string Party, string Key);
}
