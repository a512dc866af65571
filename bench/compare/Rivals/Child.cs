using System.Collections.Concurrent;
using System.Diagnostics;

namespace NumberLedger.Bench.Compare;

/// <summary>A program that we started and will end, by its id.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<int, Child> Running = new();

    /// <summary>Those that end by themselves.</summary>
    private static readonly ConcurrentDictionary<int, Process> Passing = new();

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _signal;

    private Child(Process process, StreamWriter log, string signal) =>
        (Id, _process, _log, _signal) = (process.Id, process, log, signal);

    public int Id { get; }
    public bool HasExited => _process.HasExited;

    /// <param name="signal">What ends it gracefully.</param>
    public static Child Start(string log, string signal, string program, params IEnumerable<string> arguments)
    {
        Process process = Begin(program, arguments);
        var writer = new StreamWriter(log) { AutoFlush = true };
        void Keep(object _, DataReceivedEventArgs line)
        {
            lock (writer) writer.WriteLine(line.Data);
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var child = new Child(process, writer, signal);
        Running.TryAdd(child.Id, child);
        return child;
    }

    /// <summary>For the end by a signal, which runs no finally.</summary>
    public static void DisposeAll()
    {
        foreach (int id in Passing.Keys.ToArray()) Process.Start("kill", $"{id}").WaitForExit();
        foreach (Child child in Running.Values) child.Dispose();
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">Its exit code is not 0.</exception>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        using Process process = Begin(program, arguments);
        Passing.TryAdd(process.Id, process);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Passing.TryRemove(process.Id, out _);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}{errors.Result}");
    }

    /// <summary>Ends it, by force if it does not go.</summary>
    public void Dispose()
    {
        if (!Running.TryRemove(Id, out _)) return;

        if (!_process.HasExited)
        {
            Run("kill", $"-{_signal}", $"{Id}");
            if (!_process.WaitForExit(StopMax)) _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _log.Dispose();
    }

    private static Process Begin(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
