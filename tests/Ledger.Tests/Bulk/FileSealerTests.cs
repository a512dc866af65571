using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class FileSealerTests
{
    private const string Name = "job_1.input";
    private const int Frame = 65_536;

    private static readonly byte[] Master = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 5))];
    private static readonly FileSealer Sealer = new(new MasterKey(Master));

    /// <summary>Around the borders of frames, where mistakes are.</summary>
    private static readonly Gen<int> Length = Gen.OneOf(
        Gen.Int[0, 3], Gen.Int[Frame - 2, Frame + 2], Gen.Int[2 * Frame - 2, 2 * Frame + 2], Gen.Int[0, 3 * Frame]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_file_is_as_documented_to_the_byte()
    {
        byte[] content = Content(Frame + 5);
        byte[] file = Sealer.Seal(Name, content, RandomNumberGenerator.Fill);

        Assert.Equal("NLF1"u8.ToArray(), file[..4]);
        byte[] fileKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, Master, 32, info: "nl/file/1"u8.ToArray());
        byte[] key = HMACSHA256.HashData(fileKey, file[4..20]);
        Assert.Equal(content[..Frame], OpenByHand(key, file[20..(20 + Frame + 28)], 0, isLast: false));
        Assert.Equal(content[Frame..], OpenByHand(key, file[(20 + Frame + 28)..], 1, isLast: true));
    }

    [Fact]
    public void Whatever_was_sealed_opens() => Length.Sample(length =>
        Assert.Equal(Content(length), Sealer.Open(Name, Seal(length))));

    [Fact]
    public Task A_file_written_in_pieces_is_read_from_any_byte_on() =>
        Gen.Select(Length, Gen.Int[1, 2 * Frame], Gen.Double[0, 1]).SampleAsync(async (length, piece, at) =>
        {
            byte[] content = Content(length);
            int from = (int)(at * length);

            MemoryFile file = await WriteAsync(content, piece);

            Assert.Equal(content, Sealer.Open(Name, file.Bytes));
            Assert.Equal(content[from..], await ReadAsync(file, from));
            Assert.Empty(await ReadAsync(file, length));
        });

    [Fact]
    public void Any_byte_that_changed_is_found() =>
        Gen.Select(Length, Gen.Double[0, 1], Gen.Byte[1, 255]).Sample((length, at, flip) =>
        {
            byte[] file = Seal(length);
            file[(int)(at * (file.Length - 1))] ^= flip;

            AssertBroken(file);
        });

    [Fact]
    public void A_cut_is_found_wherever_it_is() => Gen.Select(Length, Gen.Double[0, 1]).Sample((length, at) =>
    {
        byte[] file = Seal(length);

        AssertBroken(file[..(int)(at * (file.Length - 1))]);
    });

    [Fact]
    public void A_cut_between_frames_is_found()
    {
        byte[] file = Seal(3 * Frame);

        AssertBroken(file[..20]);
        AssertBroken(file[..(20 + Frame + 28)]);
        AssertBroken(file[..(20 + 2 * (Frame + 28))]);
    }

    [Fact]
    public void Frames_that_changed_places_are_found()
    {
        byte[] file = Seal(3 * Frame);
        byte[][] frames = [.. file[20..].Chunk(Frame + 28)];

        AssertBroken([.. file[..20], .. frames[1], .. frames[0], .. frames[2]]);
        AssertBroken([.. file[..20], .. frames[0], .. frames[2]]);
        AssertBroken([.. file[..20], .. frames[0], .. frames[0], .. frames[2]]);
        AssertBroken([.. file, .. frames[2]]);
    }

    [Fact]
    public void A_frame_of_another_file_is_found()
    {
        byte[] one = Seal(2 * Frame);
        byte[] other = Seal(2 * Frame);

        AssertBroken([.. one[..(20 + Frame + 28)], .. other[(20 + Frame + 28)..]]);
    }

    [Fact]
    public void A_file_opens_under_its_own_name_and_key_only()
    {
        byte[] file = Seal(10);

        Assert.Throws<BrokenFileException>(() => Sealer.Open("job_2.input", file));
        Assert.Throws<BrokenFileException>(() => Sealer.Open("job_1.inpu", file));
        Assert.Throws<BrokenFileException>(() => new FileSealer(new MasterKey(new byte[32])).Open(Name, file));
    }

    [Fact]
    public Task Of_a_file_that_is_still_written_the_beginning_is_read_up_to_any_checkpoint() =>
        Gen.Select(Length, Length).SampleAsync(async (before, later) =>
        {
            (MemoryFile file, byte[] tail) = await WriteUnfinishedAsync(before, later);

            byte[] read = new byte[before - tail.Length];
            await using SealedFileReader reader = await SealedFileReader.OpenUnfinishedAsync(
                Sealer, Name, file, read.Length, Ct);
            await reader.ReadExactlyAsync(read, Ct);

            Assert.Equal(0, await reader.ReadAsync(new byte[1], Ct));
            Assert.Equal(Content(before), read.Concat(tail));
        }, iter: 50);

    [Fact]
    public async Task A_file_that_was_not_completed_is_not_taken_for_whole()
    {
        (MemoryFile file, _) = await WriteUnfinishedAsync(3 * Frame, 0);

        AssertBroken(file.Bytes);
        await Assert.ThrowsAsync<BrokenFileException>(() => ReadAsync(file, 0));
    }

    [Fact]
    public async Task A_checkpoint_that_the_file_does_not_reach_to_is_refused()
    {
        (MemoryFile file, byte[] tail) = await WriteUnfinishedAsync(Frame + 7, 0);

        await Assert.ThrowsAsync<BrokenFileException>(() => OpenAsync(2 * Frame));
        await Assert.ThrowsAsync<BrokenFileException>(() => OpenAsync(Frame + 8 - tail.Length));

        Task<SealedFileReader> OpenAsync(long length) =>
            SealedFileReader.OpenUnfinishedAsync(Sealer, Name, file, length, Ct);
    }

    [Fact]
    public void The_same_content_is_never_sealed_to_the_same_bytes()
    {
        byte[] first = Seal(10);
        byte[] second = Seal(10);

        Assert.NotEqual(first[4..20], second[4..20]);
        Assert.NotEqual(first[20..32], second[20..32]);
        Assert.NotEqual(first[32..], second[32..]);
    }

    /// <summary>Not all bytes alike, and different at every place.</summary>
    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 + i / 251))];

    private static byte[] Seal(int length) => Sealer.Seal(Name, Content(length), RandomNumberGenerator.Fill);

    private static async Task<MemoryFile> WriteAsync(byte[] content, int piece)
    {
        var file = new MemoryFile();
        await using SealedFileWriter writer = await SealedFileWriter.BeginAsync(
            Sealer, Name, file, RandomNumberGenerator.Fill, Ct);
        foreach (byte[] part in content.Chunk(piece)) await writer.WriteAsync(part, Ct);
        Assert.Equal(content.Length, writer.Length);
        await writer.CompleteAsync(Ct);
        return file;
    }

    /// <summary>A file as a crash leaves it, and the tail that its checkpoint kept.</summary>
    private static async Task<(MemoryFile File, byte[] Tail)> WriteUnfinishedAsync(int before, int lost)
    {
        var file = new MemoryFile();
        await using SealedFileWriter writer = await SealedFileWriter.BeginAsync(
            Sealer, Name, file, RandomNumberGenerator.Fill, Ct);
        await writer.WriteAsync(Content(before), Ct);
        byte[] tail = writer.Tail.ToArray();
        await writer.WriteAsync(new byte[lost], Ct);
        return (file, tail);
    }

    private static async Task<byte[]> ReadAsync(MemoryFile file, long from)
    {
        await using SealedFileReader reader = await SealedFileReader.OpenAsync(Sealer, Name, file, from, Ct);
        using var read = new MemoryStream();
        await reader.CopyToAsync(read, Ct);
        return read.ToArray();
    }

    private static void AssertBroken(byte[] file)
    {
        Assert.Throws<BrokenFileException>(() => Sealer.Open(Name, file));
        Assert.ThrowsAsync<BrokenFileException>(() => ReadAsync(new MemoryFile(file), 0)).GetAwaiter().GetResult();
    }

    private static byte[] OpenByHand(byte[] key, byte[] frame, long index, bool isLast)
    {
        byte[] aad = [.. Encoding.ASCII.GetBytes(Name), 0, 0, 0, 0, 0, 0, 0, 0, (byte)(isLast ? 1 : 0)];
        BinaryPrimitives.WriteInt64BigEndian(aad.AsSpan(Name.Length), index);
        using var aes = new AesGcm(key, 16);
        byte[] content = new byte[frame.Length - 28];
        aes.Decrypt(frame[..12], frame[12..^16], frame[^16..], content, aad);
        return content;
    }
}
