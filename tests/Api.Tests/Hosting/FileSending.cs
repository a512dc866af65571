using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>Sends files, and takes their answers apart.</summary>
internal static class FileSending
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    public static async Task<ReceivedFile> SendFileAsync(
        this TestParty party, string path, string file, string type = Csv, string? accept = null, bool gzip = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(file);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(gzip ? Pack(bytes) : bytes);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
            request.Headers.AcceptEncoding.ParseAdd("gzip");
        }

        using HttpResponseMessage response = await party.Client.SendAsync(
            request, TestContext.Current.CancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        if (response.Content.Headers.ContentEncoding.Contains("gzip")) answer = Unpack(answer);
        return new ReceivedFile(
            (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(answer));
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>The answer to a file.</summary>
internal sealed record ReceivedFile(int Status, string? ContentType, string Text)
{
    /// <summary>What stands before the trailer.</summary>
    public string Lines => Text[..(Text.TrimEnd('\n').LastIndexOf('\n') + 1)];

    /// <summary>Without its digest, which is compared here.</summary>
    public string Trailer
    {
        get
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Lines)));
            string trailer = Text[Lines.Length..];
            Assert.Contains(digest, trailer);
            return trailer.Replace(digest, "…").TrimEnd('\n');
        }
    }

    /// <summary>The lines before the trailer, whose digest is compared.</summary>
    public string[] Answered()
    {
        Assert.NotEmpty(Trailer);
        return Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public ReceivedFile ShouldBe(int status, string? code = null)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        if (code is not null) Assert.Contains($"\"code\":\"{code}\"", Text);
        return this;
    }
}
