using System.Runtime.InteropServices;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// One chunk of a file that writes. Only its reading runs beside that of others: rows are written in order.
/// </summary>
internal sealed class ImportChunk(ImportReader reader, FileChunk chunk) : ChunkWork(chunk), IBulkRows
{
    private int[] _rows = [];

    /// <summary>Those that are not empty, in the order of the file.</summary>
    public List<ImportLine> Lines { get; } = [];

    /// <summary>Of the lines, those about a number.</summary>
    public int Count { get; private set; }

    public PhoneNumber NumberAt(int row) => LineAt(row).Number;

    public LedgerEvent SaidAt(int row) => SaidBy(LineAt(row));

    public LedgerEvent SaidBy(in ImportLine line) => reader.ReadAgain(Chunk, line).Said!;

    public override ValueTask<FileStop?> WorkAsync(CancellationToken cancellationToken)
    {
        Lines.Clear();
        Lines.EnsureCapacity(Chunk.Lines);
        reader.Read(Chunk, Lines);
        FindRows();
        return new((FileStop?)null);
    }

    public void CutTo(int lines)
    {
        CollectionsMarshal.SetCount(Lines, lines);
        FindRows();
    }

    private void FindRows()
    {
        if (_rows.Length < Lines.Count) _rows = new int[Lines.Capacity];

        ReadOnlySpan<ImportLine> lines = CollectionsMarshal.AsSpan(Lines);
        Count = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].IsOfNumber) _rows[Count++] = i;
        }
    }

    private ref readonly ImportLine LineAt(int row) => ref CollectionsMarshal.AsSpan(Lines)[_rows[row]];
}
