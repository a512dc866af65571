namespace NumberLedger.Architecture.Tidy;

/// <summary>The repository as it is, against <see cref="TidyChecks"/> and a few rules about files as a whole.</summary>
public class TidyTests
{
    private const long FileBytesMax = 5 * 1024 * 1024;

    public static TheoryData<string> Checks => [.. TidyChecks.All.Keys];

    [Theory, MemberData(nameof(Checks))]
    public void Every_text_file_is_tidy(string check) =>
        Finding.AssertNone(TextFiles().SelectMany(TidyChecks.All[check]));

    [Fact]
    public void No_file_is_large() => Finding.AssertNone(
        from path in Repository.TrackedFiles()
        let bytes = new FileInfo(Repository.Full(path)).Length
        where bytes > FileBytesMax
        select new Finding(
            path, 0, $"{bytes} bytes.", $"every clone carries it for ever: generate it, or keep to {FileBytesMax}."));

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void The_commands_can_be_run_from_a_fresh_clone(string command) =>
        Assert.Contains(command, Repository.ExecutableFiles());

    private static IEnumerable<SourceFile> TextFiles() =>
        from path in Repository.TrackedFiles()
        let bytes = File.ReadAllBytes(Repository.Full(path))
        where !bytes.Contains((byte)0) // git's own test for a binary file
        select new SourceFile(path, System.Text.Encoding.UTF8.GetString(bytes));
}
