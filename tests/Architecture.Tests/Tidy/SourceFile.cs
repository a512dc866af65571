namespace NumberLedger.Architecture.Tidy;

/// <summary>A text file of the repository.</summary>
internal sealed class SourceFile(string path, string text)
{
    private readonly string[] _lines = text.Split('\n');

    /// <summary>From the root of the repository, with slashes.</summary>
    public string Path => path;

    public bool IsCode => path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsMarkdown => path.EndsWith(".md", StringComparison.Ordinal);

    /// <summary>How many lines there are; what follows the last line break is none if it is empty.</summary>
    public int LineCount => _lines[^1].Length == 0 ? _lines.Length - 1 : _lines.Length;

    public bool IsUnder(string folder) => path.StartsWith(folder, StringComparison.Ordinal);

    public IEnumerable<(int Number, string Text)> Lines() =>
        _lines.Select((line, index) => (index + 1, line.TrimEnd('\r')));

    public Finding At(int line, string problem, string remedy) => new(path, line, problem, remedy);
}
