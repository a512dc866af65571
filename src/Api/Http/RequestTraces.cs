using System.Diagnostics;

namespace NumberLedger.Api;

/// <summary>
/// Gives every request a trace id, the caller's if it sent one (W3C traceparent): problems and logs name it, whether or
/// not anybody collects traces.
/// </summary>
internal sealed class RequestTraces : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    public void Start() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();
}
