using System.Collections.Immutable;
using System.Diagnostics;

namespace NumberLedger;

/// <summary>Which carrier reports on which thousand of a block: a fold over the block's own record.</summary>
/// <param name="Thousands">Ten, by the fourth digit from the right; null: nobody reports on it.</param>
public sealed record BlockRanges(
    long Version, Hash256 Hash, DateTimeOffset RecordedAt, ImmutableArray<RangeShare?> Thousands)
{
    public const int ThousandsPerBlock = 10;

    public static BlockRanges Start(NumberBlock block, Pseudonym tag) =>
        new(0, Chain.Start(block, tag), default, [.. new RangeShare?[ThousandsPerBlock]]);

    public RangeShare? At(ushort offset) => Thousands[offset / 1_000];

    public BlockRanges Apply(LedgerEntry entry)
    {
        BlockRanges moved = this with { Version = entry.Version, Hash = entry.Hash };
        return entry.Content is { } content
            ? moved with { RecordedAt = content.RecordedAt, Thousands = Fold(content.Event) }
            : moved;
    }

    private ImmutableArray<RangeShare?> Fold(LedgerEvent happened)
    {
        ImmutableArray<RangeShare?>.Builder thousands = Thousands.ToBuilder();
        switch (happened)
        {
            case LedgerEvent.RangeSet e:
                for (int i = e.FirstThousand; i <= e.LastThousand; i++) thousands[i] = new(e.Carrier, e.TrackedSince);
                break;
            case LedgerEvent.RangeEnded e:
                for (int i = e.FirstThousand; i <= e.LastThousand; i++)
                {
                    if (thousands[i]?.Carrier == e.Carrier) thousands[i] = null;
                }

                break;
            default:
                throw new UnreachableException($"{happened.GetType().Name} is no event of a block's own record.");
        }

        return thousands.ToImmutable();
    }
}

/// <param name="TrackedSince">The day since which the carrier's record is complete.</param>
public sealed record RangeShare(string Carrier, DateOnly TrackedSince);
