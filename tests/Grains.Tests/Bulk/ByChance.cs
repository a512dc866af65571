namespace NumberLedger.Grains.Tests;

/// <summary>
/// What may be recorded of the numbers of some blocks, and asked about them, drawn from few lenders, offsets and days,
/// so that records and questions meet.
/// </summary>
internal sealed class ByChance(NumberBlock[] blocks, int seed)
{
    private const int Offsets = 30;

    /// <summary>Of a block that is worth a snapshot, and that is asked more than is walked at once.</summary>
    private const int OffsetsOfMany = 400;

    private readonly Random _dice = new(seed);

    public string Lender() => $"lender-{_dice.Next(2)}";

    /// <summary>Ranges over some of each block, and events of its numbers; every seventh block has none.</summary>
    public async Task RecordAsync(OtherWriter writer)
    {
        for (int place = 0; place < blocks.Length; place++)
        {
            if (place % 7 != 0) await RecordAsync(writer, blocks[place], OffsetsOf(place));
        }
    }

    public IEnumerable<Asked> Ask(int count)
    {
        for (; count > 0; count--)
        {
            int place = _dice.Next(3) == 0 ? 1 : _dice.Next(blocks.Length);
            ushort brought = _dice.Next(2) == 0 ? (ushort)0 : Days.Pack(Day());
            yield return new(blocks[place].At(Offset(OffsetsOf(place))), new((Purposes)(1 << _dice.Next(4)), brought));
        }
    }

    private static int OffsetsOf(int place) => place % 20 == 1 ? OffsetsOfMany : Offsets;

    private async Task RecordAsync(OtherWriter writer, NumberBlock block, int offsets)
    {
        for (int i = _dice.Next(3); i > 0; i--)
        {
            byte first = (byte)_dice.Next(10);
            await writer.RecordAsync(block, new LedgerEvent.RangeSet(
                _dice.Next(2) == 0 ? The.Carrier : The.OtherCarrier, first, (byte)_dice.Next(first, 10), Day()));
        }

        for (int i = _dice.Next(offsets, 2 * offsets); i > 0; i--)
        {
            await writer.RecordAsync(block.At(Offset(offsets)), Event($"e{i}"));
        }
    }

    /// <summary>Over all thousands.</summary>
    private int Offset(int offsets) => _dice.Next(offsets) * (9_999 / offsets);

    private DateOnly Day() => new DateOnly(2025, 1, 1).AddDays(10 * _dice.Next(39));

    private LedgerEvent Event(string eventId)
    {
        string lender = Lender();
        var purposes = (Purposes)_dice.Next(1, (int)Purposes.All + 1);
        DateTimeOffset at = new(Day(), new TimeOnly(10, 0), TimeSpan.FromHours(8));
        return _dice.Next(10) switch
        {
            < 5 => The.Bound(lender, at, _dice.Next(3) == 0 ? purposes : Purposes.All) with
            {
                Role = _dice.Next(9) == 0 ? BindingRole.Contact : BindingRole.Borrower,
                ExpiresAt = _dice.Next(4) == 0 ? at.AddDays(200) : null,
            },
            5 => The.OptedOut(_dice.Next(2) == 0 ? lender : null, at, purposes),
            6 => new LedgerEvent.Released(lender),
            _ => The.Report((CarrierEventKind)_dice.Next(1, 8), eventId, Day()),
        };
    }
}
