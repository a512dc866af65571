using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>All jobs, of all processes: each is a state, which is read before it is believed.</summary>
/// <remarks>
/// The state is the commit point: a job exists from when it is made to when it is deleted. Whoever changes one names
/// the version that it has seen, so of two processes that want the same job one gets it. Any method may throw
/// <see cref="StoreUnavailableException"/>.
/// </remarks>
internal sealed partial class Jobs(
    IStateStore states, FileSealer sealer, JobFiles files, JobHolds holds, ILogger<Jobs> logger)
{
    /// <summary>By id, and null for what does not open: a version is read once.</summary>
    private readonly ConcurrentDictionary<string, (string Version, Job? Job)> _read = new();

    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says something when this process may have made work.</summary>
    public ChannelReader<bool> Added => _added.Reader;

    /// <summary>Those that open, in no order, also while their files still arrive.</summary>
    public async Task<IReadOnlyList<Job>> AllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<StateVersion> listed = await states.ListAsync(JobIds.Prefix, cancellationToken);
        List<Job> jobs = new(listed.Count);
        foreach ((string id, string version) in listed)
        {
            if (!_read.TryGetValue(id, out (string Version, Job? Job) read) || read.Version != version)
            {
                read = await ReadAsync(id, cancellationToken);
            }

            if (read.Job is { } job) jobs.Add(job);
        }

        if (_read.Count > listed.Count) Forget(listed);
        return jobs;
    }

    /// <summary>Of all jobs, also of those that do not open.</summary>
    public async Task<IReadOnlySet<string>> IdsAsync(CancellationToken cancellationToken) =>
        (await states.ListAsync(JobIds.Prefix, cancellationToken)).Select(state => state.Name).ToHashSet();

    /// <summary>Also those that still arrive: they count.</summary>
    public async Task<Job[]> OfAsync(string owner, CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken)).Where(job => job.Record.Owner == owner)];

    /// <summary>A job of this kind and owner; to anybody else it is as if it never was.</summary>
    public async Task<Job?> FindAsync(string owner, FileKind kind, string id, CancellationToken cancellationToken) =>
        JobIds.IsOne(id) && await FindAsync(id, cancellationToken) is { Record.HasArrived: true } job
        && job.Record.Owner == owner && job.Record.Kind == kind
            ? job
            : null;

    public async Task<Job?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(id, cancellationToken)).Job;

    /// <returns>Null: there is one already.</returns>
    public Task<Job?> AddAsync(JobRecord record, CancellationToken cancellationToken) =>
        SaveAsync(record, null, cancellationToken);

    /// <returns>Null: it was changed or deleted since it was read.</returns>
    public Task<Job?> SaveAsync(Job job, JobRecord next, CancellationToken cancellationToken) =>
        SaveAsync(next, job.Version, cancellationToken);

    /// <summary>Deletes a job, whatever it is doing, and all of its files.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        while (await FindAsync(id, cancellationToken) is { } job)
        {
            if (await TryDeleteAsync(job, cancellationToken)) return;
        }
    }

    /// <returns>Whether it was deleted: it was not changed since it was read.</returns>
    public async Task<bool> TryDeleteAsync(Job job, CancellationToken cancellationToken)
    {
        // Its state first: from then on there is no such job, and files without one are swept.
        if (!await states.DeleteAsync(job.Id, job.Version, cancellationToken)) return false;

        _read.TryRemove(job.Id, out _);
        holds.LetGo(job.Id);
        try
        {
            await files.DeleteAsync(job.Record, cancellationToken);
        }
        catch (Exception failed) when (failed is StoreUnavailableException or FileStoreFullException)
        {
            Log.FilesStay(logger, job.Id, failed.Message);
        }

        return true;
    }

    private async Task<Job?> SaveAsync(JobRecord record, string? expected, CancellationToken cancellationToken)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(record, JobJson.Default.JobRecord);
        byte[] closed = sealer.Seal(record.Id, content, RandomNumberGenerator.Fill);
        if (await states.SaveAsync(record.Id, closed, expected, cancellationToken) is not { } version) return null;

        var job = new Job(record, version);
        _read[record.Id] = (version, job);
        if (record is { HasArrived: true, Holder: null, HasEnded: false }) _added.Writer.TryWrite(true);
        return job;
    }

    private async Task<(string Version, Job? Job)> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await states.ReadAsync(id, cancellationToken) is not { } state)
        {
            _read.TryRemove(id, out _);
            return ("", null);
        }

        if (_read.TryGetValue(id, out (string Version, Job? Job) read) && read.Version == state.Version) return read;

        return _read[id] = (state.Version, Open(id, state));
    }

    /// <returns>Null: it does not open. It is not deleted: with the right master key it may be whole.</returns>
    private Job? Open(string id, StoredState state)
    {
        try
        {
            return JsonSerializer.Deserialize(sealer.Open(id, state.Content), JobJson.Default.JobRecord) is { } record
                ? new Job(record, state.Version)
                : null;
        }
        catch (BrokenFileException broken)
        {
            Log.NotReadable(logger, broken.Message);
            return null;
        }
        catch (JsonException)
        {
            Log.NotReadable(logger, $"{id} is none that this release knows.");
            return null;
        }
    }

    private void Forget(IReadOnlyList<StateVersion> listed)
    {
        HashSet<string> known = [.. listed.Select(state => state.Name)];
        foreach (string id in _read.Keys.Where(id => !known.Contains(id))) _read.TryRemove(id, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(1709, LogLevel.Warning, "Job {Job} is gone, and its files go at the next sweep: {What}")]
        public static partial void FilesStay(ILogger logger, string job, string what);

        [LoggerMessage(1701, LogLevel.Error, "A job is left alone: {What}")]
        public static partial void NotReadable(ILogger logger, string what);
    }
}
