using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace NumberLedger.Grains;

/// <summary>Keeps what a grain remembers in the ledger's store, whichever that is.</summary>
/// <remarks>
/// For what is no entry of the ledger: a state is one row, and its version the ETag. As JSON, whose members can be
/// added without a thought for what an older release wrote. A grain's id may say something about a person, so a name is
/// a keyed digest of it; contents are sealed under that name. Orleans tells a grain of exceptions from here inside an
/// <see cref="OrleansException"/>, but for <see cref="InconsistentStateException"/>, which also ends the activation.
/// </remarks>
internal sealed class StateGrainStorage(IStateStore states, StoreCalls calls, FileSealer sealer, MasterKey master)
    : IGrainStorage
{
    /// <summary>As which grains may ask for it; it is also the one they get if they name none.</summary>
    public const string Name = "ledger";

    public const string Prefix = "grain.";

    /// <summary>As jobs are kept. Members are added, never renamed: older states stay readable.</summary>
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly byte[] _key = master.Derive("nl/grain/1");

    /// <exception cref="LedgerUnavailableException">
    /// The store did not answer in time, or what it holds is not what was written: the log says so.
    /// </exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = NameOf(stateName, grainId);
        if (await calls.ReadAsync(OpenAsync, CancellationToken.None) is not { } read)
        {
            Forget(grainState);
            return;
        }

        (grainState.State, grainState.ETag, grainState.RecordExists) = (read.State, read.Version, true);

        async Task<(T State, string Version)?> OpenAsync(CancellationToken cancellationToken) =>
            await states.ReadAsync(name, cancellationToken) is { } stored
                ? (JsonSerializer.Deserialize<T>(sealer.Open(name, stored.Content), Json)!, stored.Version)
                : null;
    }

    /// <exception cref="InconsistentStateException">Another activation has written since it was read.</exception>
    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="InvalidOperationException">
    /// Sealed, the state has more than <see cref="IStateStore.BytesMax"/> bytes.
    /// </exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = NameOf(stateName, grainId);
        byte[] content = sealer.Seal(
            name, JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json), RandomNumberGenerator.Fill);
        if (content.Length > IStateStore.BytesMax)
        {
            throw new InvalidOperationException(
                $"The state '{stateName}' has {content.Length} bytes, and may have {IStateStore.BytesMax}.");
        }

        string? seen = grainState.ETag;
        grainState.ETag = await calls.WriteAsync(token => states.SaveAsync(name, content, seen, token))
            ?? throw Stale(stateName, seen);
        grainState.RecordExists = true;
    }

    /// <inheritdoc cref="WriteStateAsync{T}"/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = NameOf(stateName, grainId);
        bool isAsSeen = grainState.ETag is { } seen
            ? await calls.WriteAsync(token => states.DeleteAsync(name, seen, token))
            : await calls.ReadAsync(token => states.ReadAsync(name, token), CancellationToken.None) is null;
        if (!isAsSeen) throw Stale(stateName, grainState.ETag);

        Forget(grainState);
    }

    private static void Forget<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (null, false);
    }

    private static InconsistentStateException Stale(string stateName, string? seen) =>
        new($"The state '{stateName}' was written by another activation.", "another", seen ?? "none");

    private string NameOf(string stateName, GrainId grainId) => Prefix + Convert.ToHexStringLower(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{stateName}\0{grainId}")));
}
