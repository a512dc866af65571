namespace NumberLedger.Architecture.References;

/// <summary>What each assembly must do without, proved on what the compiler made of it.</summary>
public class PurityTests
{
    /// <summary>Assembly names, by how they begin, that an assembly must not use.</summary>
    public static TheoryData<string, string[]> Layers => new()
    {
        { "NumberLedger.Grains.Interfaces", ["Microsoft.AspNetCore", "Microsoft.Data", "Npgsql", "Azure"] },
        { "NumberLedger.Grains", ["Microsoft.AspNetCore", "Microsoft.Data", "Npgsql", "Azure", "NumberLedger.Stores"] },
        { "NumberLedger.Stores", ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore"] },
        {
            "numberledger-cli",
            ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Microsoft.Data", "NumberLedger.Grains", "NumberLedger.Stores"]
        },
        { "NumberLedger.Api", ["Microsoft.Data", "Npgsql", "Azure", "NumberLedger.Stores", "Orleans.Runtime"] },
    };

    public static TheoryData<string> Product =>
    [
        "NumberLedger.Ledger", "NumberLedger.Grains.Interfaces", "NumberLedger.Grains", "NumberLedger.Stores",
        "NumberLedger.Api", "numberledger", "numberledger-cli",
    ];

    private static readonly string[] Clocks =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Threading.Thread.Sleep",
    ];

    /// <summary>Types of the base library that bring something into a result that was not an argument.</summary>
    private static readonly string[] Impure =
    [
        "System.TimeProvider", "System.Diagnostics.Stopwatch",
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator",
        "System.IO.File", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.Directory", "System.Console",
        "System.Net.Http.HttpClient", "System.Net.Sockets.Socket", "System.Threading.Thread", "System.Threading.Timer",
    ];

    [Fact]
    public void The_ledger_is_built_on_the_base_library_only() =>
        Assert.All(CompiledAssembly.Read("NumberLedger.Ledger").Assemblies, name => Assert.StartsWith("System.", name));

    [Fact]
    public void The_ledger_has_no_clock_no_randomness_no_files_and_no_network()
    {
        CompiledAssembly ledger = CompiledAssembly.Read("NumberLedger.Ledger");

        Assert.Empty(ledger.Types.Intersect(Impure));
        Assert.Empty(ledger.Members.Intersect(["System.Guid.NewGuid", "System.Guid.CreateVersion7"]));

        // Every iterator asks for its thread, to hand out one enumerator only; nothing else may ask for anything.
        Assert.DoesNotContain(
            ledger.Members.Except(["System.Environment.get_CurrentManagedThreadId"]),
            member => member.StartsWith("System.Environment.", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Layers))]
    public void A_layer_does_without_the_libraries_of_the_others(string assembly, string[] forbidden) =>
        Assert.DoesNotContain(
            CompiledAssembly.Read(assembly).Assemblies,
            name => forbidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Product))]
    public void Nobody_asks_the_system_clock_or_sleeps(string assembly) =>
        Assert.Empty(CompiledAssembly.Read(assembly).Members.Intersect(Clocks));

    [Fact]
    public void What_an_assembly_uses_is_seen()
    {
        // These tests use all of it themselves.
        Assert.True(DateTime.UtcNow > DateTime.UnixEpoch && Random.Shared.Next() >= 0);
        CompiledAssembly tests = CompiledAssembly.Read("NumberLedger.Architecture.Tests");

        Assert.Contains("System.DateTime.get_UtcNow", tests.Members);
        Assert.Contains("System.Random", tests.Types);
        Assert.Contains("xunit.v3.assert", tests.Assemblies);
    }
}
