using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Serving;

/// <summary>The first start of a ledger: what it makes, and what it leaves alone.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string KeyFile => _folder["master.key"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_start_makes_no_key_in_a_folder_that_another_process_holds()
    {
        using var held = new FileStream(_folder["ledger.lock"], FileMode.CreateNew, FileAccess.Write, FileShare.None);

        Assert.Throws<StoreUnavailableException>(() => Build(_folder.Path));

        Assert.Equal([held.Name], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Of_many_starts_at_once_in_a_fresh_folder_one_serves_under_the_key_that_is_in_the_file()
    {
        using var together = new Barrier(8);
        WebApplication?[] starts = await Task.WhenAll(Enumerable.Range(0, together.ParticipantCount).Select(
            _ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    try
                    {
                        return Build(_folder.Path);
                    }
                    catch (StoreUnavailableException)
                    {
                        return null;
                    }
                },
                TaskCreationOptions.LongRunning)));

        await using WebApplication serving = Assert.Single(starts.OfType<WebApplication>());
        await using var store = serving.Services.GetRequiredService<SqliteLedgerStore>();
        var written = new MasterKey(Convert.FromHexString(File.ReadAllText(KeyFile).Trim()));
        var used = serving.Services.GetRequiredService<MasterKey>();
        Assert.Equal(written.Derive("nl/seal/1"), used.Derive("nl/seal/1"));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task A_folder_that_a_start_makes_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes: a folder inherits who may see it.");

        await using WebApplication made = Build(_folder["made"]);
        await using var store = made.Services.GetRequiredService<SqliteLedgerStore>();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder["made"]));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task In_a_folder_that_others_may_see_they_cannot_read_the_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes: a file inherits who may see it.");
        const UnixFileMode SeenByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.Path, SeenByAll);

        await using WebApplication made = Build(_folder.Path);
        await using var store = made.Services.GetRequiredService<SqliteLedgerStore>();

        Assert.Equal(SeenByAll, File.GetUnixFileMode(_folder.Path)); // Its operator's decision.
        string[] files = Directory.GetFiles(_folder.Path);
        Assert.Contains(_folder["ledger.db"], files);
        Assert.Contains(_folder["ledger.db-wal"], files);
        Assert.All(files, file => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    private static WebApplication Build(string data) =>
        LedgerHost.Build(new ServeOptions("http://127.0.0.1:0", data, Path.Combine(data, "keys.json")));
}
