using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Grains;
using NumberLedger.Silo;

namespace NumberLedger.Bench.Compare;

/// <summary>Where the time of a scrub goes.</summary>
/// <param name="NanosecondsPerLine">Of one core.</param>
internal sealed record Phase(string Name, double NanosecondsPerLine);

/// <summary>
/// Takes a scrub apart: the same steps on the same file, one after the other on one thread, without HTTP.
/// </summary>
internal static class Phases
{
    private const int ChunkBytes = 6 * 1024 * 1024;

    /// <summary>Behind a chunk, which is read in steps that may end after it.</summary>
    private const int Room = 4096;
    private const int Passes = 9;

    private static readonly string[] Names =
        ["parse", "group by block", "heads", "check", "format", "SHA-256 of the answer"];

    /// <summary>In a process of its own, because the folder is held by one: prints the phases as JSON.</summary>
    public static async Task PrintAsync(string url, string data, string questions)
    {
        await using WebApplication app = LedgerHost.Build(
            new ServeOptions(url, data, ServeOptions.DefaultKeysOut(data)));
        await app.StartAsync();
        byte[] file = await File.ReadAllBytesAsync(questions);
        var scrub = new OneThread(app.Services);
        var passes = new List<double[]>();
        for (int pass = 0; pass < Passes; pass++) passes.Add(await scrub.RunAsync(file));

        // The first passes fill indexes and warm up the compiler.
        Phase[] phases = [.. Names.Select(
            (name, i) => new Phase(name, Timings.Median(passes.Skip(Passes / 2).Select(pass => pass[i]))))];
        Console.WriteLine(JsonSerializer.Serialize(phases));
        await app.StopAsync();
    }

    public static IReadOnlyList<Phase> Measure(string url, string data, string questions)
    {
        string printed = Child.Run(Environment.ProcessPath!, "phases", url, data, questions);
        return JsonSerializer.Deserialize<Phase[]>(printed.Split('\n').Last(line => line.StartsWith('[')))!;
    }

    private sealed class OneThread(IServiceProvider services)
    {
        private readonly IBulkReader _blocks = services.GetRequiredService<IBulkReader>();
        private readonly ILedgerStore _store = services.GetRequiredService<ILedgerStore>();
        private readonly ScrubLines _lines = new();
        private readonly BlockGroups _groups = new();
        private readonly BulkAnswers _answers = new();
        private readonly AnswerBuffer _answer = new();
        private readonly ushort _latestDay =
            Days.Pack(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1));

        public async Task<double[]> RunAsync(byte[] file)
        {
            int header = Array.IndexOf(file, (byte)'\n') + 1;
            var columns = ScrubColumns.Of(file.AsSpan(0, header - 1));
            var reader = new ScrubCsvReader(columns, new ScrubDefaults(Purposes.Marketing, PhoneNumber.Read));
            var format = new CsvScrubFormat(
                FileFormat.Csv, columns.Names.Count, "\n"u8.ToArray(), new EnumNames(), hasRegistry: false);
            var writer = new ScrubWriter(format, fault => throw new InvalidOperationException($"{fault}"));
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] chunk = new byte[ChunkBytes + Room];
            double[] seconds = new double[Names.Length];
            long lines = 0;
            for (int start = header; start < file.Length;)
            {
                int length = Math.Min(ChunkBytes, file.Length - start);
                length = file.AsSpan(start, length).LastIndexOf((byte)'\n') + 1;
                file.AsSpan(start, length).CopyTo(chunk);
                start += length;

                var clock = Stopwatch.StartNew();
                _lines.Clear();
                reader.Read(chunk, length, _lines);
                Lap(clock, ref seconds[0]);
                _groups.Group(_lines, _ => _latestDay);
                Lap(clock, ref seconds[1]);
                await _store.ReadHeadsAsync(_groups.Blocks.ToArray(), CancellationToken.None);
                double heads = Lap(clock, ref seconds[2]);
                await _blocks.CheckAsync(Population.Lender, _groups, null, _answers, CancellationToken.None);
                Lap(clock, ref seconds[3]);
                seconds[3] -= heads; // It reads them as well.
                _answer.Clear();
                writer.Write(
                    chunk.AsSpan(0, length), 0, _lines, 0, _groups, new(_answers.Verdicts, _answers.Positions, []),
                    _answer, int.MaxValue, new ScrubCounts());
                Lap(clock, ref seconds[4]);
                digest.AppendData(_answer.Written.Span);
                Lap(clock, ref seconds[5]);
                lines += _lines.Count;
            }

            return [.. seconds.Select(phase => phase / lines * 1e9)];
        }

        private static double Lap(Stopwatch clock, ref double seconds)
        {
            double lap = clock.Elapsed.TotalSeconds;
            seconds += lap;
            clock.Restart();
            return lap;
        }
    }

    private sealed class EnumNames : IAnswerNames
    {
        public string Of(Verdict verdict) => $"{verdict}";
        public string[] Of(Reasons reasons) => $"{reasons}".Split(", ");
        public string[] Of(Advisories advisories) => $"{advisories}".Split(", ");
    }
}
