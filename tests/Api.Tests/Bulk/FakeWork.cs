using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Answers each line with "got " and the line, and does as lines say that are words for it.</summary>
/// <remarks>
/// <c>wait</c>: until the test lets it go on; <c>refuse</c>: the header cannot be used; <c>throw</c>: a surprise,
/// with the line in its message; <c>full</c>: no room; <c>stop</c>: a limit;
/// <c>unavailable</c>: the first time, the ledger cannot answer.
/// </remarks>
internal sealed class FakeWork(FileKind kind, FakeWork.Gates gates) : IFileWork
{
    public FileKind Kind => kind;

    public static byte[] AnswerTo(string file) => Encoding.UTF8.GetBytes(string.Concat(
        file.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeWhile(line => line != "stop")
            .Select(line => $"got {line}\n")));

    public async Task RunAsync(
        FileOrder order, Stream input, Stream output, FileProgress progress, CancellationToken cancellationToken)
    {
        var answer = new FileAnswer(output, order.Out, progress);
        (long bytes, long lines) = (progress.Checkpoint.BytesRead, progress.Checkpoint.Lines);
        gates.Began.Enqueue((order.Party, lines));
        using var reader = new StreamReader(input, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line.Split(' ')[0])
            {
                case "wait":
                    await gates.WaitAsync(order.Party, cancellationToken);
                    break;
                case "refuse":
                    throw new FileRefusedException(ProblemCatalog.RegionUnknown, "The header is not one.");
                case "throw":
                    throw new InvalidOperationException($"Surprised by {line}");
                case "unavailable" when gates.Failed.TryAdd(order.Party, true):
                    await answer.EndAsync(
                        [.. progress.Checkpoint.Counts], [], FileStop.LedgerUnavailable, cancellationToken);
                    return;
                case "full":
                    throw new FileStoreFullException();
                case "stop":
                    await answer.EndAsync([.. progress.Checkpoint.Counts], [], FileStop.RowsMax, cancellationToken);
                    return;
            }

            await answer.WriteAsync(Encoding.UTF8.GetBytes($"got {line}\n"), cancellationToken);
            lines++;
            bytes += line.Length + 1;
            await progress.ReachAsync(progress.Checkpoint with
            {
                BytesRead = bytes,
                Lines = lines,
                BytesWritten = answer.BytesWritten,
                Counts = ImmutableSortedDictionary<string, long>.Empty.Add("rows", lines).Add("allow", lines),
            });
        }

        await answer.EndAsync([.. progress.Checkpoint.Counts], [], null, cancellationToken);
    }

    /// <summary>Where works of a party wait. They outlive the process that runs them.</summary>
    internal sealed class Gates
    {
        private readonly ConcurrentDictionary<string, Gate> _gates = new();

        /// <summary>Parties to whom the ledger was unavailable, once.</summary>
        public ConcurrentDictionary<string, bool> Failed { get; } = new();

        /// <summary>Each run, and the line behind which it began.</summary>
        public ConcurrentQueue<(string Party, long Line)> Began { get; } = new();

        /// <summary>Lets go on whoever waits; the next to come waits again.</summary>
        public void Open(string party)
        {
            Gate gate = Of(party);
            Renew(party);
            gate.Opened.TrySetResult();
        }

        /// <summary>Whoever comes from now on waits at another gate.</summary>
        public void Renew(string party) => _gates[party] = new Gate();

        /// <summary>Completes when a work of the party has come to its gate.</summary>
        public Task ReachedAsync(string party) =>
            Of(party).Reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        public Task WaitAsync(string party, CancellationToken cancellationToken)
        {
            Gate gate = Of(party);
            gate.Reached.TrySetResult();
            return gate.Opened.Task.WaitAsync(cancellationToken);
        }

        private Gate Of(string party) => _gates.GetOrAdd(party, _ => new Gate());

        private sealed class Gate
        {
            public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
            public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
