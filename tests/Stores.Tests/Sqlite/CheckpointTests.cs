using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace NumberLedger.Stores.Tests;

public sealed class CheckpointTests : IDisposable
{
    private static readonly CheckpointKey Key = new(TemporaryFolder.Master, new byte[CheckpointFrame.LedgerIdSize]);

    private readonly TemporaryFolder _folder = new();
    private readonly Heads _heads = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => _folder["ledger.checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_noted_is_read_again_after_batches_and_after_a_close()
    {
        using (Checkpoint checkpoint = Open())
        {
            Move(checkpoint, block: 1, position: 5);
            Move(checkpoint, block: 2, position: 1);
            checkpoint.WriteIfDue();
            Move(checkpoint, block: 1, position: 6);
            checkpoint.WriteIfDue();

            AssertRemembered((1, 6), (2, 1));
            Assert.Equal(3, Read().LastBatch);
        }

        AssertRemembered((1, 6), (2, 1));
        Assert.Equal(CheckpointFrame.Size, new FileInfo(File).Length);
    }

    [Fact]
    public void Nothing_is_due_without_a_change()
    {
        using Checkpoint checkpoint = Open();

        Assert.Null(checkpoint.DueIn);
        checkpoint.WriteIfDue();
        Assert.Equal(1, Read().LastBatch);

        Move(checkpoint, block: 1, position: 1);
        Assert.Equal(TimeSpan.Zero, checkpoint.DueIn);
    }

    [Fact]
    public void Many_heads_take_many_frames()
    {
        using (Checkpoint checkpoint = Open())
        {
            for (int block = 1; block <= 1_000; block++) Move(checkpoint, block, position: block);
            checkpoint.WriteIfDue();

            Assert.Equal(CheckpointFrame.Size * (1 + 13), new FileInfo(File).Length);
            Assert.Equal(1_000, Read().Heads.Count);
        }

        Assert.Equal(1_000, Read().Heads.Count);
        Assert.Equal(CheckpointFrame.Size * 13, new FileInfo(File).Length);
    }

    [Fact]
    public void Batches_that_outgrow_the_base_are_folded_into_a_new_one()
    {
        using Checkpoint checkpoint = Open(appendedBytesMin: CheckpointFrame.Size * 4);
        for (int position = 1; position <= 6; position++)
        {
            Move(checkpoint, block: 1, position);
            checkpoint.WriteIfDue();
        }

        AssertRemembered((1, 6));
        Assert.Equal(CheckpointFrame.Size, new FileInfo(File).Length);
    }

    [Fact]
    public void A_last_batch_that_was_torn_by_a_crash_is_left_out()
    {
        byte[] whole = WrittenInBatches(headsPerBatch: [3, 300, 300]);
        int lastBatchAt = CheckpointFrame.Size * (1 + 1 + 4);
        Assert.Equal(lastBatchAt + (CheckpointFrame.Size * 4), whole.Length);

        for (int cut = lastBatchAt; cut < whole.Length; cut += 97) AssertTorn(whole[..cut]);

        // Pages reach the disk in any order, or as zeros.
        for (int frame = 0; frame < 4; frame++)
        {
            byte[] holed = [.. whole];
            holed.AsSpan(lastBatchAt + (frame * CheckpointFrame.Size), CheckpointFrame.Size).Clear();
            AssertTorn(holed);
        }

        void AssertTorn(byte[] torn)
        {
            System.IO.File.WriteAllBytes(File, torn);
            CheckpointReading reading = Read();
            Assert.Null(reading.Damage);
            Assert.Equal(3, reading.LastBatch);
            Assert.Equal(new SignedHead(2, HashOf(2)), reading.Heads[new NumberBlock(300)]);
        }
    }

    [Fact]
    public void Damage_before_the_last_batch_is_not_taken_for_a_torn_end()
    {
        byte[] whole = WrittenInBatches(headsPerBatch: [3, 300, 1]);
        int lastBatchAt = whole.Length - CheckpointFrame.Size;

        for (int at = 0; at < lastBatchAt; at += 61)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            System.IO.File.WriteAllBytes(File, damaged);

            Assert.NotNull(Read().Damage);
        }
    }

    [Fact]
    public void At_rest_every_bit_counts()
    {
        using (Checkpoint checkpoint = Open()) Move(checkpoint, block: 1, position: 5);
        byte[] whole = System.IO.File.ReadAllBytes(File);

        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            System.IO.File.WriteAllBytes(File, damaged);
            Assert.NotNull(Read().Damage);

            System.IO.File.WriteAllBytes(File, whole[..at]);
            Assert.NotNull(Read().Damage);
        }
    }

    [Fact]
    public void A_batch_of_another_file_does_not_fit_in()
    {
        byte[] one = WrittenInBatches(headsPerBatch: [1, 1, 1]);
        byte[] two = WrittenInBatches(headsPerBatch: [2, 2, 2]);
        two.AsSpan(2 * CheckpointFrame.Size, CheckpointFrame.Size).CopyTo(one.AsSpan(2 * CheckpointFrame.Size));
        System.IO.File.WriteAllBytes(File, one);

        Assert.NotNull(Read().Damage);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_says_so_and_makes_a_new_file_when_it_can()
    {
        using Checkpoint checkpoint = Open(appendedBytesMin: 0);
        Move(checkpoint, block: 1, position: 1);
        checkpoint.WriteIfDue();
        Directory.CreateDirectory(File + ".new");

        Move(checkpoint, block: 1, position: 2);
        Move(checkpoint, block: 2, position: 1);
        var failed = Assert.Throws<StoreUnavailableException>(() =>
        {
            checkpoint.WriteIfDue();
            Move(checkpoint, block: 1, position: 3);
            checkpoint.WriteIfDue();
        });

        Assert.Contains(File, failed.Message);
        Directory.Delete(File + ".new");
        checkpoint.WriteIfDue();
        Assert.Equal(2, Read().Heads.Count);
        Assert.Null(Read().Damage);
    }

    [Fact]
    public async Task Nothing_is_committed_while_a_checkpoint_is_due_and_cannot_be_written()
    {
        var time = new FakeTimeProvider();
        using var held = DataFolder.Hold(_folder.Path);
        using SqliteConnection connection = SqliteConnections.OpenWriter(held);
        SqliteSchema.Migrate(connection);
        using var writer = new SqliteWriter(connection, _heads, new StoreHealth(), OpenAt(time));
        var block = new NumberBlock(100);
        for (int version = 0; version < 3; version++)
        {
            time.Advance(Checkpoint.WaitDefault);
            await AppendAsync(version);
        }

        Directory.CreateDirectory(File + ".new"); // The next one would be a new base.
        time.Advance(Checkpoint.WaitDefault);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(3));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(3));

        Assert.Equal(3, _heads[block].Position);
        Directory.Delete(File + ".new");
        await AppendAsync(3);
        Assert.Equal(3, Read().Heads[block].Position);

        Task<AppendResult> AppendAsync(int version) => writer.WriteAsync(
            1, transaction => transaction.Append(Some.Append(block, Some.Tag(1), version)), Ct);
    }

    [Fact]
    public void What_cannot_be_written_is_not_tried_without_a_pause_while_nobody_waits_for_it()
    {
        var time = new FakeTimeProvider();
        using Checkpoint checkpoint = OpenAt(time);
        for (int position = 1; position < 3; position++)
        {
            Move(checkpoint, block: 1, position);
            time.Advance(Checkpoint.WaitDefault);
            checkpoint.WriteIfDue();
        }

        Move(checkpoint, block: 1, position: 3);
        time.Advance(Checkpoint.WaitDefault);
        Directory.CreateDirectory(File + ".new");
        TimeSpan? before = checkpoint.DueIn;
        Exception? failed = Record.Exception(checkpoint.WriteIfDue);
        TimeSpan? after = checkpoint.DueIn;
        Directory.Delete(File + ".new");

        Assert.IsType<StoreUnavailableException>(failed);
        Assert.Equal((TimeSpan.Zero, Checkpoint.WaitDefault), (before, after));
    }

    [Fact]
    public async Task An_idle_store_writes_its_checkpoint_by_itself()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        using var watcher = new FileSystemWatcher(_folder.Path, "ledger.checkpoint");
        var written = new TaskCompletionSource();
        watcher.Changed += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;

        await store.AppendAsync(Some.Append(new NumberBlock(100), Some.Tag(1), after: 0), Ct);

        await written.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    /// <summary>A base without heads, and then batches; each moves the first so many blocks by one.</summary>
    private byte[] WrittenInBatches(int[] headsPerBatch)
    {
        var positions = new Dictionary<int, int>();
        using Checkpoint checkpoint = Open();
        foreach (int count in headsPerBatch)
        {
            for (int block = 1; block <= count; block++)
            {
                positions[block] = positions.GetValueOrDefault(block) + (block == 300 ? 2 : 1);
                Move(checkpoint, block, positions[block]);
            }

            checkpoint.WriteIfDue();
        }

        return System.IO.File.ReadAllBytes(File);
    }

    private Checkpoint Open(int appendedBytesMin = Checkpoint.AppendedBytesMin)
    {
        foreach ((NumberBlock block, _) in _heads.All) _heads[block] = default;
        return new Checkpoint(File, Key, _heads, lastBatch: 0, TimeSpan.Zero, TimeProvider.System, appendedBytesMin);
    }

    private Checkpoint OpenAt(TimeProvider time) =>
        new(File, Key, _heads, lastBatch: 0, Checkpoint.WaitDefault, time, appendedBytesMin: 0);

    private void Move(Checkpoint checkpoint, int block, int position)
    {
        var head = new BlockHead(position, HashOf(position), Some.Noon);
        _heads[new NumberBlock(block)] = head;
        checkpoint.Note(new NumberBlock(block), head);
    }

    private void AssertRemembered(params (int Block, int Position)[] heads)
    {
        CheckpointReading reading = Read();
        Assert.Null(reading.Damage);
        Assert.Equal(
            heads.Select(head => (new NumberBlock(head.Block), new SignedHead(head.Position, HashOf(head.Position)))),
            reading.Heads.OrderBy(head => head.Key).Select(head => (head.Key, head.Value)));
    }

    private CheckpointReading Read() => CheckpointReading.Read(File, Key);

    private static Hash256 HashOf(int position) => new(0xFEED, (UInt128)position);
}
