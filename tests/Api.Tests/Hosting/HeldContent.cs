using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>A JSON body that is kept back.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly byte[] _body;
    private readonly Task _held;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldContent(string json, Task held)
    {
        (_body, _held) = (Encoding.UTF8.GetBytes(json), held);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>
    /// Completes when the body is to be sent; with Expect: 100-continue, when the server asks for it.
    /// </summary>
    public Task Asked => _asked.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _asked.TrySetResult();
        await _held;
        await stream.WriteAsync(_body);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
