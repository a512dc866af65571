using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Jobs across the ends of processes, and across days.</summary>
public sealed class JobRestartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Lines around the size of a frame, so that checkpoints fall inside, between and behind frames.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(65_531)] // With "got " and a line break, a frame to the byte.
    [InlineData(65_532)]
    [InlineData(200_000)]
    public async Task A_file_that_writes_goes_on_at_its_last_checkpoint(int lineBytes)
    {
        string line = new('a', lineBytes);
        string file = $"{line}\nwait 1\n{line}\nwait 2\n{line}\n";
        await using var killed = new JobFolder();
        await killed.StartAsync();
        await killed.SendAsync(FileKind.CarrierFile, file);
        await killed.Gates.ReachedAsync(JobFolder.Party);
        killed.Time.Advance(TimeSpan.FromSeconds(2));
        killed.Gates.Open(JobFolder.Party);
        await killed.Gates.ReachedAsync(JobFolder.Party);

        // Line 2 was saved, line 3 was answered a moment later and was not.
        await using JobFolder next = killed.CrashImage();
        await next.StartAsync();
        await next.Gates.ReachedAsync(JobFolder.Party);
        next.Gates.Open(JobFolder.Party);

        JobRecord job = await next.JobAsync(FileKind.CarrierFile);
        AssertAnswer(file, await next.AnswerAsync(job));
        Assert.Equal([(JobFolder.Party, 2)], next.Gates.Began);
        Assert.Equal((await killed.JobAsync(FileKind.CarrierFile)).Order, job.Order);
        await WaitAsync(() => next.Names is [var only] && only == $"{job.Id}.2.output.sealed");
    }

    [Fact]
    public async Task A_scrub_begins_again_at_its_first_line()
    {
        const string File = "a\nwait 1\nb\nwait 2\n";
        await using var killed = new JobFolder();
        await killed.StartAsync();
        await killed.SendAsync(FileKind.Scrub, File);
        await killed.Gates.ReachedAsync(JobFolder.Party);
        killed.Time.Advance(TimeSpan.FromSeconds(2));
        killed.Gates.Open(JobFolder.Party);
        await killed.Gates.ReachedAsync(JobFolder.Party);

        await using JobFolder next = killed.CrashImage();
        await next.StartAsync();
        for (int gate = 0; gate < 2; gate++)
        {
            await next.Gates.ReachedAsync(JobFolder.Party);
            next.Gates.Open(JobFolder.Party);
        }

        AssertAnswer(File, await next.AnswerAsync(await next.JobAsync(FileKind.Scrub)));
        Assert.Equal([(JobFolder.Party, 0)], next.Gates.Began);
    }

    [Fact]
    public async Task A_job_that_had_its_last_line_when_the_process_died_is_not_worked_again()
    {
        await using var killed = new JobFolder();
        await killed.StartAsync();
        await killed.SendAsync(FileKind.CarrierFile, "a\nb\n");
        JobRecord ended = await killed.EndAsync((await killed.JobAsync(FileKind.CarrierFile)).Id);
        string answer = await killed.AnswerAsync(ended);

        // As it was saved with the trailer, before it was saved as ended.
        await using JobFolder next = killed.CrashImage();
        await next.Store.DeleteAsync(ended.Id + ".1.output", Ct);
        await (await next.Files.CreateOutputAsync(ended, Ct)).DisposeAsync();
        Job job = (await next.Jobs.FindAsync(ended.Id, Ct))!;
        await next.Jobs.SaveAsync(
            job, ended with
            {
                Status = JobStatus.Running,
                Holder = "dead",
                EndedAt = null,
                Tail = System.Text.Encoding.UTF8.GetBytes(answer),
            }, Ct);
        await next.StartAsync();

        Assert.Equal(answer, await next.AnswerAsync(ended));
        Assert.Empty(next.Gates.Began);
    }

    [Fact]
    public async Task Jobs_that_had_ended_are_still_there()
    {
        await using var killed = new JobFolder();
        await killed.StartAsync();
        await killed.SendAsync(FileKind.BindingFile, "a\n");
        JobRecord job = await killed.EndAsync((await killed.JobAsync(FileKind.BindingFile)).Id);
        string answer = await killed.AnswerAsync(job);

        await using JobFolder next = killed.CrashImage();
        await next.StartAsync();

        Assert.Equal(answer, await next.AnswerAsync(job));
        JobResponse before = JobResponse.Of(job);
        JobResponse after = JobResponse.Of(await next.JobAsync(FileKind.BindingFile));
        Assert.Equal(before.Counts, after.Counts);
        Assert.Equal(before with { Counts = after.Counts }, after);
    }

    [Fact]
    public async Task Jobs_that_waited_have_their_turn()
    {
        await using var killed = new JobFolder();
        for (int i = 0; i < 5; i++) await killed.SendAsync(FileKind.Scrub, $"{i}\n");

        await using JobFolder next = killed.CrashImage();
        await next.StartAsync();

        JobRecord[] jobs = await next.JobsAsync();
        Assert.Equal(5, jobs.Length);
        foreach (JobRecord job in jobs)
        {
            Assert.StartsWith("got ", await next.AnswerAsync(job), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_left_of_an_upload_or_of_a_deletion_is_deleted_at_the_next_start()
    {
        await using var folder = new JobFolder();
        await folder.SendAsync(FileKind.Scrub, "a\n");
        JobRecord arrived = await folder.JobAsync(FileKind.Scrub);
        string arriving = JobIds.New();
        await folder.Jobs.AddAsync(
            JobRecord.Arriving(arriving, JobFolder.Party, arrived.Order, "dead", folder.Time.GetUtcNow()), Ct);
        foreach (string id in (string[])[arriving, JobIds.New()])
        {
            await using SealedFileWriter input = await folder.Files.CreateInputAsync(id, Ct);
            await input.WriteAsync(new byte[100_000], Ct);
        }

        await (await folder.Store.CreateAsync("something.else", Ct)).DisposeAsync();

        await folder.StartAsync();

        await folder.EndAsync(arrived.Id);
        await WaitAsync(() => folder.Names.Order(StringComparer.Ordinal).SequenceEqual(
            [$"{arrived.Id}.1.output.sealed", "something.else.sealed"]));
        Assert.Equal(arrived.Id, Assert.Single(await folder.JobsAsync()).Id);
    }

    [Fact]
    public async Task A_job_that_does_not_open_is_left_alone()
    {
        await using var killed = new JobFolder();
        await killed.SendAsync(FileKind.Scrub, "a\n");
        await using JobFolder next = killed.CrashImage();
        JobRecord broken = await next.JobAsync(FileKind.Scrub);
        StoredState state = (await next.States.ReadAsync(broken.Id, Ct))!;
        state.Content[^1] ^= 1;
        await next.States.SaveAsync(broken.Id, state.Content, state.Version, Ct);
        string[] names = next.Names;

        await next.StartAsync();
        await next.SendAsync(FileKind.Scrub, "b\n");
        await next.EndAsync((await next.JobAsync(FileKind.Scrub)).Id);

        Assert.Subset(next.Names.ToHashSet(), names.ToHashSet());
        Assert.NotNull(await next.States.ReadAsync(broken.Id, Ct));
    }

    [Fact]
    public async Task A_job_is_kept_for_seven_days_after_it_ended()
    {
        await using var folder = new JobFolder();
        await folder.StartAsync();
        await folder.SendAsync(FileKind.Scrub, "a\n");
        await folder.EndAsync((await folder.JobAsync(FileKind.Scrub)).Id);
        await folder.StopAsync();

        folder.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await folder.SweepAsync();
        Assert.Single(await folder.JobsAsync());

        folder.Time.Advance(TimeSpan.FromSeconds(1));
        await folder.SweepAsync();
        Assert.Empty(await folder.JobsAsync());
        Assert.Empty(folder.Names);
    }

    [Fact]
    public async Task A_job_that_still_waits_is_kept_however_old_it_is()
    {
        await using var folder = new JobFolder();
        await folder.StartAsync(new Part { WhyNotReady = "It is not." });
        await folder.SendAsync(FileKind.Scrub, "a\n");

        folder.Time.Advance(TimeSpan.FromDays(100));
        await folder.SweepAsync();

        Assert.Single(await folder.JobsAsync());
    }

    [Fact]
    public async Task A_party_has_so_much_room_and_no_more()
    {
        await using var folder = new JobFolder();
        await folder.SendAsync(FileKind.Scrub, "a\n");
        JobRecord record = await folder.JobAsync(FileKind.Scrub);
        await folder.Jobs.AddAsync(record with { Id = JobIds.New(), Bytes = Limits.JobBytesPerPartyMax - 5 }, Ct);

        Reply refused = await folder.SendAsync(FileKind.Scrub, "1234");
        Reply accepted = await folder.SendAsync(FileKind.Scrub, "123");

        Assert.Equal("job-bytes-too-many", Assert.IsType<ProblemReply>(refused).Kind.Code);
        Assert.Equal(StatusCodes.Status202Accepted, accepted.Status);
        Assert.Equal(3, (await folder.JobsAsync()).Length);
    }

    [Theory]
    [InlineData(10)] // no room for the header
    [InlineData(100_000)] // nor for all of the file
    [InlineData(200_080)] // nor for its last frame
    public async Task A_file_that_finds_no_room_is_refused_and_leaves_nothing(int room)
    {
        await using var folder = new JobFolder(store => new SmallStore(store, room));

        Reply refused = await folder.SendAsync(FileKind.Scrub, new string('a', 200_000));

        Assert.Equal("storage-full", Assert.IsType<ProblemReply>(refused).Kind.Code);
        Assert.Empty(folder.Names);
        Assert.Empty(await folder.JobsAsync());
    }

    [Fact]
    public async Task A_job_waits_while_the_ledger_cannot_answer()
    {
        await using var folder = new JobFolder();
        var part = new Part { WhyNotReady = "It is not." };
        await folder.StartAsync(part);
        await folder.SendAsync(FileKind.Scrub, "a\n");
        JobRecord job = await folder.JobAsync(FileKind.Scrub);
        Assert.Equal(JobStatus.Queued, job.Status);

        part.WhyNotReady = null;
        while (!(await folder.JobAsync(FileKind.Scrub)).HasEnded)
        {
            folder.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(JobStatus.Finished, (await folder.JobAsync(FileKind.Scrub)).Status);
    }

    /// <summary>For what is done after a job has ended.</summary>
    private static async Task WaitAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(5, Ct);
    }

    private static void AssertAnswer(string file, string answer)
    {
        byte[] lines = FakeWork.AnswerTo(file);
        int count = file.Count(c => c == '\n');
        string digest = Convert.ToHexStringLower(SHA256.HashData(lines));
        Assert.Equal($"{lines.Bytes()}#end,allow={count},rows={count},sha256={digest}\n", answer);
    }

    private sealed class Part : IReadiness
    {
        public string? WhyNotReady { get; set; }
    }

    /// <summary>Has room for so many bytes in all.</summary>
    private sealed class SmallStore(IFileStore store, int room) : IFileStore
    {
        private int _room = room;

        public async Task<IStoredFile> CreateAsync(string name, CancellationToken cancellationToken) =>
            new SmallFile(await store.CreateAsync(name, cancellationToken), this);

        public Task<IStoredFile?> OpenAsync(string name, CancellationToken cancellationToken) =>
            store.OpenAsync(name, cancellationToken);

        public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
            store.DeleteAsync(name, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
            store.ListAsync(cancellationToken);

        private void Take(int bytes)
        {
            if ((_room -= bytes) < 0) throw new FileStoreFullException();
        }

        private sealed class SmallFile(IStoredFile file, SmallStore store) : IStoredFile
        {
            public long Length => file.Length;

            public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
            {
                store.Take(bytes.Length);
                return file.AppendAsync(bytes, cancellationToken);
            }

            public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
                file.ReadAsync(offset, into, cancellationToken);

            public ValueTask FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);

            public ValueTask DisposeAsync() => file.DisposeAsync();
        }
    }
}
