using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>An answer that is ready, and not sent yet: it can be stored under an idempotency key first.</summary>
internal abstract class Reply(int status)
{
    public const string JsonContentType = "application/json; charset=utf-8";

    /// <summary>A thread keeps its buffer for the next answer, unless a batch made it this large.</summary>
    private const int BufferKeptMax = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public int Status => status;

    public virtual string ContentType => JsonContentType;

    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteBody(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public virtual Task SendAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        response.StatusCode = Status;
        SetHeaders(http);

        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        WriteBody(buffer);
        if (buffer.WrittenCount == 0) return Task.CompletedTask;

        response.ContentType = ContentType;
        response.ContentLength = buffer.WrittenCount;
        // Write copies before it returns, and the thread's buffer is free again. WriteAsync may first wait, for what is
        // done at the start of a response, and by then the buffer may hold another request's answer.
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > BufferKeptMax) _buffer = null;
        ValueTask<FlushResult> flushed = response.BodyWriter.FlushAsync();
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }

    protected virtual void SetHeaders(HttpContext http) { }

    /// <summary>Nothing for an answer without a body.</summary>
    protected abstract void WriteBody(IBufferWriter<byte> to);
}

internal class JsonReply<T>(int status, T value, JsonTypeInfo<T> type) : Reply(status)
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    protected override void WriteBody(IBufferWriter<byte> to)
    {
        Utf8JsonWriter writer = _writer ??= new Utf8JsonWriter(to, Json.WriterOptions);
        writer.Reset(to);
        JsonSerializer.Serialize(writer, value, type);
    }
}

internal sealed class EmptyReply(int status) : Reply(status)
{
    public static readonly EmptyReply NoContent = new(StatusCodes.Status204NoContent);

    protected override void WriteBody(IBufferWriter<byte> to) { }
}
