namespace NumberLedger.Grains;

/// <summary>Rows of one block: whole numbers, so that groups do not wait for each other.</summary>
/// <param name="Rows">Places in the caller's rows, by number and then in the caller's order.</param>
internal readonly record struct BulkGroup(NumberBlock Block, ReadOnlyMemory<int> Rows)
{
    /// <summary>
    /// Cuts rows into groups of at most so many; only one number alone may have more.
    /// </summary>
    public static List<BulkGroup> Cut(IBulkRows rows, int rowsMax)
    {
        int[] sorted = SortByNumber(rows);
        var groups = new List<BulkGroup>();
        int first = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = EndOfNumber(rows, sorted, start);
            NumberBlock block = BlockAt(start);
            if (start > first && (block != BlockAt(first) || end - first > rowsMax))
            {
                groups.Add(new BulkGroup(BlockAt(first), sorted.AsMemory(first..start)));
                first = start;
            }

            start = end;
        }

        if (sorted.Length > 0) groups.Add(new BulkGroup(BlockAt(first), sorted.AsMemory(first)));
        return groups;

        NumberBlock BlockAt(int place) => NumberBlock.Of(rows.NumberAt(sorted[place]));
    }

    /// <summary>Two groups of about half the rows; false for a single number.</summary>
    public bool TryHalve(IBulkRows rows, out BulkGroup left, out BulkGroup right)
    {
        ReadOnlySpan<int> places = Rows.Span;
        int cut = 0;
        for (int end = 0; end < places.Length && (cut == 0 || end <= places.Length / 2);)
        {
            end = EndOfNumber(rows, places, end);
            if (end < places.Length) cut = end;
        }

        left = this with { Rows = Rows[..cut] };
        right = this with { Rows = Rows[cut..] };
        return cut > 0;
    }

    /// <summary>Where the rows of the number end that begin at a place.</summary>
    public static int EndOfNumber(IBulkRows rows, ReadOnlySpan<int> sorted, int start)
    {
        PhoneNumber number = rows.NumberAt(sorted[start]);
        int end = start + 1;
        while (end < sorted.Length && rows.NumberAt(sorted[end]) == number) end++;
        return end;
    }

    private static int[] SortByNumber(IBulkRows rows)
    {
        long[] digits = new long[rows.Count];
        int[] places = new int[rows.Count];
        for (int i = 0; i < rows.Count; i++) (digits[i], places[i]) = (rows.NumberAt(i).Digits, i);

        Array.Sort(digits, places);

        // The sort is not stable; what follows is, and costs nothing where numbers occur once.
        for (int start = 0; start < digits.Length;)
        {
            int end = start + 1;
            while (end < digits.Length && digits[end] == digits[start]) end++;
            if (end - start > 1) Array.Sort(places, start, end - start);
            start = end;
        }

        return places;
    }
}
