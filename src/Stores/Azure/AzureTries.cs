using Azure.Core;
using Azure.Core.Pipeline;

namespace NumberLedger.Stores;

/// <summary>
/// Counts how often the library sends a request. It tries again what it got no answer to, and is then refused for what
/// it has done itself: of a request that was sent once a refusal is the truth, of others it says nothing.
/// </summary>
internal sealed class AzureTries
{
    private const string Property = nameof(AzureTries);

    private int _count;

    /// <summary>For each try.</summary>
    public static HttpPipelinePolicy Policy { get; } = new CountingPolicy();

    public bool AreSeveral => _count > 1;

    /// <summary>Counts one request, which is made before the scope is disposed.</summary>
    public IDisposable Count() =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });

    private sealed class CountingPolicy : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.TryGetProperty(Property, out object? tries)) ((AzureTries)tries!)._count++;
        }
    }
}
