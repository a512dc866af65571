using System.Diagnostics;

namespace NumberLedger.Bench.Compare;

/// <summary>The run: data, all sides, equality, rounds.</summary>
/// <remarks>What it starts it ends, whatever happens. Files of the day stay in the folder for the next run.</remarks>
internal sealed class Comparison(string folder, Sizes sizes, DateOnly today)
{
    private const int Port = 5093, PortOfOther = 5094;
    private const int SampleLines = 20_000;

    /// <summary>Of the first scrub after a start.</summary>
    public const int StartLines = 500;

    private readonly Population _population = new(sizes.Blocks, today);

    public Timings Timings { get; } = new();

    /// <summary>Of one core, and what is left of two: see <see cref="MeasurePhases"/>.</summary>
    public IReadOnlyList<Phase> Phases { get; private set; } = [];

    /// <summary>Of the server with the ledger of the table, after its rounds.</summary>
    public long ResidentBytes { get; private set; }

    public async Task RunAsync()
    {
        Step("Data");
        string numbers = Made("numbers.csv", path => DataFiles.WriteNumbers(_population, path));
        string bindings = Made("bindings.csv", path => DataFiles.WriteBindings(_population, path));
        string ledger = await LedgerOfAsync(sizes.Blocks);

        Step("PostgreSQL and Redis");
        using var plain = new PlainPostgres(folder, numbers, bindings);
        using var tuned = new TunedPostgres(folder, numbers, bindings);
        using (var redis = new RedisServer(Path.Combine(folder, "redis")))
        using (var server = new LedgerServer(ledger, Port))
        {
            var redisScrub = new RedisScrub(_population, redis.Socket);
            redisScrub.Load();

            Step("Equality");
            await CompareSampleAsync(server, plain, tuned, redisScrub);
            CompareAnswers(server, plain, tuned, redisScrub);

            Step("Scrubs");
            MeasureScrubs(server, plain, tuned, redisScrub);
            ResidentBytes = server.ResidentBytes;

            Step("Rate against file size");
            foreach (int lines in sizes.LinesPlotted) MeasureFileSize(server, tuned, redisScrub, lines);
        }

        Step("Where the time goes");
        MeasurePhases(ledger);

        Step("Rate against ledger size");
        foreach (int blocks in sizes.BlocksPlotted) await MeasureLedgerSizeAsync(ledger, blocks);

        Step("Start");
        MeasureStart(ledger);

        Step("Carrier files");
        MeasureCarrierFiles(ledger, tuned);
    }

    private static void Step(string name) => Console.WriteLine($"== {name}");

    /// <summary>By another way into the ledger: checks in batches of JSON.</summary>
    private async Task CompareSampleAsync(
        LedgerServer server, PlainPostgres plain, TunedPostgres tuned, RedisScrub redis)
    {
        await SingleChecks.RunAsync(server.Lender, Questions(SampleLines), Out("single"));
        plain.Scrub(Questions(SampleLines), Out("plain"));
        Answers.RequireEqual("checks one by one and PostgreSQL", SampleLines, Out("single"), Out("plain"));
        tuned.Scrub(Questions(SampleLines));
        tuned.JoinAnswers(Out("tuned"));
        Answers.RequireEqual("checks one by one and PostgreSQL, tuned", SampleLines, Out("single"), Out("tuned"));
        await SingleChecks.RunAsync(server.Lender, Dated(SampleLines), Out("single"));
        redis.Run(Dated(SampleLines), Out("redis"));
        Answers.RequireEqual("checks one by one and Redis", SampleLines, Out("single"), Out("redis"));
    }

    private void CompareAnswers(LedgerServer server, PlainPostgres plain, TunedPostgres tuned, RedisScrub redis)
    {
        foreach (int lines in (int[])[sizes.Lines, sizes.LinesMany])
        {
            server.Scrub(Questions(lines), Out("ledger"));
            plain.Scrub(Questions(lines), Out("plain"));
            Answers.RequireEqual("the ledger and PostgreSQL", lines, Out("ledger"), Out("plain"));
            CompareWithTuned("the ledger and PostgreSQL, tuned", server, tuned, lines);
        }

        server.Scrub(Dated(sizes.Lines), Out("ledger"));
        redis.Run(Dated(sizes.Lines), Out("redis"));
        Answers.RequireEqual("the ledger and Redis", sizes.Lines, Out("ledger"), Out("redis"));
    }

    private void CompareWithTuned(string what, LedgerServer server, TunedPostgres tuned, int lines)
    {
        server.Scrub(Questions(lines), Out("ledger"));
        tuned.Scrub(Questions(lines));
        tuned.JoinAnswers(Out("tuned"));
        Answers.RequireEqual(what, lines, Out("ledger"), Out("tuned"));
    }

    private void MeasureScrubs(LedgerServer server, PlainPostgres plain, TunedPostgres tuned, RedisScrub redis)
    {
        (string some, string many, string dated) =
            (Questions(sizes.Lines), Questions(sizes.LinesMany), Dated(sizes.Lines));
        Timings.Measure(sizes.Rounds, [
            ("ledger", () => server.Scrub(some, Out("ledger"))),
            ("plain", () => plain.Scrub(some, Out("plain"))),
            ("tuned", () => tuned.Scrub(some)),
            ("ledger-dated", () => server.Scrub(dated, Out("ledger"))),
            ("redis", () => redis.Run(dated, Out("redis"))),
            ("ledger-many", () => server.Scrub(many, Out("ledger"))),
            ("echo-many", () => server.Echo(many, Out("echo"))),
        ]);
    }

    private void MeasureFileSize(LedgerServer server, TunedPostgres tuned, RedisScrub redis, int lines)
    {
        (string questions, string dated) = (Questions(lines), Dated(lines));
        Timings.Measure(sizes.Rounds, [
            ($"file-{lines}-ledger", () => server.Scrub(questions, Out("ledger"))),
            ($"file-{lines}-echo", () => server.Echo(questions, Out("echo"))),
            ($"file-{lines}-tuned", () => tuned.Scrub(questions)),
            ($"file-{lines}-redis", () => redis.Run(dated, Out("redis"))),
        ]);
    }

    /// <summary>
    /// What the steps themselves take not of both cores' time goes into the rest: sockets, the kernel, curl, waiting.
    /// </summary>
    private void MeasurePhases(string ledger)
    {
        IReadOnlyList<Phase> steps = Compare.Phases.Measure(
            $"http://127.0.0.1:{Port}", ledger, Questions(sizes.LinesMany));
        double both = Timings.Median("ledger-many") / sizes.LinesMany * 1e9 * Environment.ProcessorCount;
        double rest = both - steps.Sum(step => step.NanosecondsPerLine);
        Phases = [.. steps, new Phase("the rest: sockets, kernel, curl", rest)];
    }

    /// <summary>Against the ledger of the table in turn, each in a server of its own.</summary>
    private async Task MeasureLedgerSizeAsync(string ledger, int blocks)
    {
        var population = new Population(blocks, today);
        string questions = Made(
            $"questions-{sizes.Lines}-of-{blocks}.csv",
            path => DataFiles.WriteQuestions(population, path, sizes.Lines));
        string own = Questions(sizes.Lines);
        using var server = new LedgerServer(ledger, Port);
        using var other = blocks == sizes.Blocks ? null : new LedgerServer(await LedgerOfAsync(blocks), PortOfOther);
        LedgerServer asked = other ?? server;
        for (int i = 0; i < 3; i++) // Indexes are there, and the compiler is warm.
        {
            server.Scrub(own, Out("ledger"));
            asked.Scrub(questions, Out("other"));
        }

        Timings.Measure(sizes.Rounds, [
            ($"size-{blocks}-base", () => server.Scrub(own, Out("ledger"))),
            ($"size-{blocks}", () => asked.Scrub(questions, Out("other"))),
        ]);
    }

    /// <summary>In a copy, so that the ledger of the table stays as it was made.</summary>
    private void MeasureCarrierFiles(string ledger, TunedPostgres tuned)
    {
        string copy = ledger + "-reported";
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Child.Run("cp", "--recursive", ledger, copy);
        using var server = new LedgerServer(copy, Port);
        CompareWithTuned("before the events", server, tuned, sizes.Lines);
        string[] events = [.. Enumerable.Range(0, sizes.Rounds).Select(Events)];
        Timings.Measure(sizes.Rounds, [
            ("events-ledger", round => server.Report(events[round], Out("reported"))),
            ("events-tuned", round => tuned.Report(events[round])),
            ("events-tuned-state", round => tuned.ReportState(events[round])),
        ]);
        CompareWithTuned("after the events", server, tuned, sizes.Lines);
        Child.Run("rm", "--recursive", copy);
    }

    /// <summary>From the start of the process to the last answer of a first small scrub, over all blocks.</summary>
    private void MeasureStart(string ledger)
    {
        string few = Questions(StartLines);
        for (int round = 0; round < sizes.Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            using var server = new LedgerServer(ledger, Port);
            Timings.Add("start-ready", clock.Elapsed.TotalSeconds);
            server.Scrub(few, Out("ledger"));
            Timings.Add("start-answered", clock.Elapsed.TotalSeconds);
        }
    }

    private async Task<string> LedgerOfAsync(int blocks)
    {
        string path = Path.Combine(folder, $"ledger-{blocks}-{today:yyyy-MM-dd}");
        if (Directory.Exists(path)) return path;

        string half = path + "-unfinished";
        if (Directory.Exists(half)) Directory.Delete(half, recursive: true);
        Console.WriteLine($"  filling {path}");
        await LedgerFolder.FillAsync(half, new Population(blocks, today));
        Directory.Move(half, path);
        return path;
    }

    private string Questions(int lines) =>
        Made($"questions-{lines}.csv", path => DataFiles.WriteQuestions(_population, path, lines));

    private string Dated(int lines) =>
        Made($"dated-{lines}.csv", path => DataFiles.WriteDatedQuestions(_population, path, lines));

    private string Events(int round) =>
        Made($"events-{round}.csv", path => DataFiles.WriteCarrierEvents(_population, path, sizes.Lines, round));

    private string Out(string side) => Path.Combine(folder, side + ".out");

    /// <summary>The file of the day, made if it is not there yet.</summary>
    private string Made(string name, Action<string> write)
    {
        string path = Path.Combine(folder, $"{today:yyyy-MM-dd}-{sizes.Blocks}-{name}");
        if (File.Exists(path)) return path;

        write(path + ".part");
        File.Move(path + ".part", path);
        return path;
    }
}
