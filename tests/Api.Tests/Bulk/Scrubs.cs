using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Files on their way to the API and back.</summary>
internal static class Scrubs
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>Sends a file whole, and reads the answer whole.</summary>
    public static async Task<FileReceived> SendFileAsync(
        this TestParty party, string path, string file, string type = Csv, string? accept = null, bool gzip = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        byte[] bytes = Encoding.UTF8.GetBytes(file);
        request.Content = new ByteArrayContent(gzip ? Packed(bytes) : bytes);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
            request.Headers.AcceptEncoding.ParseAdd("gzip");
        }

        using HttpResponseMessage response = await party.Client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        if (response.Content.Headers.ContentEncoding.Contains("gzip")) answer = Unpacked(answer);
        return new FileReceived(
            (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(answer));
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}

/// <summary>The answer to a file.</summary>
internal sealed record FileReceived(int Status, string? ContentType, string Text)
{
    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Without the trailer, whose digest is verified.</summary>
    public string[] Answered()
    {
        string[] lines = Lines;
        string trailer = lines[^1];
        string body = Text[..^(trailer.Length + 1)];
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        Assert.Contains(digest, trailer, StringComparison.Ordinal);
        return lines[..^1];
    }

    public string Trailer => Lines[^1];

    public FileReceived ShouldBe(int status, string? code = null)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        if (code is not null) Assert.Contains($"\"code\":\"{code}\"", Text, StringComparison.Ordinal);
        return this;
    }
}
