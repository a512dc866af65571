namespace NumberLedger.Bench.Compare;

/// <summary>What it was measured on, and with.</summary>
internal static class Machine
{
    public static Dictionary<string, string> Describe() => new()
    {
        ["processor"] = Field("/proc/cpuinfo", "model name"),
        ["cores"] = $"{Environment.ProcessorCount}",
        ["memory"] = $"{long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0]) / (1024 * 1024)} GiB",
        ["dotnet"] = $"{Environment.Version}",
        ["postgresql"] = Child.Run("psql", "--version").Trim(),
        ["redis"] = Child.Run("redis-server", "--version").Split(' ')[2],
    };

    private static string Field(string file, string name) => File.ReadLines(file)
        .First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
