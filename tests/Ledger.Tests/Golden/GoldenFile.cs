using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// tests/Ledger.Tests/Golden/v1.entries: a comment, a content, or a stored entry a line, bytes in hexadecimal.
/// </summary>
internal sealed record GoldenFile(IReadOnlyDictionary<string, string> Contents, IReadOnlyList<StoredEntry> Stored)
{
    private const string Heading = """
        # Entries of format 1, as this and every later release must read them. docs/reference/entries.md has the layout.
        #   content NAME BYTES                                        what an entry says; NAME as in GoldenEntries.cs
        #   stored POSITION TAG VERSION SALT SEALED HASH              one block,
        master key 00 01 02 .. 1f; SALT "-": erased
        # Lines are added by tests with NUMBERLEDGER_GOLDEN=write, never changed.
        """;

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Golden", "v1.entries");

    public static GoldenFile Read()
    {
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        var stored = new List<StoredEntry>();
        foreach (string line in File.ReadLines(Path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] words = line.Split(' ');
            if (words[0] == "content") contents.Add(words[1], words[2]);
            else stored.Add(ReadStored(words));
        }

        return new GoldenFile(contents, stored);
    }

    /// <summary>
    /// Beside the sources, so that the change can be seen and committed. What stands there must stay.
    /// </summary>
    public static void Write(IEnumerable<(string Name, EntryContent Content)> contents, IEnumerable<StoredEntry> stored)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach ((string name, EntryContent content) in contents)
        {
            text.Append(CultureInfo.InvariantCulture, $"content {name} {Hex(EntryCodec.Encode(content))}\n");
        }

        foreach (StoredEntry entry in stored)
        {
            string salt = entry.Salt is { } bytes ? Hex(bytes) : "-";
            text.Append(
                CultureInfo.InvariantCulture,
                $"stored {entry.Position} {entry.Tag} {entry.Version} {salt} {Hex(entry.Sealed)} {entry.Hash}\n");
        }

        string path = System.IO.Path.Combine(Here(), "v1.entries");
        string[] lines = text.ToString().Split('\n');
        Assert.All(
            File.ReadLines(path).Where(line => !line.StartsWith('#')), line => Assert.Contains(line, lines));
        File.WriteAllText(path, text.ToString());
    }

    private static StoredEntry ReadStored(string[] words) => new(
        long.Parse(words[1], CultureInfo.InvariantCulture),
        Pseudonym.Read(Convert.FromHexString(words[2])),
        long.Parse(words[3], CultureInfo.InvariantCulture),
        words[4] == "-" ? null : Convert.FromHexString(words[4]),
        Convert.FromHexString(words[5]),
        Hash256.Read(Convert.FromHexString(words[6])),
        null);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
