using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NumberLedger.Grains;
using NumberLedger.Stores;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Jobs in a folder of their own, without a server, and with a clock that the test moves.</summary>
internal sealed class JobFolder : IAsyncDisposable
{
    public const string Party = "acme";

    private static readonly MasterKey Master = new(new byte[MasterKey.Size]);

    private readonly DirectoryInfo _folder;
    private readonly LoggerFactory _logs = new();
    private JobRunner? _runner;

    /// <param name="wrap">Puts something between the jobs and their files.</param>
    public JobFolder(Func<IFileStore, IFileStore>? wrap = null)
        : this(Directory.CreateTempSubdirectory("numberledger-jobs-"), wrap)
    {
    }

    private JobFolder(DirectoryInfo folder, Func<IFileStore, IFileStore>? wrap = null)
    {
        _folder = folder;
        Store = FolderFileStore.Open(folder.FullName);
        if (wrap is not null) Store = wrap(Store);
        Files = new JobFiles(Store, new FileSealer(Master));
        Jobs = new Jobs(Files, Time, _logs.CreateLogger<Jobs>());
        Uploads = new JobUploads(Jobs, Files, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 9, 30, 0, TimeSpan.Zero));
    public FakeWork.Gates Gates { get; } = new();
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
        return new JobFolder(image);
    }

    public Task StartAsync(params IReadiness[] parts)
    {
        _runner = new JobRunner(
            Jobs, Files, Enum.GetValues<FileKind>().Select(kind => new FakeWork(kind, Gates)), parts, Time,
            _logs.CreateLogger<JobRunner>());
        return _runner.StartAsync(Ct);
    }

    public async Task<Reply> SendAsync(FileKind kind, string file)
    {
        var order = new FileOrder(
            kind, Party, "key", FileFormat.Csv, FileFormat.Csv, "CN", Purposes.Marketing | Purposes.Collection,
            RegistryRule.Camara, true, new DateOnly(2026, 7, 31));
        return await Uploads.AcceptAsync(
            new DefaultHttpContext(), Party, order, new MemoryStream(Encoding.UTF8.GetBytes(file)), Ct);
    }

    /// <summary>The only job of the kind.</summary>
    public FileJob Job(FileKind kind) => Assert.Single(Jobs.Of(Party, kind));

    public async Task<string> AnswerAsync(FileJob job)
    {
        await job.Ended.WaitAsync(Ct);
        await using SealedFileReader output = await Files.OpenOutputAsync(job.Id, Ct);
        return await new StreamReader(output).ReadToEndAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_runner is not null) await _runner.StopAsync(CancellationToken.None);
        _runner?.Dispose();
        Jobs.Dispose();
        _logs.Dispose();
        _folder.Delete(recursive: true);
    }
}
