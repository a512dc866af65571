namespace NumberLedger;

/// <summary>What the columns of a scrub's CSV file are, from its header.</summary>
/// <param name="Names">As they stand in the header, in its order.</param>
/// <param name="Number">Its place; -1 where there is none, as of the other two.</param>
public sealed record ScrubColumns(IReadOnlyList<string> Names, int Number, int Purpose, int Date)
{
    /// <param name="header">Without its line ending and without a byte order mark.</param>
    public static ScrubColumns Of(ReadOnlySpan<byte> header)
    {
        var names = new List<string>();
        var fields = new CsvFieldReader(header);
        while (fields.Read()) names.Add(fields.Text());
        return new(names, names.IndexOf("number"), names.IndexOf("purpose"), names.IndexOf("date"));
    }

    /// <summary>The column is read; any other passes through.</summary>
    public static bool HasMeaning(string name) => name is "number" or "purpose" or "date";
}
