using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Cli.Tests;

/// <summary>Answers each line while the file still arrives, and keeps no answer that nobody takes.</summary>
/// <remarks>
/// Lines with a 1 at their end are denied, those with an x could not be asked, all others are allowed.
/// </remarks>
internal sealed class FakeScrub
{
    public const string Columns = "verdict,reason,advisories,as_of";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<string, long> _counts = new()
    {
        ["allow"] = 0,
        ["bad"] = 0,
        ["deny"] = 0,
        ["rows"] = 0,
    };

    /// <summary>Say no more after so many lines, until it may go on, or the client goes away.</summary>
    public int? HangAfter { get; init; }

    /// <summary>Take and answer only a hundred lines at a time, with a rest between, until it may go on.</summary>
    public bool IsSlow { get; init; }

    /// <summary>End the answer before its trailer.</summary>
    public bool NoTrailer { get; init; }

    /// <summary>Changes a byte on the way.</summary>
    public bool Tamper { get; init; }

    /// <summary>Added to the trailer's count.</summary>
    public int CountTooMany { get; init; }

    /// <summary>Stop after so many lines, and say so.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Of lines that are denied, one after the other.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = ["reassigned"];

    /// <summary>Set once it hangs.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of the test: from here on it neither hangs nor is slow.</summary>
    public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "text/csv";
        using var reader = new StreamReader(http.Request.Body);
        int line = 0;
        int rows = 0;
        string? stopped = null;
        while (await reader.ReadLineAsync() is { } text)
        {
            line++;
            if (text.Length == 0) continue;

            await WriteAsync(http, line == 1 ? $"{text},{Columns}\n" : Answer(text, line));
            if (line == 1) continue;

            rows++;

            if (rows == HangAfter) await HangAsync(http);
            if (IsSlow && rows % 100 == 0) await Task.WhenAny(GoOn.Task, Task.Delay(20, http.RequestAborted));
            if (rows == StopAfter)
            {
                stopped = ",stopped=ledger-unavailable,\"detail=No store, no answer.\"";
                break;
            }
        }

        if (!NoTrailer) await http.Response.WriteAsync(Trailer(stopped));
    }

    public string Trailer(string? stopped = null)
    {
        _counts["rows"] += CountTooMany;
        string counts = string.Join(',', _counts.Select(pair => $"{pair.Key}={pair.Value}"));
        return $"#end,{counts}{stopped},sha256={Convert.ToHexStringLower(_hash.GetCurrentHash())}\n";
    }

    public string Answer(string text, int line)
    {
        Count("rows");
        string number = text.Split(',')[0];
        if (number.EndsWith('x'))
        {
            Count("bad");
            return $"{text},bad_line,line {line}: number-not-a-digit: Send digits.,,\n";
        }

        bool denied = number.EndsWith('1');
        string reason = denied ? Reasons[(int)(_counts["deny"] % Reasons.Count)] : "";
        Count(denied ? "deny" : "allow");
        if (denied) Count("reason." + reason);
        return string.Create(
            CultureInfo.InvariantCulture, $"{text},{(denied ? "deny" : "allow")},{reason},,861380000:{line}\n");
    }

    private void Count(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    private async Task WriteAsync(HttpContext http, string answer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(answer);
        _hash.AppendData(bytes);
        if (Tamper && answer.Contains("deny", StringComparison.Ordinal))
        {
            bytes = Encoding.UTF8.GetBytes(answer.Replace("deny,reassigned", "allow,", StringComparison.Ordinal));
        }

        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private async Task HangAsync(HttpContext http)
    {
        await http.Response.Body.FlushAsync();
        Hanging.SetResult();
        await Task.WhenAny(GoOn.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));
        if (!GoOn.Task.IsCompleted) http.Abort();
    }
}
