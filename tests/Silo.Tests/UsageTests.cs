using System.CommandLine;

namespace NumberLedger.Silo.Tests;

/// <summary>A mistake on the command line is told in a sentence, before anything is made.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("2026-13-01")]
    [InlineData("06/01/2026")]
    [InlineData("2025-12-31")]
    public async Task A_sample_ends_on_a_day_that_there_is(string today)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string error) = await RunAsync(
            SeedCommand.Create(), "--out", folder["sample"], "--today", today);

        Assert.Equal(1, exitCode);
        Assert.Contains("--today takes a day, 2026-01-01 or later.", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:99999")]
    public async Task The_API_listens_at_an_address_that_there_can_be(string urls)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string error) = await RunAsync(
            ServeCommand.Create(), "--data", folder["data"], "--urls", urls);

        Assert.Equal(1, exitCode);
        Assert.Contains("--urls takes one address", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(Command command, params string[] args)
    {
        (var output, var error) = (new StringWriter(), new StringWriter());
        int exitCode = await command.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, error.ToString());
    }
}
