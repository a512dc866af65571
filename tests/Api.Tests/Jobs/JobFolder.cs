using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NumberLedger.Grains;
using NumberLedger.Stores;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Jobs in a folder of their own, without a server, and with a clock that the test moves.</summary>
internal sealed class JobFolder : IAsyncDisposable
{
    public const string Party = "acme";

    private static readonly MasterKey Master = new(new byte[MasterKey.Size]);

    private readonly DirectoryInfo _folder;
    private readonly LoggerFactory _logs = new();
    private readonly JobHolds _holds = new();
    private readonly CancellationTokenSource _stops = new();
    private JobRunner? _runner;

    /// <param name="wrap">Puts something between the jobs and their files.</param>
    public JobFolder(Func<IFileStore, IFileStore>? wrap = null)
        : this(Directory.CreateTempSubdirectory("numberledger-jobs-"), new InMemoryStates(), wrap)
    {
    }

    private JobFolder(DirectoryInfo folder, InMemoryStates states, Func<IFileStore, IFileStore>? wrap = null)
    {
        _folder = folder;
        States = states;
        Store = FolderFileStore.Open(folder.FullName);
        if (wrap is not null) Store = wrap(Store);
        var sealer = new FileSealer(Master);
        Files = new JobFiles(Store, sealer);
        Jobs = new Jobs(states, sealer, Files, _holds, _logs.CreateLogger<Jobs>());
        Uploads = new JobUploads(Jobs, _holds, Files, Time, _logs.CreateLogger<JobUploads>());
    }

    /// <summary>Nobody else has the jobs: they are in a store of one process.</summary>
    public bool IsAlone { get; init; } = true;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 9, 30, 0, TimeSpan.Zero));
    public FakeWork.Gates Gates { get; } = new();
    public InMemoryStates States { get; }
    public IFileStore Store { get; }
    public JobFiles Files { get; }
    public Jobs Jobs { get; }
    public JobUploads Uploads { get; }

    public string[] Names => [.. _folder.GetDirectories("files")[0].GetFiles().Select(file => file.Name)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string PathOf(string name) => Path.Combine(_folder.FullName, "files", name);

    /// <summary>What the next process would find if this one were killed now.</summary>
    public JobFolder CrashImage()
    {
        DirectoryInfo image = Directory.CreateTempSubdirectory("numberledger-jobs-");
        image.CreateSubdirectory("files");
        foreach (string name in Names) File.Copy(PathOf(name), Path.Combine(image.FullName, "files", name));
        return new JobFolder(image, States.Copy());
    }

    /// <summary>Another process of the same cluster. Neither is alone.</summary>
    /// <param name="wrap">Puts something between its jobs and their files.</param>
    public JobFolder Peer(Func<IFileStore, IFileStore>? wrap = null) => new(_folder, States, wrap) { IsAlone = false };

    public Task StartAsync(params IReadiness[] parts) => RunnerOf(parts).StartAsync(Ct);

    public Task StopAsync() => RunnerOf().StopAsync(Ct);

    public Task SweepAsync() => RunnerOf().SweepAsync(Ct);

    /// <summary>One look of a process that was not started, a second after the one before.</summary>
    public Task LookAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return RunnerOf().LookAsync(_stops.Token);
    }

    /// <summary>Returns once this process does not work on the job any more.</summary>
    public async Task LeftAsync(string id)
    {
        while (_holds.Has(id)) await Task.Delay(5, Ct);
    }

    public Task<Reply> SendAsync(FileKind kind, string file) =>
        SendAsync(kind, new MemoryStream(Encoding.UTF8.GetBytes(file)));

    public async Task<Reply> SendAsync(FileKind kind, Stream file)
    {
        var order = new FileOrder(
            kind, Party, "key", FileFormat.Csv, FileFormat.Csv, "CN", Purposes.Marketing | Purposes.Collection,
            RegistryRule.Camara, true, new DateOnly(2026, 7, 31));
        return await Uploads.AcceptAsync(
            new DefaultHttpContext(), Party, order, file, Ct);
    }

    /// <summary>The only job of the kind.</summary>
    public async Task<JobRecord> JobAsync(FileKind kind) => Assert.Single(await JobsAsync(), job => job.Kind == kind);

    public async Task<JobRecord[]> JobsAsync() => [.. (await Jobs.OfAsync(Party, Ct)).Select(job => job.Record)];

    public async Task<JobRecord> EndAsync(string id)
    {
        while (true)
        {
            if ((await Jobs.FindAsync(id, Ct))!.Record is { HasEnded: true } ended) return ended;

            await Task.Delay(5, Ct);
        }
    }

    public async Task<string> AnswerAsync(JobRecord job)
    {
        await using SealedFileReader output = await Files.OpenOutputAsync(await EndAsync(job.Id), Ct);
        return await new StreamReader(output).ReadToEndAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stops.CancelAsync();
        if (_runner is not null) await _runner.StopAsync(CancellationToken.None);
        _runner?.Dispose();
        _stops.Dispose();
        _logs.Dispose();
        if (Directory.Exists(_folder.FullName)) _folder.Delete(recursive: true); // A peer may have been first.
    }

    private JobRunner RunnerOf(params IReadiness[] parts) => _runner ??= new JobRunner(
        Jobs, _holds, Files, new Alone(IsAlone), Enum.GetValues<FileKind>().Select(kind => new FakeWork(kind, Gates)),
        parts, new ApplicationLifetime(_logs.CreateLogger<ApplicationLifetime>()), Time,
        _logs.CreateLogger<JobRunner>());

    /// <summary>Nothing of it is asked but this.</summary>
    private sealed class Alone(bool isAlone) : WrappedStore(new InMemoryLedgerStore())
    {
        public override bool HeadsInMemory => isAlone;
    }
}
