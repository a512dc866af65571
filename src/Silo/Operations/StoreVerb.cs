using System.CommandLine;
using NumberLedger.Grains;

namespace NumberLedger.Silo;

/// <summary>What the verbs that touch a store have in common.</summary>
internal static class StoreVerb
{
    /// <summary>Exit code: the ledger said no.</summary>
    public const int Refused = 1;

    /// <summary>Exit code: something is not as it was written, or lost.</summary>
    public const int NotSound = 4;

    /// <summary>Exit code: it could not run, or not to its end.</summary>
    public const int CannotRun = 5;

    public const string StoppedFolder = "The folder with the ledger. No ledger may be running on it.";

    private static readonly TimeSpan ProgressOnTerminal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInLog = TimeSpan.FromSeconds(10);

    public static Option<string> Data(string description) => new("--data")
    {
        Description = description,
        DefaultValueFactory = _ => ServeOptions.DefaultData,
    };

    /// <summary>Runs a verb; why it cannot is one line on standard error.</summary>
    /// <param name="stopped">What it means that it was stopped before its end.</param>
    /// <returns>What it ends with, or <see cref="CannotRun"/>.</returns>
    public static async Task<int> RunAsync(InvocationConfiguration streams, string stopped, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception cause) when (cause is StartException or StoreUnavailableException
            or LedgerUnavailableException or IOException or UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync($"numberledger: {cause.Message}");
            return CannotRun;
        }
        catch (OperationCanceledException)
        {
            await streams.Error.WriteLineAsync($"numberledger: {stopped}");
            return CannotRun;
        }
    }

    /// <summary>
    /// Until the work has ended: one line that is drawn anew on a terminal, now and then one in a log.
    /// </summary>
    public static async Task TellProgressAsync(Task run, Func<string> soFar, TextWriter to)
    {
        bool terminal = !Console.IsErrorRedirected;
        bool told = false;
        while (await Task.WhenAny(run, Task.Delay(terminal ? ProgressOnTerminal : ProgressInLog)) != run)
        {
            string line = soFar();
            await (terminal ? to.WriteAsync($"\r{line}") : to.WriteLineAsync(line));
            told = true;
        }

        if (told && terminal) await to.WriteAsync("\r\e[K");
    }
}
