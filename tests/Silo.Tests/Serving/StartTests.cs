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

        Assert.Throws<StoreUnavailableException>(() => Build());

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
                        return Build();
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

    private WebApplication Build() =>
        LedgerHost.Build(new ServeOptions("http://127.0.0.1:0", _folder.Path, _folder["keys.json"]));
}
