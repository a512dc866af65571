using System.Diagnostics;

namespace NumberLedger.Cli.Tests;

/// <summary>What stands where the answer is to go is never lost to it.</summary>
public class OutputTests
{
    [Fact]
    public async Task A_pipe_is_written_through()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing();
        using (Process make = Process.Start("mkfifo", [folder["pipe"]])) make.WaitForExit();
        Task<string> read = Task.Run(() => File.ReadAllText(folder["pipe"]), TestContext.Current.CancellationToken);

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["pipe"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(21, Campaign.AssertVerifies(await read).Length);
        Assert.Equal([folder["in.csv"], folder["pipe"]], Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public async Task A_device_that_takes_nothing_is_a_failure_and_stays()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing();
        // By a link: if it were replaced, only that would be lost to the machine that these tests run on.
        File.CreateSymbolicLink(folder["full"], "/dev/full");

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["full"]);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("full", ended.Error, StringComparison.Ordinal);
        Assert.Equal("/dev/full", new FileInfo(folder["full"]).LinkTarget);
        Assert.Equal([folder["full"], folder["in.csv"]], Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public async Task A_link_stays_and_what_it_leads_to_is_replaced()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing();
        File.WriteAllText(folder["real.csv"], "old");
        File.CreateSymbolicLink(folder["link.csv"], folder["real.csv"]);

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["link.csv"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(folder["real.csv"], new FileInfo(folder["link.csv"]).LinkTarget);
        Assert.Equal(21, Campaign.AssertVerifies(File.ReadAllText(folder["real.csv"])).Length);
    }

    [Theory]
    [InlineData("en", "", "is a folder")]
    [InlineData("zh-CN", "", "是文件夹")]
    [InlineData("en", "nowhere/out.csv", "There is no folder")]
    [InlineData("zh-CN", "nowhere/out.csv", "不存在")]
    public async Task A_place_where_nothing_can_be_written_is_told_before_anything_is_sent(
        string lang, string output, string said)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("POST /v1/scrubs", 500, FakeLedger.Problem(500, "internal"));

        Ended ended = await ledger.RunAsync(
            "scrub", Campaign.Write(folder, 20), "-o", folder[output], "--lang", lang);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains(folder.Path, ended.Error, StringComparison.Ordinal);
        Assert.Empty(ledger.Arrived);
    }

    private static async Task<FakeLedger> Scrubbing() =>
        (await FakeLedger.StartAsync()).On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
}
