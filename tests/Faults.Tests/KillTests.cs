using System.Globalization;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// However the process ends, what is acknowledged is there once, and what was refused is never allowed.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 50;
    private const int KillsOverPostgres = 12;

    /// <summary>To draw the same again. Which request meets which moment stays a matter of chance.</summary>
    private const string SeedVariable = "NUMBERLEDGER_FAULTS_SEED";

    private readonly Random _random;
    private readonly Drill _drill;
    private string? _store; // Of the ledger; null: in the folder.

    public KillTests()
    {
        int seed = int.TryParse(
            Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"{SeedVariable}={seed}");
        _random = new Random(seed);
        _drill = new Drill(_random.Next());
    }

    public void Dispose() => _drill.Dispose();

    [Fact]
    public async Task However_often_it_is_killed_what_was_acknowledged_is_there_once_and_no_refusal_is_forgotten()
    {
        for (int kills = 0; kills < Kills; kills++)
        {
            bool whileItStarts = _random.Next(6) == 0;
            await (whileItStarts ? KillWhileItStartsAsync() : KillWhileAllWriteAsync());
        }

        await VerifyAllAsync();
    }

    [Fact]
    public async Task With_PostgreSQL_behind_it_the_same_holds_also_when_that_is_killed()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        _store = server.ConnectionString;
        for (int kills = 0; kills < KillsOverPostgres; kills++)
        {
            if (_random.Next(3) > 0)
            {
                await KillWhileAllWriteAsync();
                continue;
            }

            await KillWhileAllWriteAsync(() => server.StopImmediatelyAsync().Wait());
            await server.StartAsync();
        }

        await VerifyAllAsync();
    }

    [Fact]
    public async Task Told_to_stop_while_all_write_it_ends_with_0_and_loses_nothing()
    {
        for (int stops = 0; stops < 3; stops++)
        {
            await using LedgerProcess process = LedgerProcess.Serve(_drill.Folder.Path, _store);
            using Parties parties = await PartiesOfAsync(process);
            await _drill.VerifyAsync(parties);

            await _drill.RunAsync(parties, _random.Next(50, 300), process.Terminate);

            Assert.Equal(0, await process.EndAsync());
        }

        await VerifyAllAsync();
    }

    private async Task KillWhileItStartsAsync()
    {
        await using LedgerProcess process = LedgerProcess.Serve(_drill.Folder.Path, _store);
        // Anywhere in it.
        await Task.WhenAny(process.Address, Task.Delay(_random.Next(1_500)));
        process.Kill();
    }

    /// <param name="first">Done before it is killed, while all write.</param>
    private async Task KillWhileAllWriteAsync(Action? first = null)
    {
        await using LedgerProcess process = LedgerProcess.Serve(_drill.Folder.Path, _store);
        using Parties parties = await PartiesOfAsync(process);
        await _drill.VerifyAsync(parties);

        await _drill.RunAsync(parties, _random.Next(1, 150), () =>
        {
            first?.Invoke();
            process.Kill();
        });
    }

    /// <summary>Gets an answer to whatever is without one, compares everything, and inspects the folder.</summary>
    private async Task VerifyAllAsync()
    {
        await using (LedgerProcess process = LedgerProcess.Serve(_drill.Folder.Path, _store))
        {
            using Parties parties = await PartiesOfAsync(process);
            await _drill.SettleAsync(parties);
            await _drill.VerifyAllAsync(parties);
            process.Terminate();
            Assert.Equal(0, await process.EndAsync());
        }

        (int exitCode, string said) = await LedgerProcess.RunWithAsync(
            _store, "fsck", "--data", _drill.Folder.Path);
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }

    private async Task<Parties> PartiesOfAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        Parties parties = _drill.Folder.PartiesOf(address);
        await Drill.CoverAsync(parties);
        return parties;
    }
}
