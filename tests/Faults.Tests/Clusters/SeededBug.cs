using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NumberLedger.Grains;
using NumberLedger.Silo;
using NumberLedger.Stores;
using NumberLedger.Testing;

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

    /// <summary>With what it must be found by.</summary>
    public static (string Bug, string FoundBy)[] All { get; } =
    [
        (SkipsTheHeadCheck, "wrong allow"), (AcknowledgesBeforeCommit, "wrong allow"),
        (TakesConflictsForAppends, "is lost"), (ForgetsCommands, "sent again, was refused"),
        (IgnoresLateEvents, "is lost"), (AllowsWhenTheStoreFails, "wrong allow"),
    ];

    /// <summary>How the program with that bug is called; its arguments follow as those of the real one do.</summary>
    public static string[] Program(string bug) =>
        [Path.Combine(AppContext.BaseDirectory, typeof(SeededBug).Assembly.GetName().Name!), "child", bug];

    public static async Task<int> ServeAsync(string bug, string url, string data)
    {
        await using WebApplication app = LedgerHost.Build(
            new ServeOptions(url, data, Path.Combine(data, "keys.json")), builder => Seed(builder.Services, bug));
        await app.RunAsync();
        return 0;
    }

    private static void Seed(IServiceCollection services, string bug)
    {
        switch (bug)
        {
            case IgnoresLateEvents:
                services.AddSingleton<IStartupFilter, LateEventsIgnored>();
                return;
            case SkipsTheHeadCheck:
                services.AddSingleton<IBlockReader>(provider => new BelievingReader(
                    provider.GetRequiredService<BlockReplicas>(),
                    ActivatorUtilities.CreateInstance<BlockReader>(provider)));
                return;
            case AllowsWhenTheStoreFails:
                services.AddSingleton<IBlockReader>(provider => new AllowingReader(
                    ActivatorUtilities.CreateInstance<BlockReader>(provider)));
                services.AddSingleton<IRegistryReader>(provider => new LastRegistry(
                    provider.GetRequiredService<RegistryReplica>()));
                return;
            default:
                services.AddSingleton<ILedgerStore>(provider => new BuggyStore(
                    provider.GetRequiredService<PostgresLedgerStore>(), bug));
                if (bug is ForgetsCommands)
                {
                    services.AddSingleton<IClaimStore>(provider => new NoClaims());
                }

                return;
        }
    }

    private sealed class BuggyStore(PostgresLedgerStore store, string bug) : WrappedStore(store)
    {
        public override async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
        {
            switch (bug)
            {
                case AcknowledgesBeforeCommit when append.Block != NumberBlock.Registry:
                    BlockHead head = (await store.ReadHeadsAsync([append.Block], cancellationToken))[0];
                    _ = Task.Run(
                        async () =>
                        {
                            await Task.Delay(50, CancellationToken.None);
                            await store.AppendAsync(append, CancellationToken.None);
                        },
                        CancellationToken.None);
                    return new(AppendOutcome.Appended, head);
                case TakesConflictsForAppends:
                    AppendResult result = await store.AppendAsync(append, cancellationToken);
                    return result with { Outcome = AppendOutcome.Appended };
                case ForgetsCommands:
                    return await store.AppendAsync(
                        append with { Entries = [.. append.Entries.Select(entry => entry with { Command = null })] },
                        cancellationToken);
                default:
                    return await store.AppendAsync(append, cancellationToken);
            }
        }
    }

    private sealed class NoClaims : IClaimStore
    {
        public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(claim);

        public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }

    /// <summary>Of a number that it was asked for before it believes its index.</summary>
    private sealed class BelievingReader(BlockReplicas replicas, IBlockReader reader) : IBlockReader
    {
        private readonly ConcurrentDictionary<(NumberBlock, ushort), bool> _asked = new();

        public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
        {
            BlockReplica replica = replicas.Of(block);
            return _asked.TryAdd((block, query.Items[0].Offset), true) || replica.Head.Position == 0
                ? await reader.CheckAsync(block, query)
                : await replica.AskAsync(default, default, query, Believe);
        }

        private static CheckReply Believe(BlockIndex index, CheckQuery query)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            CheckItem item = query.Items[0];
            var question = new Question(item.Purpose, item.ConsentedOn);
            NumberLedger.Answer answer = index.Check(item.Offset, query.Lender, question, Moment.At(now));
            return new(index.Head.Position, now, [new(answer.Verdict, answer.Reasons, answer.Advisories, null, null)]);
        }
    }

    private sealed class AllowingReader(IBlockReader reader) : IBlockReader
    {
        public async ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query)
        {
            try
            {
                return await reader.CheckAsync(block, query);
            }
            catch (LedgerUnavailableException)
            {
                return new(0, DateTimeOffset.UtcNow, [.. query.Items.Select(
                    _ => new CheckAnswer(Verdict.Allow, Reasons.None, Advisories.None, null, null))]);
            }
        }
    }

    private sealed class LastRegistry(RegistryReplica registry) : IRegistryReader
    {
        public async ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await registry.ReadAsync(cancellationToken);
            }
            catch (LedgerUnavailableException) when (registry.Latest.Position > 0)
            {
                return registry.Latest;
            }
        }
    }

    private sealed class LateEventsIgnored : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, rest) =>
            {
                if (http.Request.Path != "/v1/carrier-events")
                {
                    await rest(http);
                    return;
                }

                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync("""{"results":[{"status":"duplicate"}]}""");
            });
            next(app);
        };
    }
}
