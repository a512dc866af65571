namespace NumberLedger.Bench.Compare;

/// <summary>The fastest that we could make PostgreSQL on two cores; see sql/tuned-out.sql for how.</summary>
internal sealed class TunedPostgres : IDisposable
{
    /// <summary>Numbers of +1 have 11 digits, those of +86 have 13: half and half.</summary>
    private const string Low = "< 100000000000", High = ">= 100000000000";

    private readonly PostgresCluster _cluster;
    private readonly string _folder;

    public TunedPostgres(string folder, string numbers, string bindings)
    {
        _folder = folder;
        _cluster = new PostgresCluster(Path.Combine(folder, "postgres-tuned"), PostgresCluster.Tuned);
        _cluster.Run(PostgresScripts.Make(folder, "tables", ("numbers", numbers), ("bindings", bindings)));
        string views = PostgresScripts.View("verdicts_low", "tuned-from", ("range", Low))
            + PostgresScripts.View("verdicts_high", "tuned-from", ("range", High));
        _cluster.Run(PostgresScripts.Make(folder, "tuned-setup", ("verdicts", views)));
        _cluster.Run(PostgresScripts.Make(folder, "carrier-setup"));
    }

    /// <summary>The answers come in two files, as each session writes one.</summary>
    public void Scrub(string questions)
    {
        _cluster.Run(PostgresScripts.Make(_folder, "tuned-in", ("questions", questions)));
        _cluster.RunAtOnce(
            PostgresScripts.Make(_folder, "tuned-out", ("half", "low"), ("answers", AnswersOf("low"))),
            PostgresScripts.Make(_folder, "tuned-out", ("half", "high"), ("answers", AnswersOf("high"))));
    }

    public void JoinAnswers(string answers) => File.WriteAllBytes(
        answers, [.. File.ReadAllBytes(AnswersOf("low")), .. File.ReadAllBytes(AnswersOf("high"))]);

    public void Report(string events) =>
        _cluster.Run(PostgresScripts.Make(_folder, "carrier", ("events", events)));

    public void ReportState(string events) =>
        _cluster.Run(PostgresScripts.Make(_folder, "carrier-state", ("events", events)));

    public void Dispose() => _cluster.Dispose();

    private string AnswersOf(string half) => Path.Combine(_cluster.Folder, half + ".csv");
}
