using System.Diagnostics;

namespace NumberLedger.Stores.Tests;

/// <summary>Heads in memory are right only if nobody else writes the file.</summary>
public sealed class OneProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_is_refused_and_told_the_folder_and_what_to_do()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();

        (int exitCode, string said) = await EndOf(Child.Start(["hold", _folder.Path]));

        Assert.Equal(Child.Refused, exitCode);
        Assert.Contains($"'{_folder.Path}' is in use", said);
        Assert.Contains("stop that one, or give this one a folder of its own", said);
    }

    [Fact]
    public async Task A_second_store_of_the_same_process_is_refused()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();

        var refused = Assert.Throws<StoreUnavailableException>(_folder.OpenStore);

        Assert.Contains(_folder.Path, refused.Message);
    }

    [Fact]
    public async Task Another_program_cannot_even_read_the_file_meanwhile()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();

        (int exitCode, string said) = await EndOf(Child.Start(["peek", _folder["ledger.db"]]));

        Assert.Equal(Child.Refused, exitCode);
        Assert.Contains("locked", said);
    }

    [Fact]
    public async Task A_program_that_holds_the_file_keeps_the_store_out_even_without_the_lock_file()
    {
        await _folder.OpenStore().DisposeAsync();
        using Process holder = Child.Start(["hold", _folder.Path]);
        Assert.Equal("open", await holder.StandardOutput.ReadLineAsync(Ct));
        File.Delete(_folder["ledger.lock"]);

        var refused = Assert.Throws<StoreUnavailableException>(_folder.OpenStore);

        Assert.Contains($"'{_folder.Path}' is in use by another process", refused.Message);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(Ct);
    }

    [Fact]
    public async Task A_killed_process_holds_nothing()
    {
        using Process holder = Child.Start(["hold", _folder.Path]);
        Assert.Equal("open", await holder.StandardOutput.ReadLineAsync(Ct));

        holder.Kill();
        await holder.WaitForExitAsync(Ct);

        await using SqliteLedgerStore store = _folder.OpenStore();
        Assert.Null(store.Degraded);
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named()
    {
        File.WriteAllText(_folder["file"], "");

        var refused = Assert.Throws<StoreUnavailableException>(
            () => SqliteLedgerStore.Open(_folder["file"], TemporaryFolder.Master));

        Assert.Contains(_folder["file"], refused.Message);
    }

    private static async Task<(int ExitCode, string Said)> EndOf(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            string said = await process.StandardOutput.ReadToEndAsync(Ct);
            await process.WaitForExitAsync(Ct);
            return (process.ExitCode, said);
        }
    }
}
