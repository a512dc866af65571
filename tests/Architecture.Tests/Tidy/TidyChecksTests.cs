namespace NumberLedger.Architecture.Tidy;

/// <summary>Every check finds what it is for, at the right line, and leaves its neighbour alone.</summary>
public class TidyChecksTests
{
    private static readonly string Wide = new('x', TidyChecks.ColumnsMax);
    private static readonly string Long = string.Concat(Enumerable.Repeat("x\n", TidyChecks.SourceLinesMax));

    /// <summary>A check, a file that it must complain about, and the line.</summary>
    public static TheoryData<string, string, string, int> Found => new()
    {
        { "LineWidth", "src/A.cs", $"{Wide}\n{Wide}x\n", 2 },
        { "LineWidth", "src/A.cs", $"F(\"a\", {Wide}, \"b\");\n", 1 },
        { "LineWidth", "src/A.cs", $"F(\"{Wide}\", x);\n", 1 },
        { "FileLength", "src/A.cs", Long + "x\n", 401 },
        { "Tabs", "tests/A.cs", "a\n\tb\n", 2 },
        { "Unfinished", "run", "a\n# TO" + "DO: b\n", 2 },
        { "Unfinished", "docs/a.md", "FIX" + "ME\n", 1 },
        { "Unfinished", "src/A.cs", "throw new Not" + "ImplementedException();\n", 1 },
        { "SomebodysMachine", "docs/a.md", "a\nsee /ho" + "me/alice/ledger\n", 2 },
        { "SomebodysMachine", "bench/A.cs", "\"/wo" + "rk/x\"\n", 1 },
        { "SomebodysMachine", "a.json", "http://10." + "0.0.1/feed\n", 1 },
        { "OneTitle", "docs/a.md", "# A\n\n# B\n", 3 },
        { "OneTitle", "docs/a.md", "no title\n", 0 },
        { "DeadLinks", "docs/a.md", "# A\n[b](no-such-file.md)\n", 2 },
        { "BannedCalls", "src/Api/A.cs", "a\nvar now = DateTime.UtcNow;\n", 2 },
        { "BannedCalls", "src/Api/A.cs", "var now = DateTimeOffset.Now;\n", 1 },
        { "BannedCalls", "src/Api/A.cs", "Send(\"http://a\", DateTimeOffset.UtcNow);\n", 1 },
        { "BannedCalls", "src/Stores/A.cs", "Thread.Sleep(1);\n", 1 },
        { "BannedCalls", "src/Ledger/A.cs", "void F(TimeProvider clock);\n", 1 },
        { "BannedCalls", "src/Ledger/A.cs", "RandomNumberGenerator.Fill(salt);\n", 1 },
        { "BannedCalls", "src/Ledger/A.cs", "Random.Shared.Next();\n", 1 },
        { "BannedCalls", "src/Ledger/A.cs", "Guid.NewGuid();\n", 1 },
        { "BannedCalls", "src/Ledger/A.cs", "HttpClient client;\n", 1 },
    };

    public static TheoryData<string, string, string> Fine => new()
    {
        { "LineWidth", "src/A.cs", Wide + "\n" },
        { "LineWidth", "src/A.cs", $"F(x, \"a\", \"{Wide}\");\n" },
        { "LineWidth", "src/A.cs", $"F(\"\"\"{{\"a\":\"{Wide}\"}}\"\"\"),\n" },
        { "LineWidth", "src/A.cs", $"    {{\"a\":\"{Wide}\"}}\n" },
        { "LineWidth", "docs/a.md", $"# {Wide}\n" },
        { "FileLength", "src/A.cs", Long },
        { "FileLength", "tests/A.cs", Long + "x\n" },
        { "Tabs", "Makefile", "\tb\n" },
        { "Unfinished", "docs/a.md", "a mastodon; todos\n" },
        { "SomebodysMachine", "docs/a.md", "/var/lib/ledger, ~/work/ledger, http://127.0.0.1:5080\n" },
        { "OneTitle", "docs/a.md", "# A\n```\n# a comment\n```\n## B\n" },
        { "DeadLinks", "README.md", "[a](src/Ledger) [b](https://example.com/no-such) [c](#here) [d](run#l1)\n" },
        { "BannedCalls", "src/Api/A.cs", "// not DateTime.UtcNow\nclock.GetUtcNow(); // Thread.Sleep\n" },
        { "BannedCalls", "src/Stores/A.cs", "RandomNumberGenerator.Fill(salt); // a store may\n" },
        { "BannedCalls", "tests/A.cs", "DateTime.UtcNow\n" },
    };

    [Theory, MemberData(nameof(Found))]
    public void A_check_finds_what_it_is_for(string check, string path, string text, int line)
    {
        Finding finding = Assert.Single(TidyChecks.All[check](new SourceFile(path, text)));

        Assert.Equal((path, line), (finding.File, finding.Line));
        Assert.Matches(@"^\S+:\d+: .+ Remedy: .+", finding.ToString());
    }

    [Theory, MemberData(nameof(Fine))]
    public void A_check_leaves_the_rest_alone(string check, string path, string text) =>
        Assert.Empty(TidyChecks.All[check](new SourceFile(path, text)));

    [Fact]
    public void Every_check_has_an_example_that_it_finds() =>
        Assert.Empty(TidyChecks.All.Keys.Except(Found.Select(row => row.Data.Item1)));
}
