using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NumberLedger.Api.Tests.Access;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.OpenApi;

/// <summary>docs/reference/api.md tells of every call, and of everything that a call takes.</summary>
public sealed class ApiPageTests(ApiHost host)
{
    private const string Path = "docs/reference/api.md";

    [Fact]
    public async Task Every_call_has_a_section_and_every_section_a_call()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        Assert.Equal(
            operations.Keys.Order(StringComparer.Ordinal), Sections().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_section_names_the_scope_the_parameters_the_members_and_the_good_answers()
    {
        ServedDocument document = await ServedDocument.ReadAsync(host);
        Dictionary<string, string> sections = Sections();

        string[] missing =
        [
            .. document.Operations().SelectMany(operation => Expected(document, operation.Key, operation.Value)
                .Where(text => !sections[operation.Key].Contains(text, StringComparison.Ordinal))
                .Select(text => $"{operation.Key}: {text}")),
        ];

        Assert.Empty(missing);
    }

    [Fact]
    public void The_roles_have_the_scopes_that_their_keys_have()
    {
        string page = CommittedFile.Read(Path);

        Assert.All(AccessTable.Roles, role =>
        {
            IEnumerable<string> scopes = Scopes.Of(Enum.Parse<PartyRole>(role, ignoreCase: true));
            Assert.Contains(
                $"| {role} | {string.Join(' ', scopes.Select(scope => $"`{scope}`"))} |\n", page,
                StringComparison.Ordinal);
        });
    }

    /// <summary>The text below each heading that is a call.</summary>
    private static Dictionary<string, string> Sections() => Regex
        .Matches(CommittedFile.Read(Path), @"^### `(?<call>[A-Z]+ [^`]+)`\n(?<text>.*?)(?=^##|\z)",
            RegexOptions.Multiline | RegexOptions.Singleline)
        .ToDictionary(section => section.Groups["call"].Value, section => section.Groups["text"].Value);

    private static IEnumerable<string> Expected(ServedDocument document, string name, JsonObject operation)
    {
        if (operation["security"]?[0]?["accessKey"]?[0] is { } scope) yield return $"cope `{scope}`";

        IEnumerable<string> parameters = (operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => (string)parameter!["in"]! == "query" && (string)parameter["name"]! != "region")
            .Select(parameter => (string)parameter!["name"]!);
        foreach (string member in (string[])[.. parameters, .. MembersOf(document, operation)])
        {
            yield return $"`{member}`";
        }

        foreach ((string status, _) in operation["responses"]!.AsObject())
        {
            if (status.StartsWith('2')) yield return status;
        }
    }

    /// <summary>Of the request; and of a carrier's event, which cannot be sent but in a list.</summary>
    private static IEnumerable<string> MembersOf(ServedDocument document, JsonObject operation)
    {
        JsonNode? schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        string[] names = (string)operation["operationId"]! == "postCarrierEvents"
            ? ["CarrierEventsRequest", "CarrierEventRequest"]
            : [.. schema is null ? [] : new[] { ((string)schema["$ref"]!).Split('/')[^1] }];
        return names.SelectMany(name =>
            document.Root["components"]!["schemas"]![name]!["properties"]!.AsObject().Select(member => member.Key));
    }
}
