namespace NumberLedger.Api.Tests.Bulk;

/// <summary>
/// Jobs of several processes over one store: anyone shows them, one runs each, and another goes on with it.
/// </summary>
public sealed class SharedJobTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_one_process_took_is_run_by_another_and_shown_by_both()
    {
        await using var took = new JobFolder { IsAlone = false };
        await using JobFolder runs = took.Peer();

        await took.SendAsync(FileKind.CarrierFile, "a\nwait\nb\n");
        await LookAsync(runs, () => runs.Gates.ReachedAsync(JobFolder.Party));

        JobRecord shown = await took.JobAsync(FileKind.CarrierFile);
        Assert.Equal(JobStatus.Running, shown.Status);
        Assert.Equal(1, shown.Checkpoint.Rows);
        runs.Gates.Open(JobFolder.Party);
        Assert.StartsWith("got a\ngot wait\ngot b\n#end,", await took.AnswerAsync(shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_processes_one_runs_a_job()
    {
        await using var took = new JobFolder { IsAlone = false };
        JobFolder[] peers = [.. Enumerable.Range(0, 8).Select(_ => took.Peer())];
        for (int i = 0; i < 5; i++) await took.SendAsync(FileKind.Scrub, $"{i}\n");

        foreach (JobRecord job in await took.JobsAsync())
        {
            await LookAsync(peers, () => took.EndAsync(job.Id));
            Assert.Equal(1, (await took.EndAsync(job.Id)).Attempt);
        }

        Assert.Equal(5, peers.Sum(peer => peer.Gates.Began.Count));
        foreach (JobFolder peer in peers) await peer.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_ends_hands_its_job_over_at_once()
    {
        await using JobFolder ends = await AtItsGateAsync(FileKind.CarrierFile, "a\nwait\nb\n");

        await ends.StopAsync();

        JobRecord left = await ends.JobAsync(FileKind.CarrierFile);
        Assert.Equal((JobStatus.Queued, null), (left.Status, left.Holder));
        await using JobFolder next = ends.Peer();
        await next.StartAsync();
        await next.Gates.ReachedAsync(JobFolder.Party);
        next.Gates.Open(JobFolder.Party);
        Assert.Equal(2, (await next.EndAsync(left.Id)).Attempt);
    }

    [Fact]
    public async Task A_job_of_a_silent_process_is_taken_over_and_its_late_saves_change_nothing()
    {
        await using JobFolder silent = await AtItsGateAsync(FileKind.CarrierFile, "a\nwait 1\nb\nwait 2\nc\n");
        JobRecord job = await silent.JobAsync(FileKind.CarrierFile);

        await using JobFolder next = silent.Peer();
        for (int second = 0; second < 30; second++) await next.LookAsync();
        Assert.Equal(1, (await next.JobAsync(FileKind.CarrierFile)).Attempt);
        await next.LookAsync();
        await next.Gates.ReachedAsync(JobFolder.Party);
        Assert.Equal(2, (await next.JobAsync(FileKind.CarrierFile)).Attempt);

        // It was only slow, and goes on for a moment before it finds out.
        silent.Time.Advance(TimeSpan.FromSeconds(2));
        silent.Gates.Open(JobFolder.Party);
        while (silent.Names.Contains($"{job.Id}.1.output.sealed")) await Task.Delay(5, Ct);

        next.Gates.Open(JobFolder.Party);
        await next.Gates.ReachedAsync(JobFolder.Party);
        next.Gates.Open(JobFolder.Party);
        JobRecord ended = await next.EndAsync(job.Id);
        Assert.Equal((JobStatus.Finished, 2, 2), (ended.Status, ended.Attempt, ended.Output));
        Assert.StartsWith(
            "got a\ngot wait 1\ngot b\ngot wait 2\ngot c\n#end,", await silent.AnswerAsync(ended),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_saved_is_not_taken_over_however_long_it_runs()
    {
        await using var runs = new JobFolder { IsAlone = false };
        await runs.StartAsync();
        await runs.SendAsync(FileKind.CarrierFile, string.Concat(Enumerable.Repeat("wait\n", 20)));
        await using JobFolder looks = runs.Peer();

        for (int line = 0; line < 20; line++)
        {
            await runs.Gates.ReachedAsync(JobFolder.Party);
            for (int second = 0; second < 20; second++) await looks.LookAsync();
            runs.Time.Advance(TimeSpan.FromSeconds(20));
            runs.Gates.Open(JobFolder.Party);
        }

        Assert.Equal(1, (await runs.EndAsync((await runs.JobAsync(FileKind.CarrierFile)).Id)).Attempt);
        Assert.Empty(looks.Gates.Began);
    }

    [Fact]
    public async Task A_job_that_is_deleted_elsewhere_stops_at_the_next_look()
    {
        await using var runs = new JobFolder { IsAlone = false };
        await using JobFolder deletes = runs.Peer();
        await runs.StartAsync();
        await runs.SendAsync(FileKind.Scrub, "a\nwait\n");
        await runs.Gates.ReachedAsync(JobFolder.Party);

        await deletes.Jobs.DeleteAsync((await deletes.JobAsync(FileKind.Scrub)).Id, Ct);

        while (runs.Names.Length > 0)
        {
            runs.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Ct);
        }

        Assert.Empty(await runs.JobsAsync());
    }

    [Fact]
    public async Task A_file_whose_process_died_while_it_arrived_is_deleted_by_another()
    {
        await using var died = new JobFolder { IsAlone = false };
        await died.SendAsync(FileKind.Scrub, "a\n");
        JobRecord arrived = await died.JobAsync(FileKind.Scrub);
        string id = JobIds.New();
        await died.Jobs.AddAsync(
            JobRecord.Arriving(id, JobFolder.Party, arrived.Order, "dead", died.Time.GetUtcNow()), Ct);
        await (await died.Files.CreateInputAsync(id, Ct)).DisposeAsync();
        await using JobFolder next = died.Peer();
        await next.LookAsync();
        await next.EndAsync(arrived.Id);

        for (int second = 1; second < 30; second++) await next.LookAsync();
        Assert.Equal(2, (await next.JobsAsync()).Length);
        await next.LookAsync();

        Assert.Equal([$"{arrived.Id}.1.output.sealed"], next.Names);
    }

    /// <summary>A store that is away for a while ends no job, whichever save it fails.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // The save was done, and its answer lost.
    public async Task A_job_goes_on_after_any_save_that_fails(bool isDone)
    {
        for (int saves = 0; saves < 5; saves++)
        {
            await using var folder = new JobFolder();
            await folder.SendAsync(FileKind.CarrierFile, "a\nwait\nb\n");
            JobRecord job = await folder.JobAsync(FileKind.CarrierFile);
            // Failing saves in a row, beginning with that of the attempt itself.
            for (int i = 0; i <= saves; i++) folder.States.Failures.Enqueue(isDone);
            await folder.StartAsync();

            while (!(await folder.JobAsync(FileKind.CarrierFile)).HasEnded)
            {
                folder.Gates.Open(JobFolder.Party);
                folder.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1, Ct);
            }

            Assert.StartsWith("got a\ngot wait\ngot b\n#end,", await folder.AnswerAsync(job), StringComparison.Ordinal);
            Assert.Empty(folder.States.Failures);
        }
    }

    [Fact]
    public async Task A_job_over_which_one_process_after_another_died_has_failed()
    {
        await using var folder = new JobFolder();
        await folder.SendAsync(FileKind.Scrub, "a\n");
        Job job = Assert.Single(await folder.Jobs.OfAsync(JobFolder.Party, Ct));
        await folder.Jobs.SaveAsync(
            job, job.Record with { Status = JobStatus.Running, Holder = "dead", Deaths = Limits.JobDeathsMax }, Ct);

        await folder.StartAsync();

        JobRecord ended = await folder.EndAsync(job.Id);
        Assert.Equal((JobStatus.Failed, "internal"), (ended.Status, ended.Failure!.Code));
        Assert.Empty(folder.Gates.Began);
    }

    [Fact]
    public async Task Who_has_lost_a_job_leaves_the_answer_that_the_next_one_begins_with()
    {
        await using JobFolder silent = await AtItsGateAsync(FileKind.CarrierFile, "a\nwait 1\nb\nwait 2\nc\n");
        JobRecord job = await silent.JobAsync(FileKind.CarrierFile);
        var copies = new TaskCompletionSource();
        await using JobFolder next = silent.Peer(store => new LateStore(store, $"{job.Id}.1.output", copies.Task));
        for (int second = 0; second < 31; second++) await next.LookAsync();
        Assert.Equal(2, (await next.JobAsync(FileKind.CarrierFile)).Attempt);

        // It finds out and stops, before the next one has opened its answer.
        silent.Time.Advance(TimeSpan.FromSeconds(2));
        silent.Gates.Open(JobFolder.Party);
        await silent.LeftAsync(job.Id);
        copies.SetResult();

        for (int gate = 0; gate < 2; gate++)
        {
            await next.Gates.ReachedAsync(JobFolder.Party);
            next.Gates.Open(JobFolder.Party);
        }

        Assert.StartsWith(
            "got a\ngot wait 1\ngot b\ngot wait 2\ngot c\n#end,", await next.AnswerAsync(job),
            StringComparison.Ordinal);
        Assert.Equal(JobStatus.Finished, (await next.EndAsync(job.Id)).Status);
    }

    [Fact]
    public async Task A_sender_may_pause_and_a_chunk_take_its_time_and_nobody_takes_the_process_for_dead()
    {
        await using JobFolder busy = await AtItsGateAsync(FileKind.CarrierFile, "a\nwait\nb\n");
        using var sent = new PausingStream("half");
        Task<Reply> arriving = busy.SendAsync(FileKind.BindingFile, sent);
        await using JobFolder looks = busy.Peer();

        for (int second = 0; second < 100; second++)
        {
            busy.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Ct); // It has its time, too.
            await looks.LookAsync();
        }

        Assert.Equal(2, (await looks.JobsAsync()).Length);
        Assert.Empty(looks.Gates.Began);
        sent.End();
        Assert.Equal(202, (await arriving).Status);
        busy.Gates.Open(JobFolder.Party);
        Assert.Equal(1, (await busy.EndAsync((await busy.JobAsync(FileKind.CarrierFile)).Id)).Attempt);
    }

    [Fact]
    public async Task A_ledger_that_cannot_answer_ends_no_job()
    {
        await using var folder = new JobFolder();
        await folder.SendAsync(FileKind.CarrierFile, "a\nunavailable once\nb\n");
        await folder.StartAsync();
        JobRecord job = await folder.JobAsync(FileKind.CarrierFile);

        while (!(await folder.JobAsync(FileKind.CarrierFile)).HasEnded)
        {
            folder.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Ct);
        }

        Assert.Equal(JobStatus.Finished, (await folder.EndAsync(job.Id)).Status);
        Assert.StartsWith(
            "got a\ngot unavailable once\ngot b\n#end,", await folder.AnswerAsync(job), StringComparison.Ordinal);
    }

    /// <summary>A process of a cluster, and the file that it is at work on: it waits for the test.</summary>
    private static async Task<JobFolder> AtItsGateAsync(FileKind kind, string file)
    {
        var folder = new JobFolder { IsAlone = false };
        await folder.StartAsync();
        await folder.SendAsync(kind, file);
        await folder.Gates.ReachedAsync(JobFolder.Party);
        return folder;
    }

    private static Task LookAsync(JobFolder folder, Func<Task> until) => LookAsync([folder], until);

    /// <summary>Has processes look, second by second, until something is so.</summary>
    private static async Task LookAsync(JobFolder[] folders, Func<Task> until)
    {
        Task reached = until();
        while (!reached.IsCompleted)
        {
            await Task.WhenAll(folders.Select(folder => folder.LookAsync()));
            await Task.Delay(5, Ct);
        }

        await reached;
    }

    /// <summary>One file of it is opened only when the test lets it.</summary>
    private sealed class LateStore(IFileStore store, string name, Task opens) : IFileStore
    {
        public Task<IStoredFile> CreateAsync(string file, CancellationToken cancellationToken) =>
            store.CreateAsync(file, cancellationToken);

        public async Task<IStoredFile?> OpenAsync(string file, CancellationToken cancellationToken)
        {
            if (file == name) await opens.WaitAsync(cancellationToken);
            return await store.OpenAsync(file, cancellationToken);
        }

        public Task DeleteAsync(string file, CancellationToken cancellationToken) =>
            store.DeleteAsync(file, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
            store.ListAsync(cancellationToken);
    }

    /// <summary>Some bytes, and then none until the test ends it.</summary>
    private sealed class PausingStream(string text) : MemoryStream
    {
        private readonly TaskCompletionSource _ends = new();
        private byte[] _left = System.Text.Encoding.UTF8.GetBytes(text);

        public void End() => _ends.SetResult();

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[] some = Interlocked.Exchange(ref _left, []);
            if (some.Length == 0) await _ends.Task.WaitAsync(cancellationToken);
            some.CopyTo(buffer);
            return some.Length;
        }
    }
}
