using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Cli.Tests;

/// <summary>Files of a test, and what is to be seen in their answers.</summary>
internal static class Campaign
{
    public const string Header = "number,purpose,note";

    /// <summary>Every seventh line cannot be asked.</summary>
    public static string[] Lines(int count, string note = "\"a, note\"") =>
    [
        .. Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"+86138{i:D8}{(i % 7 == 6 ? "x" : "")},marketing,{note}")),
    ];

    public static string Write(TemporaryFolder folder, int lines, string note = "\"a, note\"")
    {
        string path = folder["in.csv"];
        File.WriteAllText(path, string.Join('\n', Lines(lines, note).Prepend(Header)) + "\n");
        return path;
    }

    /// <summary>The answer without its trailer, once that was seen to fit.</summary>
    public static string[] AssertVerifies(string answer)
    {
        int trailer = answer.LastIndexOf("\n#end,", StringComparison.Ordinal) + 1;
        string body = answer[..trailer];
        Assert.EndsWith(
            "sha256=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))) + "\n", answer,
            StringComparison.Ordinal);
        return body.TrimEnd('\n').Split('\n');
    }
}
