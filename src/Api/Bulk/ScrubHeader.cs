using System.Text;

namespace NumberLedger.Api;

/// <summary>How a scrub's lines are read and written: known once its first line is.</summary>
/// <param name="Length">Of what the first chunk begins with before the first line.</param>
/// <param name="Answer">What the answer begins with.</param>
/// <param name="Columns">Of a CSV file; null for NDJSON.</param>
internal sealed record ScrubHeader(int Length, byte[] Answer, ScrubColumns? Columns, IScrubLineFormat Format)
{
    private static readonly string[] AddedColumns = ["verdict", "reason", "advisories", "as_of"];
    private static readonly string[] AddedMembers = ["verdict", "reasons", "advisories", "as_of", "problem"];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Names of members that the answer adds to an object.</summary>
    public static string[] Members(RegistryRule? rule) =>
        rule is { } of ? [.. AddedMembers, NameOf(of)] : AddedMembers;

    /// <param name="first">The beginning of the file.</param>
    /// <exception cref="FileRefusedException">The columns cannot be used.</exception>
    public static ScrubHeader Read(FileOrder order, ReadOnlySpan<byte> first)
    {
        int mark = first.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        return order.In is FileFormat.Csv ? ReadCsv(order, first, mark) : ReadNdjson(order, mark);
    }

    private static ScrubHeader ReadCsv(FileOrder order, ReadOnlySpan<byte> first, int mark)
    {
        int length = CsvRecords.LengthOf(first[mark..], isFinal: true, out bool isBroken);
        ReadOnlySpan<byte> line = first.Slice(mark, length).TrimEnd((byte)'\n');
        bool hasReturn = line.EndsWith("\r"u8);
        if (hasReturn) line = line[..^1];
        if (isBroken) throw new FileRefusedException(ProblemCatalog.QuoteMalformed, "The first line cannot be read.");
        if (line.IsEmpty) throw new FileRefusedException(ProblemCatalog.HeaderMissing);

        ScrubColumns columns = ScrubColumns.Of(line);
        Judge(columns, order);
        if (order.Out is FileFormat.Ndjson)
        {
            return new(mark + length, [], columns, new NdjsonScrubFormat(columns, AnswerNames.Instance, NameOf(order)));
        }

        byte[] lineEnding = hasReturn ? [(byte)'\r', (byte)'\n'] : [(byte)'\n'];
        byte[] answer = [.. first[..mark], .. line, .. Encoding.UTF8.GetBytes("," + AddedNames(order)), .. lineEnding];
        var format = new CsvScrubFormat(
            FileFormat.Csv, columns.Names.Count, lineEnding, AnswerNames.Instance, order.Rule is not null);
        return new(mark + length, answer, columns, format);
    }

    private static ScrubHeader ReadNdjson(FileOrder order, int mark)
    {
        if (order.Out is FileFormat.Ndjson)
        {
            return new(mark, [], null, new NdjsonScrubFormat(null, AnswerNames.Instance, NameOf(order)));
        }

        byte[] answer = Encoding.UTF8.GetBytes($"number,row,{AddedNames(order)}\n");
        var format = new CsvScrubFormat(
            FileFormat.Ndjson, 0, [(byte)'\n'], AnswerNames.Instance, order.Rule is not null);
        return new(mark, answer, null, format);
    }

    private static void Judge(ScrubColumns columns, FileOrder order)
    {
        if (columns.Names.Count > Limits.FileColumnsMax) throw new FileRefusedException(ProblemCatalog.ColumnsTooMany);
        if (columns.Number < 0)
        {
            throw new FileRefusedException(
                ProblemCatalog.ColumnRequired,
                "No column is named number. Name the columns in the first line; names are case-sensitive.");
        }

        // A doubled column passes through CSV unharmed; an object cannot have a member twice.
        string? doubled = columns.Names
            .Where(name => order.Out is FileFormat.Ndjson || ScrubColumns.HasMeaning(name))
            .GroupBy(name => name).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (doubled is not null)
        {
            throw new FileRefusedException(
                ProblemCatalog.ColumnDuplicated,
                $"Two columns{Repeatable.Named(doubled)} have the same name: rename one of them.");
        }

        string[] added = order.Out is FileFormat.Csv ? AddedColumns : AddedMembers;
        if (columns.Names.FirstOrDefault(name => added.Contains(name) || name == NameOf(order)) is { } reserved)
        {
            throw new FileRefusedException(
                ProblemCatalog.ColumnReserved,
                $"The answer adds a column named {reserved}: rename yours, or leave it out.");
        }
    }

    private static string AddedNames(FileOrder order) =>
        string.Join(',', order.Rule is { } rule ? [.. AddedColumns, NameOf(rule)] : AddedColumns);

    private static string? NameOf(FileOrder order) => order.Rule is { } rule ? NameOf(rule) : null;

    private static string NameOf(RegistryRule rule) => Words<RegistryRule>.Of(rule);
}
