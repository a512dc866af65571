using System.Text;
using CsCheck;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>However a file arrives, its chunks are whole records, and all of them.</summary>
public class ChunkReaderTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        "a,b\n", "\"a\nb\",c\r\n", "\n", "x", "\"", "\"\"", "\"y\",1\n", "é,2\n").Array[0, 60].Select(string.Concat);

    [Fact]
    public void What_arrives_in_pieces_is_read_whole() =>
        Gen.Select(Texts, Gen.Int[1, 7], Gen.OneOf(FileFormat.Csv, FileFormat.Ndjson)).Sample((text, piece, format) =>
        {
            List<(string Text, long Line, long Through)> chunks = Read(new PiecesStream(text, piece), format);

            string ended = text.Length > 0 && text[^1] != '\n' ? text + "\n" : text;
            Assert.Equal(ended, string.Concat(chunks.Select(chunk => chunk.Text)));
            Assert.Equal(Encoding.UTF8.GetByteCount(text), chunks.LastOrDefault().Through);
            long line = 1;
            foreach ((string part, long first, _) in chunks)
            {
                Assert.Equal(line, first);
                Assert.EndsWith("\n", part, StringComparison.Ordinal);
                line += part.Count(c => c == '\n');
            }
        });

    [Fact]
    public async Task A_sender_that_pauses_gets_what_it_sent_read()
    {
        var stream = new PiecesStream("a\nb", 3) { PausesAtEnd = true };
        var chunk = new FileChunk();
        var reader = new ChunkReader(stream, FileFormat.Csv, FileCheckpoint.Start);

        Assert.True(await reader.ReadAsync(chunk, TestContext.Current.CancellationToken));
        Assert.Equal("a\n", Encoding.UTF8.GetString(chunk.Bytes));
    }

    [Fact]
    public void A_line_without_an_end_takes_no_more_memory_than_a_few_reads()
    {
        string text = new string('x', 5_000_000) + "\nb\n";
        List<(string Text, long Line, long Through)> chunks = Read(new PiecesStream(text, 100_000), FileFormat.Csv);

        Assert.InRange(chunks[0].Text.Length, CsvRecords.BytesMax + 1, 1_000_000);
        Assert.EndsWith("x\nb\n", string.Concat(chunks.Select(chunk => chunk.Text)), StringComparison.Ordinal);
        Assert.Equal(text.Length, chunks[^1].Through);
    }

    [Fact]
    public void A_chunk_ends_where_a_line_does_also_after_a_long_line_with_an_open_quote()
    {
        string line = new string('x', 65_500) + ",\"" + new string('y', 150_000);
        string text = line + "\nz\"" + new string('z', 1_000) + "\nb\n";
        foreach (int piece in new[] { 1_000, 70_000, line.Length, (line.Length + 3) / 2, line.Length + 3, 300_000 })
        {
            List<(string Text, long Line, long Through)> chunks = Read(new PiecesStream(text, piece), FileFormat.Csv);

            Assert.All(chunks, chunk => Assert.Equal('\n', text[(int)chunk.Through - 1]));
            Assert.Equal(text.Length, chunks[^1].Through);
        }
    }

    [Fact]
    public async Task A_line_without_an_end_is_stopped_at_the_bytes_of_a_file()
    {
        var stream = new PiecesStream("a\n" + new string('x', 1_000_000), 50);
        var chunk = new FileChunk();
        var reader = new ChunkReader(
            stream, FileFormat.Csv, FileCheckpoint.Start with { BytesRead = Limits.FileBytesMax - 10_000 });

        Assert.True(await reader.ReadAsync(chunk, TestContext.Current.CancellationToken));
        Assert.Equal("a\n", Encoding.UTF8.GetString(chunk.Bytes));
        Assert.False(await reader.ReadAsync(chunk, TestContext.Current.CancellationToken));
        Assert.True(reader.PassedLimit);
        Assert.InRange(stream.Position, 10_000, 10_100);
    }

    [Fact]
    public async Task A_file_that_was_begun_goes_on_counting()
    {
        var chunk = new FileChunk();
        var reader = new ChunkReader(
            new PiecesStream("c\nd\n", 2), FileFormat.Csv, FileCheckpoint.Start with { BytesRead = 100, Lines = 7 });

        await reader.ReadAsync(chunk, TestContext.Current.CancellationToken);

        Assert.Equal((8, 104), (chunk.FirstLine, chunk.BytesThrough));
    }

    private static List<(string Text, long Line, long Through)> Read(Stream stream, FileFormat format)
    {
        var chunks = new List<(string, long, long)>();
        var chunk = new FileChunk();
        var reader = new ChunkReader(stream, format, FileCheckpoint.Start);
        while (reader.ReadAsync(chunk, CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            if (chunk.Length == 0) continue;
            chunks.Add((Encoding.UTF8.GetString(chunk.Bytes), chunk.FirstLine, chunk.BytesThrough));
        }

        return chunks;
    }

    /// <summary>Gives so many bytes at a time.</summary>
    private sealed class PiecesStream(string text, int piece) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public bool PausesAtEnd { get; init; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (PausesAtEnd && Position == Length) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            await Task.Yield();
            return await base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
        }
    }
}
