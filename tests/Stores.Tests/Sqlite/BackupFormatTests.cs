using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger.Stores.Tests;

/// <summary>A backup proves what it is: whole, as it was written, and of its key. docs/reference/backups.md.</summary>
public sealed class BackupFormatTests : IDisposable
{
    // As the document has it, not as the code has.
    private const int MagicSize = 8, FrameHeadSize = 5, DigestSize = 32, HeaderSize = 74;

    private static readonly MasterKey OtherKey = new([.. Enumerable.Repeat((byte)9, MasterKey.Size)]);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cut_anywhere_it_is_refused_and_said_to_be_cut_off()
    {
        byte[] backup = await SmallBackupAsync();

        for (int length = 0; length < backup.Length; length++)
        {
            BrokenBackupException cut = await Backups.RefusedAsync(backup[..length]);
            Assert.Equal(BackupFault.CutOff, cut.Fault);
            Assert.Contains($"it ends at byte {length}", cut.Message);
        }
    }

    [Fact]
    public async Task With_any_byte_changed_it_is_refused_and_said_where_also_by_who_has_no_key()
    {
        byte[] backup = await SmallBackupAsync();

        for (int at = 0; at < backup.Length; at++)
        {
            byte[] damaged = [.. backup];
            damaged[at] ^= (byte)(1 << (at % 8));
            foreach (MasterKey? key in (MasterKey?[])[TemporaryFolder.Master, null])
            {
                BrokenBackupException broken = await Backups.RefusedAsync(damaged, key);
                if (broken.Fault is BackupFault.Damaged) AssertSaysWhere(broken.Message, at);
                else if (at < MagicSize) Assert.Equal(BackupFault.NotABackup, broken.Fault);
                else Assert.Equal(BackupFault.CutOff, broken.Fault); // A length now says more than there is.
            }
        }
    }

    [Fact]
    public async Task With_a_byte_after_its_end_it_is_refused()
    {
        BrokenBackupException broken = await Backups.RefusedAsync([.. await SmallBackupAsync(), 0]);

        Assert.Contains("goes on after its end", broken.Message);
    }

    [Fact]
    public async Task Another_master_key_is_told_from_damage_before_more_than_the_header_is_read()
    {
        byte[] backup = await SmallBackupAsync();

        BrokenBackupException refused = await Backups.RefusedAsync(
            backup[..(MagicSize + FrameHeadSize + HeaderSize + DigestSize)], OtherKey);

        Assert.Equal(BackupFault.OtherKey, refused.Fault);
    }

    [Fact]
    public async Task Who_has_not_the_key_cannot_put_one_together_under_the_header_of_a_true_one()
    {
        byte[] backup = await SmallBackupAsync();
        await using var store = SqliteLedgerStore.Open(_folder["another"], OtherKey);
        await FillAsync(store); // As many entries, of which nobody may say that they are the ledger's.
        byte[] other = await Backups.MakeAsync(store, OtherKey);

        byte[] forged = Join([FramesOf(backup)[0], .. FramesOf(other)[1..]]);

        await Backups.ReadAsync(forged, key: null);
        BrokenBackupException refused = await Backups.RefusedAsync(forged);
        Assert.Contains("somebody changed it", refused.Message);
    }

    [Fact]
    public async Task A_frame_that_is_missing_or_moved_does_not_fit_whatever_its_digest()
    {
        List<byte[]> frames = FramesOf(await SmallBackupAsync());

        for (int at = 0; at < frames.Count; at++)
        {
            List<byte[]> without = [.. frames[..at], .. frames[(at + 1)..]];
            await Backups.RefusedAsync(Raw(without));
            await Backups.RefusedAsync(Join(without));
            if (at == 0) continue;

            List<byte[]> moved = [.. frames[..(at - 1)], frames[at], frames[at - 1], .. frames[(at + 1)..]];
            await Backups.RefusedAsync(Raw(moved));
            await Backups.RefusedAsync(Join(moved));
        }
    }

    /// <summary>
    /// Backups are kept for years. When this fails, the format has changed: then it takes a new number, and what has
    /// this one is still read.
    /// </summary>
    [Fact]
    public async Task The_bytes_of_format_1_are_these_to_this_day()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        await FillAsync(store);
        BackupMoment moment = await store.ReadMomentAsync(Ct) with { Ledger = 0x0123_4567_89AB_CDEF };
        using var backup = new MemoryStream();

        await BackupWriter.WriteAsync(
            store, moment, TemporaryFolder.Master, Some.Noon, backup, progress: null, Ct);

        Assert.Equal(
            "ce298e7798100fb33e17be3346539de1f356d8242727f657c0ed67a6ec2374c4",
            Convert.ToHexStringLower(SHA256.HashData(backup.ToArray())));
    }

    private static void AssertSaysWhere(string said, int at)
    {
        string[] words = said.Split(' ', '.');
        int from = int.Parse(words[Array.IndexOf(words, "byte") + 1]);
        int to = int.Parse(words[Array.LastIndexOf(words, "byte") + 1]);
        Assert.InRange(at, from, to);
    }

    private async Task<byte[]> SmallBackupAsync()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        await FillAsync(store);
        return await Backups.MakeAsync(store);
    }

    private static async Task FillAsync(SqliteLedgerStore store)
    {
        for (int i = 0; i < 5; i++)
        {
            CommandId? command = i % 2 == 0 ? Some.Command(i) : null;
            await store.AppendAsync(
                Some.Append(new(861_380_000), Some.Tag(i), after: 0, count: 2, command), Ct);
        }

        await store.AppendAsync(Some.Append(new(861_380_001), Some.Tag(1), after: 0, count: 3), Ct);
    }

    private static List<byte[]> FramesOf(byte[] backup)
    {
        var frames = new List<byte[]>();
        for (int at = MagicSize; at < backup.Length; at += frames[^1].Length)
        {
            int payload = BinaryPrimitives.ReadInt32BigEndian(backup.AsSpan(at + 1));
            frames.Add(backup[at..(at + FrameHeadSize + payload + DigestSize)]);
        }

        return frames;
    }

    private static byte[] Raw(List<byte[]> frames) => [.. "NLBACKUP"u8, .. frames.SelectMany(frame => frame)];

    /// <summary>With digests that fit, as anybody can make them.</summary>
    private static byte[] Join(List<byte[]> frames)
    {
        byte[] digest = new byte[DigestSize];
        return Raw([.. frames.Select(frame =>
        {
            byte[] said = frame[..^DigestSize];
            digest = SHA256.HashData([.. digest, .. said]);
            return (byte[])[.. said, .. digest];
        })]);
    }
}
