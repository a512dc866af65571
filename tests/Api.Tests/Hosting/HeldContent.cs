using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>A JSON body whose end is kept back.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly byte[] _body;
    private readonly Task _held;

    public HeldContent(string json, Task held)
    {
        (_body, _held) = (Encoding.UTF8.GetBytes(json), held);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_body.AsMemory(0, 1));
        await stream.FlushAsync();
        await _held;
        await stream.WriteAsync(_body.AsMemory(1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
