using System.Xml.Linq;

namespace NumberLedger.Architecture.References;

/// <summary>Who may reference whom. Read it as the architecture; change it only with an ADR.</summary>
public class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Ledger"] = [],
        ["Grains.Interfaces"] = ["Ledger"],
        ["Grains"] = ["Grains.Interfaces", "Ledger"],
        ["Stores"] = ["Ledger"],
        ["Api"] = ["Grains.Interfaces", "Ledger"],
        ["Cli"] = ["Ledger"],
        ["Silo"] = ["Api", "Grains", "Stores"],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Repository.Full("src")).Select(folder => Path.GetFileName(folder))];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        string path = $"src/{project}/{project}.csproj";

        Finding.AssertNone(Judge(project, path, File.ReadAllLines(Repository.Full(path))));
    }

    [Fact]
    public void The_ledger_has_no_package_and_no_framework_but_the_base_library() =>
        Assert.DoesNotContain(
            XDocument.Load(Repository.Full("src/Ledger/Ledger.csproj")).Descendants(),
            element => element.Name.LocalName is "PackageReference" or "FrameworkReference" or "Reference");

    [Fact]
    public void Every_project_is_built_by_the_solution_and_has_a_lock_file()
    {
        string solution = File.ReadAllText(Repository.Full("NumberLedger.sln"));
        IReadOnlyList<string> tracked = Repository.TrackedFiles();

        Finding.AssertNone(
            from path in tracked
            where path.EndsWith(".csproj", StringComparison.Ordinal)
            from finding in JudgeProject(path, solution, tracked)
            select finding);
    }

    [Fact]
    public void A_reference_outside_the_table_is_found_with_its_line()
    {
        string[] project = ["<Project>", """  <ProjectReference Include="../Stores/Stores.csproj" />""", "</Project>"];

        Finding finding = Assert.Single(Judge("Api", "src/Api/Api.csproj", project));

        Assert.Equal(2, finding.Line);
        Assert.Contains("Api must not reference Stores", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_without_a_row_is_found() =>
        Assert.Single(Judge("Core", "src/Core/Core.csproj", ["<Project />"]));

    [Fact]
    public void A_project_outside_the_solution_or_without_a_lock_file_is_found() =>
        Assert.Equal(2, JudgeProject("src/Core/Core.csproj", solution: "", tracked: ["src/Core/Core.csproj"]).Count());

    private static IEnumerable<Finding> Judge(string project, string path, string[] lines)
    {
        if (!Allowed.TryGetValue(project, out string[]? allowed))
        {
            return [new Finding(path, 0, $"{project} has no row in the table.", "add one, with an ADR that says why.")];
        }

        return from element in XDocument.Parse(string.Join('\n', lines), LoadOptions.SetLineInfo).Descendants()
               where element.Name.LocalName == "ProjectReference"
               let target = Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value)
               where !allowed.Contains(target)
               select new Finding(
                   path,
                   ((System.Xml.IXmlLineInfo)element).LineNumber,
                   $"{project} must not reference {target}.",
                   $"it may reference: {string.Join(", ", allowed.DefaultIfEmpty("nothing"))}.");
    }

    private static IEnumerable<Finding> JudgeProject(string path, string solution, IReadOnlyList<string> tracked)
    {
        if (!solution.Contains(path.Replace('/', '\\'), StringComparison.Ordinal))
        {
            yield return new Finding(path, 0, "Nobody builds it.", $"dotnet sln NumberLedger.sln add {path}");
        }

        string lockFile = Path.GetDirectoryName(path) + "/packages.lock.json";
        if (!tracked.Contains(lockFile))
        {
            yield return new Finding(path, 0, "Its packages are not locked.", $"git add {lockFile}");
        }
    }
}
