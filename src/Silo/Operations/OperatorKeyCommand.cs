using System.CommandLine;
using System.Security.Cryptography;
using NumberLedger.Grains;
using Polly;

namespace NumberLedger.Silo;

/// <summary>
/// <c>store operator-key</c>: a key for an operator, by whoever may touch the store: the first one of a ledger, or the
/// next after the last one was lost.
/// </summary>
internal static class OperatorKeyCommand
{
    /// <summary>Who waits at a terminal has more patience than who sends a text.</summary>
    private static readonly ResiliencePipeline Patiently = new ResiliencePipelineBuilder().AddRetry(new()
    {
        ShouldHandle = new PredicateBuilder().Handle<StoreOutOfReachException>(),
        MaxRetryAttempts = 20,
        Delay = TimeSpan.FromMilliseconds(500),
    }).Build();

    public static Command Create()
    {
        Option<string> data = StoreVerb.Data(
            "The folder with the ledger, or with its master key if it is in a database. No ledger may be running on it; over "
            + "a database, others may.");
        var party = new Option<string>("--party")
        {
            Description = "The operator's id; made if there is no such party.",
            DefaultValueFactory = _ => "operator",
        };
        var command = new Command(
            "operator-key", "Make an access key for an operator, and print it: the one time that it is told.")
        {
            data, party,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(party), parsed.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        string data, string party, InvocationConfiguration streams, CancellationToken cancellationToken) =>
        StoreVerb.RunAsync(streams, "stopped. A key that was not printed is of no use to anybody.", async () =>
        {
            AccessKey key = AccessKey.Make(RandomNumberGenerator.GetBytes(AccessKey.RandomBytes));
            if (await AddAsync(data, party, key, cancellationToken) is { } refusal)
            {
                await streams.Error.WriteLineAsync($"numberledger: {TextOf(refusal, party)}");
                return StoreVerb.Refused;
            }

            await streams.Error.WriteLineAsync($"store operator-key: of {party}, told only here:");
            await streams.Output.WriteLineAsync(key.Text);
            return 0;
        });

    private static async Task<Refusal?> AddAsync(
        string data, string party, AccessKey key, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        // The processes that will share a database need its key: one that is made here none of them would have.
        builder.Services.AddLedger(
            builder.Configuration, data, isShared: StoreSetting.Of(builder.Configuration) is not null);
        builder.Services.AddLedgerGrains();
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        ILedgerStore store = services.GetRequiredService<ILedgerStore>();
        if (store.Degraded is { } reason) throw new StoreUnavailableException(reason);

        await FirstStart.ThrowIfHalfAsync(store, cancellationToken);
        var registry = services.GetRequiredService<IRegistryWriter>();
        var registered = new LedgerEvent.PartyRegistered(party, "Operator", PartyRole.Operator);
        if (await RecordAsync(state => state.Parties.TryGetValue(party, out Party? present)
            && present.Role is PartyRole.Operator
                ? Decision.NothingToDo
                : RegistryRules.Register(state, registered)) is { } refusal)
        {
            return refusal;
        }

        var added = new LedgerEvent.KeyAdded(
            key.Id, party, key.Digest, new EquatableList<string>(Scopes.Of(PartyRole.Operator)));
        return await RecordAsync(
            state => state.Keys.ContainsKey(key.Id) ? Decision.NothingToDo : RegistryRules.AddKey(state, added));

        async Task<Refusal?> RecordAsync(Func<RegistryState, Decision> rule) => (await Patiently.ExecuteAsync(
            async token => await registry.RecordAsync((state, _) => rule(state), command: null, token),
            cancellationToken)).Refusal;
    }

    private static string TextOf(Refusal refusal, string party) => refusal switch
    {
        Refusal.PartyExists => $"{party} is a party already, and no operator. Name another with --party.",
        Refusal.KeysTooMany => $"{party} has {RegistryRules.LiveKeysMax} live keys. Revoke one, or name another party.",
        _ => $"Refused: {refusal}.",
    };
}
