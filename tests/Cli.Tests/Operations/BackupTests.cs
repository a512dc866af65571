using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Cli.Tests;

/// <summary>A backup is in its place when it is whole and verified, and otherwise not there at all.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Output => _folder["one.nlbackup"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_arrives_whole_is_there_for_its_owner_alone_and_it_is_said_what_is_not_in_it()
    {
        byte[] backup = await SmallBackup.MakeAsync();
        await using FakeLedger ledger = await SendingAsync(backup);

        Ended ended = await ledger.RunAsync("backup", "-o", Output);

        Assert.Equal((ExitCodes.Ok, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(
            "one.nlbackup is whole and verified: 1 block, 3 entries, as of 2026-03-01T12:00:00Z.", ended.Error,
            StringComparison.Ordinal);
        Assert.Contains("It does not hold the master key", ended.Error, StringComparison.Ordinal);
        Assert.Equal(backup, await File.ReadAllBytesAsync(Output, Ct));
        Assert.Equal([Output], Directory.GetFiles(_folder.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Output));
        }
    }

    [Fact]
    public async Task As_JSON_it_says_how_much_there_is_and_as_of_when()
    {
        await using FakeLedger ledger = await SendingAsync(await SmallBackup.MakeAsync());

        Ended ended = await ledger.RunAsync("backup", "-o", Output, "--json");

        JsonNode told = JsonNode.Parse(ended.Output)!;
        Assert.Equal(
            (Output, 1, 3, "2026-03-01T12:00:00Z", new FileInfo(Output).Length),
            ((string)told["file"]!, (int)told["blocks"]!, (int)told["entries"]!, (string)told["madeAt"]!,
                (long)told["bytes"]!));
    }

    [Theory]
    [InlineData("en", "The backup was cut off: it ends at byte ")]
    [InlineData("zh-CN", "备份未通过核对。")]
    public async Task Cut_off_anywhere_there_is_none_and_an_earlier_one_stays(string lang, string said)
    {
        byte[] backup = await SmallBackup.MakeAsync();
        foreach (int length in (int[])[0, 5, 100, backup.Length / 2, backup.Length - 1])
        {
            await File.WriteAllTextAsync(Output, "an earlier one", Ct);
            await using FakeLedger ledger = await SendingAsync(backup[..length]);

            Ended ended = await ledger.RunAsync("backup", "-o", Output, "--lang", lang);

            Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
            Assert.Equal("an earlier one", await File.ReadAllTextAsync(Output, Ct));
            Assert.Equal([Output], Directory.GetFiles(_folder.Path));
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_leaves_none()
    {
        await using FakeLedger ledger = await BeginningAsync(async http =>
        {
            // What breaks off takes along what was not read yet: the answer must have arrived.
            while (!File.Exists(Output + ".part")) await Task.Delay(20, Ct);
            http.Abort();
        });

        Ended ended = await ledger.RunAsync("backup", "-o", Output);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.Contains("The connection broke, or the server broke it off", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task With_a_byte_changed_on_the_way_there_is_none()
    {
        byte[] backup = await SmallBackup.MakeAsync();
        backup[^100] ^= 1;
        await using FakeLedger ledger = await SendingAsync(backup);

        Ended ended = await ledger.RunAsync("backup", "-o", Output);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.Contains("is not what was written: it is damaged between byte ", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Of_a_broken_ledger_it_is_said_that_the_ledger_is_broken()
    {
        await using FakeLedger ledger = await SendingAsync(await SmallBackup.MakeAsync(isBroken: true));

        Ended ended = await ledger.RunAsync("backup", "-o", Output);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.Contains("Block 861380000, position 2: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("It is the ledger that is broken", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "scope-missing", ExitCodes.Failed)]
    [InlineData(409, "backup-elsewhere", ExitCodes.Failed)]
    [InlineData(503, "ledger-unavailable", ExitCodes.Unavailable)]
    public async Task A_no_of_the_ledger_is_told_and_nothing_is_made(int status, string code, int exitCode)
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("GET /v1/backup", status, FakeLedger.Problem(status, code));

        Ended ended = await ledger.RunAsync("backup", "-o", Output);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains($"[{code}]", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_as_that()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no device that is always full.");
        await using FakeLedger ledger = await SendingAsync(await SmallBackup.MakeAsync());

        Ended ended = await ledger.RunAsync("backup", "-o", "/dev/full");

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("No space left on device", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_leaves_nothing()
    {
        await using FakeLedger ledger = await BeginningAsync(
            http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using CliProcess program = CliProcess.Start(ledger.Environment, "backup", "-o", Output);
        while (!File.Exists(Output + ".part")) await Task.Yield();

        program.Interrupt();
        Ended ended = await program.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, ended.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Of_a_folder_it_is_the_servers_verb()
    {
        Ended ended = await CliProcess.RunAsync("backup", "--data", "data", "-o", Output);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("./run backup", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>A backup begins to come, and then something else happens.</summary>
    private static async Task<FakeLedger> BeginningAsync(Func<HttpContext, Task> then)
    {
        byte[] backup = await SmallBackup.MakeAsync();
        return (await FakeLedger.StartAsync()).On("GET /v1/backup", async http =>
        {
            await http.Response.Body.WriteAsync(backup.AsMemory(0, 200), Ct);
            await http.Response.Body.FlushAsync(Ct);
            await then(http);
        });
    }

    private static async Task<FakeLedger> SendingAsync(byte[] backup) => (await FakeLedger.StartAsync())
        .On("GET /v1/backup", http => http.Response.Body.WriteAsync(backup, Ct).AsTask());
}
