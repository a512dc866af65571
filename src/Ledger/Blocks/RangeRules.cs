namespace NumberLedger;

/// <summary>Ranges within one block. One carrier per thousand; its own range may change at will.</summary>
public static class RangeRules
{
    public static Decision Set(BlockRanges ranges, LedgerEvent.RangeSet wanted)
    {
        // A day that the index cannot hold would make the block unreadable.
        if (wanted.TrackedSince < Days.First) return Refusal.EffectiveTooEarly;
        if (wanted.TrackedSince > Days.Last) return Refusal.EffectiveInFuture;

        bool same = true;
        for (int i = wanted.FirstThousand; i <= wanted.LastThousand; i++)
        {
            RangeShare? present = ranges.Thousands[i];
            if (present is not null && present.Carrier != wanted.Carrier) return Refusal.RangeOverlaps;
            same &= present is not null && present.TrackedSince == wanted.TrackedSince;
        }

        return same ? Decision.NothingToDo : wanted;
    }

    public static Decision End(BlockRanges ranges, LedgerEvent.RangeEnded ended)
    {
        for (int i = ended.FirstThousand; i <= ended.LastThousand; i++)
        {
            if (ranges.Thousands[i]?.Carrier == ended.Carrier) return ended;
        }

        return Decision.NothingToDo;
    }
}
