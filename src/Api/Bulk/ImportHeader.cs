namespace NumberLedger.Api;

/// <summary>How the lines of a file that writes are read: known once its first line is.</summary>
/// <param name="Line">The header line, as a checkpoint keeps it; null for a file without one.</param>
/// <param name="Length">Of what stands before the first row.</param>
internal sealed record ImportHeader(byte[]? Line, int Length, ImportReader Reader)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="first">The beginning of what is still to be read.</param>
    /// <exception cref="FileRefusedException">The columns cannot be used.</exception>
    public static ImportHeader Read(
        FileOrder order, IRowShape shape, FileCheckpoint from, ReadOnlySpan<byte> first)
    {
        NumberReader numbers = order.Region is { } region ? NumberReader.Of(region) : NumberReader.E164;
        bool isBegun = from.BytesRead > 0;
        int mark = !isBegun && first.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        if (order.In is FileFormat.Ndjson) return new(null, mark, new NdjsonImportReader(shape, numbers));

        int length = 0;
        byte[]? line = isBegun ? from.Header : ReadLine(order, shape, first[mark..], out length);
        return line is null
            ? new(null, mark, new RndImportReader(order.Party))
            : new(line, mark + length, new CsvHeaderImportReader(shape, PlacesOf(shape, line), numbers));
    }

    /// <returns>Null: there is no header, because none is needed.</returns>
    private static byte[]? ReadLine(FileOrder order, IRowShape shape, ReadOnlySpan<byte> first, out int length)
    {
        length = CsvRecords.LengthOf(first, isFinal: true, out bool isBroken);
        ReadOnlySpan<byte> line = first[..length].TrimEnd("\r\n"u8);
        if (order.Kind is FileKind.CarrierFile && (isBroken || !IsHeader(shape, line)))
        {
            length = 0;
            return null;
        }

        if (isBroken) throw new FileRefusedException(ProblemCatalog.QuoteMalformed, "The first line cannot be read.");
        if (line.IsEmpty) throw new FileRefusedException(ProblemCatalog.HeaderMissing);
        return line.ToArray();
    }

    /// <summary>Every row of the FCC's form has digits, and none has the name of a column.</summary>
    private static bool IsHeader(IRowShape shape, ReadOnlySpan<byte> line) =>
        !line.IsEmpty
        && (!line.ContainsAnyInRange((byte)'0', (byte)'9') || NamesIn(line).Exists(shape.Columns.Contains));

    /// <exception cref="FileRefusedException">The columns cannot be used.</exception>
    private static int[] PlacesOf(IRowShape shape, ReadOnlySpan<byte> line)
    {
        List<string> names = NamesIn(line);
        if (names.Count > Limits.FileColumnsMax) throw new FileRefusedException(ProblemCatalog.ColumnsTooMany);

        string known = $"Known here: {string.Join(", ", shape.Columns)}.";
        int[] places = [.. names.Select(name => shape.Columns.ToList().IndexOf(name))];
        if (places.IndexOf(-1) is >= 0 and int unknown)
        {
            throw new FileRefusedException(
                ProblemCatalog.ColumnUnknown, $"Column {unknown + 1}{Repeatable.Named(names[unknown])}. {known}");
        }

        if (places.GroupBy(place => place).FirstOrDefault(same => same.Count() > 1) is { } doubled)
        {
            throw new FileRefusedException(
                ProblemCatalog.ColumnDuplicated, $"{shape.Columns[doubled.Key]} stands twice: rename one of them.");
        }

        if (shape.ColumnsRequired.FirstOrDefault(name => !names.Contains(name)) is { } missing)
        {
            throw new FileRefusedException(ProblemCatalog.ColumnRequired, $"No column is named {missing}. {known}");
        }

        return places;
    }

    private static List<string> NamesIn(ReadOnlySpan<byte> line)
    {
        var names = new List<string>();
        var fields = new CsvFieldReader(line);
        while (fields.Read()) names.Add(fields.Text());
        return names;
    }
}
