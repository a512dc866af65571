using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace NumberLedger.Silo;

/// <summary>The keys of cookies and forms, in the ledger's store: what one process gives out, any takes.</summary>
/// <remarks>
/// Each key is a state, sealed under the master key; none is ever changed or deleted. The framework asks seldom (at
/// the start, and once a day) and without await: waiting here holds up nobody.
/// </remarks>
internal sealed class SharedProtectionKeys(IStateStore states, FileSealer sealer) : IXmlRepository
{
    public const string Prefix = "dataprotection.";

    private const int NameSize = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="StoreUnavailableException">
    /// Then nothing is protected, rather than by a key of this process alone.
    /// </exception>
    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async cancellationToken =>
    {
        List<XElement> keys = [];
        foreach (StateVersion state in await states.ListAsync(Prefix, cancellationToken))
        {
            if (await states.ReadAsync(state.Name, cancellationToken) is not { } stored) continue;

            using var content = new MemoryStream(sealer.Open(state.Name, stored.Content));
            keys.Add(XElement.Load(content));
        }

        return keys;
    });

    /// <inheritdoc cref="GetAllElements"/>
    public void StoreElement(XElement element, string friendlyName) => Wait(async cancellationToken =>
    {
        string name = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameSize));
        using var content = new MemoryStream();
        await element.SaveAsync(content, SaveOptions.DisableFormatting, cancellationToken);
        byte[] closed = sealer.Seal(name, content.ToArray(), RandomNumberGenerator.Fill);
        return await states.SaveAsync(name, closed, expected: null, cancellationToken);
    });

    private static T Wait<T>(Func<CancellationToken, Task<T>> call)
    {
        using var late = new CancellationTokenSource(Patience);
        return Task.Run(() => call(late.Token), late.Token).GetAwaiter().GetResult();
    }
}

internal static class SharedProtectionKeysSetup
{
    /// <summary>Wants a store of states and a sealer.</summary>
    public static void AddSharedProtectionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NumberLedger");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = new SharedProtectionKeys(
                provider.GetRequiredService<IStateStore>(), provider.GetRequiredService<FileSealer>())));
    }
}
