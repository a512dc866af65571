using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.OpenApi;

namespace NumberLedger.Api.Tests.Problems;

/// <summary>docs/reference/errors.md has what the code can say, no more and no less.</summary>
public sealed class ProblemTests(ApiHost host)
{
    private const string Path = "docs/reference/errors.md";
    private const string Begin = "<!-- codes: from the code, by NUMBERLEDGER_DOCS=write ./test api -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void The_table_of_codes_is_that_of_the_code()
    {
        string page = CommittedFile.Read(Path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, begin, StringComparison.Ordinal);

        CommittedFile.AssertIs(Path, page[..begin] + Table() + page[end..]);
    }

    [Fact]
    public void Every_refusal_of_the_ledger_has_a_problem_named_like_it()
    {
        Assert.All(Enum.GetValues<Refusal>(), refusal =>
        {
            Assert.Equal(ProblemKind.CodeOf(refusal), ProblemCatalog.Of(refusal).Code);
            Assert.Contains(ProblemCatalog.Of(refusal), ProblemCatalog.All);
        });
        Assert.All(
            Enum.GetValues<PhoneNumberFault>().Where(fault => fault is not PhoneNumberFault.None),
            fault => Assert.Equal(
                "number-" + ProblemKind.CodeOf(fault), ProblemCatalog.Of(fault).Code));
    }

    [Fact]
    public void Every_code_is_said_once_and_says_what_to_do()
    {
        Assert.Equal(
            ProblemCatalog.All.Length, ProblemCatalog.All.Select(kind => kind.Code).Distinct().Count());
        Assert.All(ProblemCatalog.All, kind =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", kind.Code);
            Assert.EndsWith(".", kind.Title, StringComparison.Ordinal);
            Assert.NotEqual("", kind.Remedy);
            Assert.Equal(
                kind.Status is 429 or 503 || kind == ProblemCatalog.IdempotencyKeyInUse, kind.Retry is Retry.Later);
            Assert.Equal(kind.Status is 500, kind.Retry is Retry.WithSameKey);
        });
    }

    [Fact]
    public async Task The_codes_of_the_document_are_in_the_table_of_CAMARA()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();
        string page = CommittedFile.Read(Path);
        string[] rows =
        [
            .. Regex.Matches(page, @"^\| `(?<code>[A-Z_]+)` \| (?<status>\d+) \|", RegexOptions.Multiline)
                .Select(row => $"{row.Groups["status"].Value} {row.Groups["code"].Value}").Distinct(),
        ];

        string[] told =
        [
            .. operations["POST /number-recycling/v0.2/check"]["responses"]!.AsObject()
                .Where(answer => answer.Key is not "200")
                .SelectMany(answer => ((string)answer.Value!["description"]!).Split(", ")
                    .Select(code => $"{answer.Key} {code}")),
            "404 NOT_FOUND", "405 METHOD_NOT_ALLOWED", // Of addresses and methods that the document does not have.
        ];

        Assert.Equal(told.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static string Table()
    {
        var table = new StringBuilder("| code | status | what it means | what to do | again? |\n|---|---:|---|---|---|\n");
        foreach (ProblemKind kind in ProblemCatalog.All)
        {
            string again = kind.Retry switch
            {
                Retry.Later => "later",
                Retry.WithSameKey => "same key",
                _ => "no",
            };
            table.Append($"| `{kind.Code}` | {kind.Status} | {kind.Title} | {kind.Remedy} | {again} |\n");
        }

        return table.ToString();
    }
}
