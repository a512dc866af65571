namespace NumberLedger.Bench.Compare;

/// <summary>PostgreSQL as it comes, asked as one would ask it: copy in, analyze, join, copy out.</summary>
internal sealed class PlainPostgres : IDisposable
{
    private readonly PostgresCluster _cluster;
    private readonly string _folder;

    public PlainPostgres(string folder, string numbers, string bindings)
    {
        _folder = folder;
        _cluster = new PostgresCluster(Path.Combine(folder, "postgres-plain"), PostgresCluster.Plain);
        _cluster.Run(PostgresScripts.Make(folder, "tables", ("numbers", numbers), ("bindings", bindings)));
        _cluster.Run(PostgresScripts.Make(
            folder, "plain-setup", ("verdicts", PostgresScripts.View("verdicts", "plain-from"))));
    }

    public void Scrub(string questions, string answers) => _cluster.Run(
        PostgresScripts.Make(_folder, "plain", ("questions", questions), ("answers", answers)));

    public void Dispose() => _cluster.Dispose();
}
