namespace NumberLedger.Bench.Compare;

/// <summary>The scripts of sql/ with their places filled in.</summary>
internal static class PostgresScripts
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "sql");
    private static int _made;

    /// <returns>The path of the finished script, in a folder that psql can read.</returns>
    public static string Make(string folder, string name, params (string Place, string Value)[] places)
    {
        string text = File.ReadAllText(Path.Combine(Folder, name + ".sql"));
        foreach ((string place, string value) in places) text = text.Replace($"{{{place}}}", value);
        string path = Path.Combine(folder, $"{name}-{Interlocked.Increment(ref _made)}.sql");
        File.WriteAllText(path, text);
        return path;
    }

    public static string View(string name, string from, params (string Place, string Value)[] places)
    {
        string text = File.ReadAllText(Path.Combine(Folder, "verdict.sql"))
            .Replace("{view}", name)
            .Replace("{from}", File.ReadAllText(Path.Combine(Folder, from + ".sql")).Trim());
        foreach ((string place, string value) in places) text = text.Replace($"{{{place}}}", value);
        return text;
    }
}
