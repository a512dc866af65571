using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>The answer to a file on its way out: counted, digested, and ended by a trailer.</summary>
/// <remarks>docs/reference/files.md says what the trailer looks like.</remarks>
internal sealed class FileAnswer(Stream output, FileFormat format, FileProgress progress)
{
    private const char Grouped = '.';
    private const int SliceBytes = 128 * 1024;

    public long BytesWritten { get; private set; } = progress.Checkpoint.BytesWritten;

    /// <summary>
    /// In slices: what is digested is sent while it is in the processor's cache, and the server keeps few of its own
    /// buffers for it.
    /// </summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        BytesWritten += bytes.Length;
        while (bytes.Length > 0)
        {
            ReadOnlyMemory<byte> slice = bytes[..Math.Min(bytes.Length, SliceBytes)];
            progress.Digest.AppendData(slice.Span);
            await output.WriteAsync(slice, cancellationToken);
            bytes = bytes[slice.Length..];
        }
    }

    /// <param name="counts">
    /// In this order, those that always stand first. <c>reason.reassigned</c> is a count inside <c>reasons</c>.
    /// </param>
    /// <param name="flags">What is true of the file, beside the counts: <c>dryRun</c>.</param>
    public async ValueTask EndAsync(
        IReadOnlyList<KeyValuePair<string, long>> counts, IReadOnlyList<string> flags, FileStop? stop,
        CancellationToken cancellationToken)
    {
        string digest = Convert.ToHexStringLower(progress.Digest.GetHashAndReset());
        byte[] trailer = format is FileFormat.Csv
            ? Csv(counts, flags, digest, stop)
            : Ndjson(counts, flags, digest, stop);
        BytesWritten += trailer.Length;
        await output.WriteAsync(trailer, cancellationToken);
        await output.FlushAsync(cancellationToken);
        await progress.ReachAsync(progress.Checkpoint with
        {
            BytesWritten = BytesWritten,
            Counts = counts.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Stopped = stop?.Code,
            Ended = true,
        });
    }

    private static byte[] Csv(
        IEnumerable<KeyValuePair<string, long>> counts, IEnumerable<string> flags, string digest, FileStop? stop)
    {
        IEnumerable<string> fields =
        [
            "#end",
            .. counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key}={count.Value}")),
            .. flags.Select(flag => $"{flag}=true"),
            $"sha256={digest}",
            .. stop is null ? (string[])[] : [$"stopped={stop.Code}", $"\"detail={stop.Detail}\""],
        ];
        return Encoding.UTF8.GetBytes(string.Join(',', fields) + "\n");
    }

    private static byte[] Ndjson(
        IEnumerable<KeyValuePair<string, long>> counts, IEnumerable<string> flags, string digest, FileStop? stop)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("end");
            foreach (var group in counts.GroupBy(count => GroupOf(count.Key)))
            {
                if (group.Key is { } name) json.WriteStartObject(name + "s");
                foreach ((string key, long value) in group) json.WriteNumber(key[(key.IndexOf(Grouped) + 1)..], value);
                if (group.Key is not null) json.WriteEndObject();
            }

            foreach (string flag in flags) json.WriteBoolean(flag, true);
            json.WriteString("sha256", digest);
            if (stop is not null)
            {
                json.WriteString("stopped", stop.Code);
                json.WriteString("detail", stop.Detail);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static string? GroupOf(string key) => key.IndexOf(Grouped) is >= 0 and int dot ? key[..dot] : null;
}

/// <summary>Why a file was not read to its end, or not all was done that it asked for.</summary>
/// <param name="Code">In kebab-case; docs/reference/files.md lists them.</param>
/// <param name="Detail">In words, without quotes: what to do about it.</param>
internal sealed record FileStop(string Code, string Detail)
{
    public static readonly FileStop RowsMax = new(
        "rows-max", $"At most {Limits.FileRowsMax} rows in a file. Send the rest in another one.");
    public static readonly FileStop BytesMax = new(
        "bytes-max", $"At most {Limits.FileBytesMax} bytes in a file. Send the rest in another one.");
    public static readonly FileStop CredentialRevoked = new(
        "credential-revoked", "The access key was revoked meanwhile.");
    public static readonly FileStop BodyMalformed = new(
        "body-malformed", "The compressed file does not unpack beyond here.");
    public static readonly FileStop LedgerUnavailable = new(
        "ledger-unavailable", "The ledger cannot answer now. What was not answered is not known: send it again later.");
    public static FileStop Of(LineRefusal refusal) => new(refusal.Code, refusal.Remedy);

    public static readonly FileStop FeedIncomplete = new(
        "feed-incomplete",
        "Lines were refused, so no feed is taken to be complete. Mend them, and send the whole file again.");
}
