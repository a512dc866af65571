namespace NumberLedger.Cli.Tests;

/// <summary>A key comes from where only its owner sees it.</summary>
public class KeySourceTests
{
    private static readonly string Key = FakeLedger.Key.Text;

    [Fact]
    public void A_file_of_mode_0600_is_read()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(Key, Source(Write(folder, Key + "\n")).Read().Text);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_could_see_is_refused_with_the_remedy(UnixFileMode others)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, Key);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | others);

        CliFailure failure = Assert.Throws<CliFailure>(() => Source(path).Read());

        Assert.Equal(ExitCodes.Usage, failure.ExitCode);
        Assert.Contains($"chmod 600 {path}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_with_several_one_is_chosen()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, $$$"""{"lender":{"party":"demo-lender","key":"{{{Key}}}"},"carrier":{"party":"c","key":"x"}}""");

        Assert.Equal(Key, Source(path, of: "lender").Read().Text);
        Assert.Contains(
            "lender, carrier", Assert.Throws<CliFailure>(() => Source(path).Read()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no key of auditor", Assert.Throws<CliFailure>(() => Source(path, of: "auditor").Read()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_precedence_over_the_environment()
    {
        using var folder = new TemporaryFolder();
        string other = AccessKey.Make(Enumerable.Repeat((byte)7, AccessKey.RandomBytes).ToArray()).Text;

        Assert.Equal(Key, (Source(Write(folder, Key)) with { Environment = _ => other }).Read().Text);
        Assert.Equal(other, (Source(null) with { Environment = _ => other }).Read().Text);
    }

    [Fact]
    public void A_key_with_a_typing_error_is_not_sent_nor_shown()
    {
        string wrong = Key[..^1] + (Key[^1] == '0' ? '1' : '0');

        CliFailure failure = Assert.Throws<CliFailure>(() => (Source(null) with { Environment = _ => wrong }).Read());

        Assert.Contains("checksum", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_both_ways_are_told() =>
        Assert.Contains(
            "NUMBERLEDGER_KEY", Assert.Throws<CliFailure>(() => Source(null).Read()).Message, StringComparison.Ordinal);

    private static KeySource Source(string? file, string? of = null) => new(file, of, _ => null, Lang.English);

    private static string Write(TemporaryFolder folder, string content)
    {
        string path = folder["key"];
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
