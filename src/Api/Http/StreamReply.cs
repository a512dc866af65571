using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>An answer that is made while it is sent: too long for memory, or not at its end yet.</summary>
internal abstract class StreamReply(int status) : Reply(status)
{
    public abstract override Task SendAsync(HttpContext http);

    protected sealed override void WriteBody(IBufferWriter<byte> to) =>
        throw new UnreachableException("A streamed answer is never held in memory.");
}
