using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace NumberLedger.Silo;

/// <summary>The keys of cookies and forms, in the ledger's store: what one process gives out, any takes.</summary>
/// <remarks>
/// Each key is a state, sealed under the master key; none is ever changed or deleted. They are counted: a process makes
/// one because of those that it has read, and of several that do so at once one is first. The others' are dropped, for
/// the framework reads all again after it has made one, and goes on with what is there. Otherwise a process would not
/// know the other's until the next day. The framework asks seldom (at the first use, and once a day) and without await:
/// waiting here holds up nobody.
/// </remarks>
internal sealed partial class SharedProtectionKeys(
    IStateStore states, FileSealer sealer, ILogger<SharedProtectionKeys> logger) : IXmlRepository
{
    public const string Prefix = "dataprotection.";

    private const string KeyPrefix = Prefix + "key.";

    private const int NameSize = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Number of the latest key that was read.</summary>
    private volatile int _latest;

    /// <exception cref="StoreUnavailableException">
    /// Then nothing is protected, rather than by a key of this process alone.
    /// </exception>
    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async cancellationToken =>
    {
        List<XElement> keys = [];
        int latest = 0;
        foreach (StateVersion state in await states.ListAsync(Prefix, cancellationToken))
        {
            latest = Math.Max(latest, NumberOf(state.Name));
            if (await states.ReadAsync(state.Name, cancellationToken) is { } stored
                && Open(state.Name, stored.Content) is { } key)
            {
                keys.Add(key);
            }
        }

        _latest = latest;
        return keys;
    });

    /// <inheritdoc cref="GetAllElements"/>
    public void StoreElement(XElement element, string friendlyName) => Wait(async cancellationToken =>
    {
        string name = element.Name.LocalName == "key"
            ? string.Create(CultureInfo.InvariantCulture, $"{KeyPrefix}{_latest + 1}")
            : Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameSize)); // It revokes keys.
        using var content = new MemoryStream();
        await element.SaveAsync(content, SaveOptions.DisableFormatting, cancellationToken);
        byte[] closed = sealer.Seal(name, content.ToArray(), RandomNumberGenerator.Fill);
        return await states.SaveAsync(name, closed, expected: null, cancellationToken); // Or another was first.
    });

    private static int NumberOf(string name) =>
        name.StartsWith(KeyPrefix, StringComparison.Ordinal)
            ? int.Parse(name.AsSpan(KeyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;

    /// <returns>Null: it is damaged. What it protected opens no more, and another is made.</returns>
    private XElement? Open(string name, byte[] closed)
    {
        try
        {
            using var content = new MemoryStream(sealer.Open(name, closed));
            return XElement.Load(content);
        }
        catch (BrokenFileException broken)
        {
            Log.NotReadable(logger, broken.Message);
            return null;
        }
    }

    private static T Wait<T>(Func<CancellationToken, Task<T>> call)
    {
        using var late = new CancellationTokenSource(Patience);
        return Task.Run(() => call(late.Token), late.Token).GetAwaiter().GetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(1601, LogLevel.Error, "A key of cookies and forms is left alone: {What}")]
        public static partial void NotReadable(ILogger logger, string what);
    }
}

internal static class SharedProtectionKeysSetup
{
    /// <summary>
    /// Wants a store of states and a sealer. Neither is asked before something is protected for the first time.
    /// </summary>
    public static void AddSharedProtectionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NumberLedger");
        services.AddSingleton<SharedProtectionKeys>();
        services.AddOptions<KeyManagementOptions>()
            .Configure<SharedProtectionKeys>((options, keys) => options.XmlRepository = keys);
        // The framework would read the keys at every start, and make one, also where nothing is ever protected.
        foreach (ServiceDescriptor eager in services.Where(IsEager).ToArray()) services.Remove(eager);
    }

    private static bool IsEager(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && service is { IsKeyedService: false, ImplementationType: { } type }
        && type.Assembly == typeof(KeyManagementOptions).Assembly;
}
