using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NumberLedger.Grains;
using NumberLedger.Silo;
using NumberLedger.Stores;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// The program with a mistake in it, as somebody might make one: what finds nothing in it finds nothing at all.
/// </summary>
internal static class SeededBug
{
    public const string SkipsTheHeadCheck = "skips-the-head-check";
    public const string AcknowledgesBeforeCommit = "acknowledges-before-commit";
    public const string TakesConflictsForAppends = "takes-conflicts-for-appends";
    public const string ForgetsCommands = "forgets-commands";
    public const string IgnoresLateEvents = "ignores-late-events";
    public const string AllowsWhenTheStoreFails = "allows-when-the-store-fails";
    public const string NumbersBeforeCommit = "numbers-before-commit";
    public const string ReadsRowsBeforeTheHead = "reads-rows-before-the-head";
    public const string AppliesWhatIsOlder = "applies-what-is-older";
    public const string ForgetsWhoAsks = "forgets-who-asks";
    public const string TakesTimeoutsForNo = "takes-timeouts-for-no";

    public const string NeverSyncs = "never-syncs";
    public const string NeverCompares = "never-compares";

    /// <summary>No mistake: of some appends the answer does not come, and a sound ledger lives with it.</summary>
    public const string LosesAnswers = "loses-answers";

    /// <summary>No mistake of the program's: its machine's clock is wrong.</summary>
    public const string AnHourAhead = "an-hour-ahead";

    /// <inheritdoc cref="AnHourAhead"/>
    public const string AnHourBehind = "an-hour-behind";

    /// <summary>Those that a cluster shows, each with all that it must be found by.</summary>
    public static (string Bug, string[] FoundBy)[] OfClusters { get; } =
    [
        (SkipsTheHeadCheck, ["wrong allow, after an end"]), (AcknowledgesBeforeCommit, ["wrong allow, after an end"]),
        (TakesConflictsForAppends, ["is lost"]), (ForgetsCommands, ["sent again, was refused"]),
        (IgnoresLateEvents, ["is lost"]), (AllowsWhenTheStoreFails, ["wrong allow, after an end"]),
        (NumbersBeforeCommit, ["not what stands at its position", "Nothing, or two, at position"]),
        (ReadsRowsBeforeTheHead, ["not what stands at its position"]),
        (AppliesWhatIsOlder, ["not what stands at its position"]),
        (ForgetsWhoAsks, ["allow, before anything was bound"]), (TakesTimeoutsForNo, ["was refused, and stands there"]),
    ];

    /// <summary>How the program with that bug is called; its arguments follow as those of the real one do.</summary>
    public static string[] Program(string bug) =>
        [Path.Combine(AppContext.BaseDirectory, typeof(SeededBug).Assembly.GetName().Name!), "child", bug];

    public static async Task<int> ServeAsync(string bug, string url, string data)
    {
        if (bug is NeverCompares) AcceptWhateverIsThere(data);
        await using WebApplication app = LedgerHost.Build(
            new ServeOptions(url, data, ServeOptions.DefaultKeysOut(data)), builder => Seed(builder.Services, bug));
        if (bug is NeverSyncs)
        {
            // Nobody writes yet.
            SqliteConnections.Execute(
                app.Services.GetRequiredService<SqliteLedgerStore>().Connection, "PRAGMA synchronous = OFF");
        }

        await app.StartAsync();
        Console.WriteLine($"NumberLedger serves at {app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>As if there were no checkpoint to compare with.</summary>
    private static void AcceptWhateverIsThere(string data)
    {
        if (File.Exists(Path.Combine(data, "ledger.db")))
        {
            SqliteLedgerStore.AcceptLoss(data, MasterKeyFile.LoadOfLedger(data));
        }
    }

    private static void Seed(IServiceCollection services, string bug)
    {
        switch (bug)
        {
            case SkipsTheHeadCheck:
                services.AddSingleton<IBlockReader>(provider => new BelievingReader(
                    provider.GetRequiredService<BlockReplicas>(), RealReader(provider)));
                return;
            case AllowsWhenTheStoreFails:
                services.AddSingleton<IBlockReader>(provider => new AllowingReader(RealReader(provider)));
                services.AddSingleton<IRegistryReader>(provider => new LastRegistry(
                    provider.GetRequiredService<RegistryReplica>()));
                return;
            case ForgetsWhoAsks:
                services.AddSingleton<IBlockReader>(provider => new CachingReader(RealReader(provider)));
                return;
            case ReadsRowsBeforeTheHead:
                services.AddSingleton<IBlockReader, RowsFirstReader>();
                return;
            case AppliesWhatIsOlder:
                services.AddSingleton<IBlockReader, OverwritingReader>();
                return;
            case NumbersBeforeCommit:
                services.AddSingleton<ILedgerStore>(provider => new SequenceStore(
                    provider.GetRequiredService<PostgresLedgerStore>()));
                services.AddSingleton<IBlockReader, TailReader>();
                return;
            case AcknowledgesBeforeCommit:
                Wrap(services, store => new PromisingStore(store));
                return;
            case TakesConflictsForAppends:
                Wrap(services, store => new ForcingStore(store));
                return;
            case ForgetsCommands:
                Wrap(services, store => new CommandlessStore(store));
                services.AddSingleton<IClaimStore, NoClaims>();
                return;
            case IgnoresLateEvents:
                services.AddSingleton<IStartupFilter, LateEventsIgnored>();
                return;
            case LosesAnswers:
                Wrap(services, store => new AnswerLosingStore(store));
                return;
            case TakesTimeoutsForNo:
                Wrap(services, store => new AnswerLosingStore(store));
                services.AddSingleton<IStartupFilter, TimeoutsRefused>();
                return;
            case AnHourAhead:
                services.AddSingleton<TimeProvider>(new WrongClock(TimeSpan.FromHours(1)));
                return;
            case AnHourBehind:
                services.AddSingleton<TimeProvider>(new WrongClock(TimeSpan.FromHours(-1)));
                return;
            case NeverSyncs or NeverCompares:
                return;
            default:
                throw new ArgumentException($"There is no mistake '{bug}'.", nameof(bug));
        }
    }

    private static BlockReader RealReader(IServiceProvider provider) =>
        ActivatorUtilities.CreateInstance<BlockReader>(provider);

    private static void Wrap(IServiceCollection services, Func<PostgresLedgerStore, ILedgerStore> wrap) =>
        services.AddSingleton(provider => wrap(provider.GetRequiredService<PostgresLedgerStore>()));

    private sealed class WrongClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
