namespace NumberLedger.Api;

/// <summary>What the document says of the jobs of one kind of file.</summary>
internal sealed record JobOperations(
    Operation List, Operation Get, Operation Events, Operation Results, Operation Delete)
{
    private const string Running = """
        "status":"running","createdAt":"2026-08-01T09:30:00.000+00:00","bytes":214000000,"bytesRead":107000000,
        """;

    private static readonly Operation.Parameter Id = new(
        "id", "path", "The job's id.", new FieldSchema("string"), "job_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e");

    public static JobOperations Of(FileKind kind) => kind switch
    {
        FileKind.Scrub => Make(kind, "Scrub", "scrub", Scopes.CheckNumbers),
        FileKind.CarrierFile => Make(kind, "CarrierFile", "carrier file", Scopes.WriteCarrierEvents),
        _ => Make(kind, "BindingFile", "binding file", Scopes.WriteBindings),
    };

    /// <summary>Of the call that sends the file.</summary>
    public static Operation.Answer Accepted(FileKind kind) => new(
        202, "With async: the job; Location has its address.", typeof(JobResponse),
        $$"""{"id":"{{Id.Example}}","kind":"{{Words<FileKind>.Of(kind)}}","status":"queued","createdAt":"2026-08-01T09:30:00.000+00:00","bytes":214000000,"bytesRead":0,"rows":0,"counts":{} }""");

    private static JobOperations Make(FileKind kind, string name, string words, string scope)
    {
        string counts = kind is FileKind.Scrub
            ? """{"allow":3100000,"deny":1700000,"unknown":200000,"bad":0,"reason.reassigned":1700000}"""
            : """{"recorded":4999000,"duplicate":0,"refused":1000,"code.number-too-short":1000}""";
        string job = $$"""{"id":"{{Id.Example}}","kind":"{{Words<FileKind>.Of(kind)}}",{{Running}}"rows":5000000,"counts":{{counts}},"rowsPerSecond":4100000,"secondsLeft":1.2}""";
        return new(
            new($"get{name}s", "Files", $"List your {words} jobs.", "Those that have not ended, and those that ended less than seven days ago.")
            {
                Scope = scope,
                Answers = [new(200, "The latest first.", typeof(JobList), $$"""{"jobs":[{{job}}]}""")],
            },
            new($"get{name}", "Files", $"How far is a {words} job?", "Counts are those of the lines that are answered so far.")
            {
                Scope = scope,
                Parameters = [Id],
                Answers = [new(200, "The job.", typeof(JobResponse), job)],
                Problems = [ProblemCatalog.JobUnknown],
            },
            new($"get{name}Events", "Files", $"Follow a {words} job.",
                "Server-sent events, each with the job as its data: progress, twice a second while it moves; end, when it has ended, "
                + "and the stream ends with it. Of a job that ended before, end comes at once.")
            {
                Scope = scope,
                Parameters = [Id],
                Answers =
                [
                    new(200, "Events until the end.")
                    {
                        Text = (JobEvents.MediaType, $"event: progress\ndata: {job}\n\n"),
                    },
                ],
                Problems = [ProblemCatalog.JobUnknown],
            },
            new($"get{name}Results", "Files", $"Take the answer of a {words} job.",
                "What the file would have been answered with at once, trailer included. Can be taken again.")
            {
                Scope = scope,
                Parameters = [Id],
                Answers =
                [
                    new(200, "The answer; its last line is the trailer.")
                    {
                        File = (kind is FileKind.Scrub ? FileOperations.Scrub : FileOperations.Carrier).Answers[0].File,
                    },
                ],
                Problems = [ProblemCatalog.JobUnknown, ProblemCatalog.JobUnfinished, ProblemCatalog.JobFailed],
            },
            new($"delete{name}", "Files", $"Cancel and delete a {words} job.",
                "Its file and its answer are deleted too. What a file has recorded until then stands.")
            {
                Scope = scope,
                IsWrite = true,
                Parameters = [Id],
                Answers = [new(204, "Gone.")],
                Problems = [ProblemCatalog.JobUnknown],
            });
    }
}
