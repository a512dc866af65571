using System.Globalization;
using System.Text;

namespace NumberLedger.Bench.Compare;

/// <summary>
/// Answers of whichever side as sorted lines "number,verdict,reason": equal to the byte, or not believed.
/// </summary>
internal static class Answers
{
    private const int Number = 0, Verdict = 3, Reason = 4;

    /// <exception cref="InvalidOperationException">They differ, or one is not whole.</exception>
    public static void RequireEqual(string what, int rows, string answers, string others)
    {
        string a = Sorted(answers, rows), b = Sorted(others, rows);
        using LineReader first = new(a), second = new(b);
        while (first.TryRead(out ReadOnlySpan<byte> x) | second.TryRead(out ReadOnlySpan<byte> y))
        {
            if (x.SequenceEqual(y)) continue;
            throw new InvalidOperationException(
                $"{what}: the answers differ. {Encoding.UTF8.GetString(x)} against {Encoding.UTF8.GetString(y)}");
        }

        Console.WriteLine($"{what}: {rows:N0} answers are equal");
        File.Delete(a);
        File.Delete(b);
    }

    private static string Sorted(string answers, int rowsExpected)
    {
        string plain = answers + ".lines", sorted = answers + ".sorted";
        int rows = 0;
        bool? ended = null; // Only the ledger says that its answer is whole; psql and Redis fail otherwise.
        using (var lines = new LineReader(answers))
        using (var file = new CsvWriter(plain))
        {
            while (lines.TryRead(out ReadOnlySpan<byte> line))
            {
                if (line.StartsWith("number,"u8)) ended = false;
                else if (line.StartsWith("#end,"u8)) ended = Says(line, "rows", rows) && !Says(line, "stopped");
                else
                {
                    rows++;
                    ReadOnlySpan<byte> reason = Field(line, Reason);
                    int more = reason.IndexOf((byte)'|');
                    file.Field(Field(line, Number)).Field(Field(line, Verdict))
                        .Field(more < 0 ? reason : reason[..more]).EndLine();
                }
            }
        }

        if (rows != rowsExpected || ended is false)
        {
            throw new InvalidOperationException($"{answers} is not whole: {rows} rows of {rowsExpected}.");
        }

        Child.Run("env", "LC_ALL=C", "sort", "--parallel=2", "--buffer-size=1G", "--output", sorted, plain);
        File.Delete(plain);
        return sorted;
    }

    private static bool Says(ReadOnlySpan<byte> trailer, string name, int? value = null) =>
        Encoding.UTF8.GetString(trailer).Split(',').Any(field => value is { } number
            ? field == string.Create(CultureInfo.InvariantCulture, $"{name}={number}")
            : field.StartsWith(name + "=", StringComparison.Ordinal));

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--) line = line[(line.IndexOf((byte)',') + 1)..];
        int end = line.IndexOf((byte)',');
        return end < 0 ? line : line[..end];
    }
}
