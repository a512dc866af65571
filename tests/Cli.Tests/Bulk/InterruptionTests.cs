namespace NumberLedger.Cli.Tests;

/// <summary>Ctrl-C leaves something to go on with, and going on gives what an uninterrupted run gives.</summary>
public class InterruptionTests
{
    [Fact]
    public async Task An_interrupted_scrub_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);

        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Ended ended = await ledger.RunAsync("scrub", input, "-o", folder["out.csv"], "--continue");
        Ended whole = await ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync)
            .RunAsync("scrub", input, "-o", folder["whole.csv"]);

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), (ended.ExitCode, whole.ExitCode));
        string continued = File.ReadAllText(folder["out.csv"]);
        // Line numbers in the reasons of bad lines among it.
        Assert.Equal(
            Campaign.AssertVerifies(File.ReadAllText(folder["whole.csv"])), Campaign.AssertVerifies(continued));
        Assert.Contains("rows=1000,", continued, StringComparison.Ordinal);
        Assert.Contains(",bad=142,", continued, StringComparison.Ordinal);
        Assert.Contains(",continued=", continued, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv.part"]));
    }

    [Fact]
    public async Task A_line_that_was_half_written_is_asked_again()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);
        using (FileStream part = File.Open(folder["out.csv.part"], FileMode.Open)) part.SetLength(part.Length - 5);

        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Ended ended = await ledger.RunAsync("scrub", input, "-o", folder["out.csv"], "--continue");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(1_001, Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"])).Length);
    }

    [Fact]
    public async Task The_part_of_another_file_is_not_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);
        File.WriteAllText(input, File.ReadAllText(input).Replace("00000007", "00000008", StringComparison.Ordinal));

        Ended ended = await ledger.RunAsync("scrub", input, "-o", folder["out.csv"], "--continue");

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("does not answer", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
    }

    [Fact]
    public async Task A_part_that_is_whole_only_gets_its_name()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 20);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        await ledger.RunAsync("scrub", input, "-o", folder["out.csv"]);
        byte[] answer = File.ReadAllBytes(folder["out.csv"]);
        File.Move(folder["out.csv"], folder["out.csv.part"]);

        ledger.On("POST /v1/scrubs", 500, FakeLedger.Problem(500, "internal"));
        Ended ended = await ledger.RunAsync("scrub", input, "-o", folder["out.csv"], "--continue");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(answer, File.ReadAllBytes(folder["out.csv"]));
    }

    [Fact]
    public void An_old_part_is_not_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 20);
        File.WriteAllText(folder["out.csv.part"], "");
        var order = new FileOrder("/v1/scrubs", false, [], FileFormat.Csv, FileFormat.Csv, input, folder["out.csv"]);
        DateTimeOffset later = TimeProvider.System.GetUtcNow() + ScrubPart.AgeMax + TimeSpan.FromMinutes(1);

        var failure = Assert.Throws<CliFailure>(() => ScrubPart.Read(order, later, Lang.English));

        Assert.Contains("too old", failure.Message, StringComparison.Ordinal);
    }

    private static async Task InterruptAsync(FakeLedger ledger, TemporaryFolder folder, string input, int afterLines)
    {
        var scrub = new FakeScrub { HangAfter = afterLines };
        ledger.On("POST /v1/scrubs", scrub.AnswerAsync);
        await using CliProcess program = CliProcess.Start(ledger.Environment, "scrub", input, "-o", folder["out.csv"]);
        await scrub.Hanging.Task;
        // What the server has flushed is not yet what the program has taken.
        var part = new FileInfo(folder["out.csv.part"]);
        while (!part.Exists || part.Length == 0)
        {
            await Task.Yield();
            part.Refresh();
        }

        program.Interrupt();
        Ended ended = await program.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, ended.ExitCode);
        Assert.Contains("--continue", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
    }
}
