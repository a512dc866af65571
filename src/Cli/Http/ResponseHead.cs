using System.Globalization;
using System.Text;

namespace NumberLedger.Cli;

/// <summary>The first lines of an HTTP/1.1 response.</summary>
/// <param name="Headers">Names in any case; of one that is there twice, the last.</param>
internal sealed record ResponseHead(int Status, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What a server of ours sends is under a tenth of it.</summary>
    public const int BytesMax = 32 * 1024;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>1xx: another head follows.</summary>
    public bool IsInterim => Status is >= 100 and < 200;

    public bool IsChunked =>
        Headers.TryGetValue("Transfer-Encoding", out string? coding)
        && coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null: not told, so the body ends with the connection, or is chunked.</summary>
    public long? Length =>
        Headers.TryGetValue("Content-Length", out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : null;

    /// <param name="bytes">Up to the empty line, without it.</param>
    /// <exception cref="IOException">It is no HTTP.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        string[] first = lines[0].Split(' ', 3);
        if (first.Length < 2 || !first[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(first[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw new IOException("What answers there does not speak HTTP/1.1.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new ResponseHead(status, headers);
    }
}
