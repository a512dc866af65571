using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>A request's body: whole, within its limit, JSON in UTF-8.</summary>
internal sealed class Body : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.JsonDepthMax };

    private readonly byte[] _rented;
    private readonly int _length;
    private JsonDocument? _json;

    private Body(byte[] rented, int length) => (_rented, _length) = (rented, length);

    /// <summary>As they were sent.</summary>
    public ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <returns>The body, or what is wrong with it.</returns>
    public static async ValueTask<(Body? Body, ProblemReply? Problem)> ReadAsync(HttpContext http, int bytesMax)
    {
        HttpRequest request = http.Request;
        string? type = request.ContentType;
        if (!string.IsNullOrEmpty(type) && !IsJson(type))
        {
            return (null, ProblemReply.Of(ProblemCatalog.MediaTypeUnsupported));
        }

        if (request.ContentLength > bytesMax) return (null, TooLarge(bytesMax));

        Body? body = await ReadBytesAsync(request.BodyReader, bytesMax);
        if (body is null) return (null, TooLarge(bytesMax));

        ProblemReply? problem = body._length == 0 ? ProblemReply.Of(ProblemCatalog.BodyEmpty)
            : string.IsNullOrEmpty(type) ? ProblemReply.Of(ProblemCatalog.MediaTypeUnsupported)
            : body.Parse();
        if (problem is null) return (body, null);

        body.Dispose();
        return (null, problem);
    }

    /// <summary>Reads the body as a shape says.</summary>
    public T? Read<T>(Shape<T> shape, Faults faults, NumberReader numbers)
        where T : class
    {
        JsonElement root = _json!.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
        {
            faults.Add(ProblemCatalog.TypeWrong, "", "The body is an object.");
            return null;
        }

        try
        {
            return shape.Read(Place.Root(root, faults, numbers));
        }
        catch (InvalidOperationException)
        {
            // The only thing that the parser leaves to be found when a text is taken out of it.
            faults.Add(ProblemCatalog.BodyMalformed, "", "A text has half of a surrogate pair: \\uD800 to \\uDFFF come in pairs.");
            return null;
        }
    }

    public void Dispose()
    {
        _json?.Dispose();
        ArrayPool<byte>.Shared.Return(_rented, clearArray: true); // It held phone numbers.
    }

    private static async ValueTask<Body?> ReadBytesAsync(PipeReader reader, int bytesMax)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            ReadOnlySequence<byte> bytes = result.Buffer;
            if (bytes.Length > bytesMax)
            {
                reader.AdvanceTo(bytes.End);
                return null;
            }

            if (result.IsCompleted)
            {
                int length = (int)bytes.Length;
                byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
                bytes.CopyTo(rented);
                reader.AdvanceTo(bytes.End);
                return new Body(rented, length);
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    private ProblemReply? Parse()
    {
        if (!Utf8.IsValid(Bytes)) return ProblemReply.At(ProblemCatalog.BodyMalformed, "", "The body is not UTF-8.");

        try
        {
            _json = JsonDocument.Parse(_rented.AsMemory(0, _length), Strict);
            return null;
        }
        catch (JsonException malformed)
        {
            // Its message may repeat a part of the body.
            return ProblemReply.At(
                ProblemCatalog.BodyMalformed, "",
                $"JSON, at most {Limits.JsonDepthMax} levels deep, ends at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.");
        }
    }

    private static ProblemReply TooLarge(int bytesMax) =>
        ProblemReply.Of(ProblemCatalog.BodyTooLarge, $"At most {bytesMax} bytes here.");

    /// <summary>application/json, and no charset but UTF-8.</summary>
    private static bool IsJson(string contentType)
    {
        if (contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return true;

        return Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }
}
