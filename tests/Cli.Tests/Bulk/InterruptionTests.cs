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
        Assert.Empty(Directory.GetFiles(folder.Path, "*.part*"));
    }

    [Theory]
    [InlineData("en", "--purpose (was not said, is collection)", "--purpose", "collection")]
    [InlineData("zh-CN", "--purpose（当时：未写，现在：collection）", "--purpose", "collection")]
    [InlineData("en", "--rule (was not said, is aliyun)", "--rule", "aliyun")]
    [InlineData("en", "--region (was not said, is CN)", "--region", "CN")]
    [InlineData("en", "--on-behalf-of (was not said, is acme)", "--on-behalf-of", "acme")]
    [InlineData("en", "--server (was http://127.0.0.1:", "--server", "http://localhost:1")]
    public async Task Verdicts_of_another_question_are_not_put_beside_those_of_the_first(
        string lang, string said, string option, string value)
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);
        byte[] part = File.ReadAllBytes(folder["out.csv.part"]);

        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Ended ended = await ledger.RunAsync(
            "scrub", input, "-o", folder["out.csv"], "--continue", option, value, "--lang", lang);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains("--continue", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
        Assert.Equal(part, File.ReadAllBytes(folder["out.csv.part"]));
    }

    [Fact]
    public async Task Verdicts_of_another_key_are_not_put_beside_those_of_the_first()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);
        byte[] random = new byte[AccessKey.RandomBytes];
        random[0] = 1;
        Dictionary<string, string?> environment = ledger.Environment;
        environment["NUMBERLEDGER_KEY"] = AccessKey.Make(random).Text;

        Ended ended = await CliProcess.RunAsync(environment, "scrub", input, "-o", folder["out.csv"], "--continue");

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("key (was 0000000000000000, is 0100000000000000)", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    public async Task A_part_of_which_nobody_knows_what_it_was_asked_is_not_gone_on_with(string? question)
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);
        string path = ScrubQuestion.PathOf(folder["out.csv.part"]);
        if (question is null) File.Delete(path);
        else File.WriteAllText(path, question);

        Ended ended = await ledger.RunAsync("scrub", input, "-o", folder["out.csv"], "--continue");

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("out.csv.part.question", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
    }

    [Fact]
    public async Task A_part_of_an_import_never_stands_beside_the_question_of_a_scrub()
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await InterruptAsync(ledger, folder, input, afterLines: 100);

        AnswerSink.ToFile(folder["out.csv"]).Dispose();

        Assert.False(File.Exists(ScrubQuestion.PathOf(folder["out.csv.part"])));
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
        await InterruptAsync(ledger, folder, input, afterLines: 10);
        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        await ledger.RunAsync("scrub", input, "-o", folder["whole.csv"]);
        byte[] answer = File.ReadAllBytes(folder["whole.csv"]);
        File.WriteAllBytes(folder["out.csv.part"], answer);

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

        var failure = Assert.Throws<CliFailure>(() => ScrubPart.Read(
            order, ScrubQuestion.Of(order, new Uri("http://127.0.0.1"), FakeLedger.Key), later, Lang.English));

        Assert.Contains("too old", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--continue")]
    public async Task A_part_that_another_run_still_writes_is_left_alone(params string[] more)
    {
        using var folder = new TemporaryFolder();
        string input = Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        var scrub = new FakeScrub { HangAfter = 100 };
        ledger.On("POST /v1/scrubs", scrub.AnswerAsync);
        await using CliProcess first = CliProcess.Start(ledger.Environment, "scrub", input, "-o", folder["out.csv"]);
        await scrub.Hanging.Task;
        await HasBegunAsync(folder["out.csv.part"]);

        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Ended ended = await ledger.RunAsync(["scrub", input, "-o", folder["out.csv"], .. more]);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("out.csv.part is in use", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
        Assert.True(File.Exists(folder["out.csv.part"]));
        Assert.True(File.Exists(folder["out.csv.part.question"]));
    }

    /// <summary>What the server has flushed is not yet what the program has taken: a line beside the header.</summary>
    private static async Task HasBegunAsync(string path)
    {
        var part = new FileInfo(path);
        while (!part.Exists || part.Length <= $"{Campaign.Header},{FakeScrub.Columns}\n".Length)
        {
            await Task.Yield();
            part.Refresh();
        }
    }

    private static async Task InterruptAsync(FakeLedger ledger, TemporaryFolder folder, string input, int afterLines)
    {
        var scrub = new FakeScrub { HangAfter = afterLines };
        ledger.On("POST /v1/scrubs", scrub.AnswerAsync);
        await using CliProcess program = CliProcess.Start(ledger.Environment, "scrub", input, "-o", folder["out.csv"]);
        await scrub.Hanging.Task;
        await HasBegunAsync(folder["out.csv.part"]);
        program.Interrupt();
        Ended ended = await program.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, ended.ExitCode);
        Assert.Contains("--continue", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
    }
}
