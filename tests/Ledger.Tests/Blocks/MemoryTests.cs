using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>At most 32 bytes for a number with one binding: by the index's own account, and by the heap's.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const double BytesMax = 32;
    private static readonly NumberState Bound = ANumber.Covered.Bound(Jan(5)).State;
    private static readonly NumberState Recycled = ANumber.Covered.Bound(Jan(5)).Disconnected(Feb(1)).Reassigned(Jun(1))
        .State;

    /// <param name="every">One in so many numbers has a binding.</param>
    /// <param name="recycledEvery">One in so many of those was given to someone else; 0: none.</param>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 20)]
    [InlineData(5, 0)]
    [InlineData(5, 2)]
    [InlineData(5, 20)]
    public void A_number_with_one_binding_takes_at_most_32_bytes(int every, int recycledEvery)
    {
        const int Indexes = 8;
        _ = Build(every, recycledEvery); // Whatever is made once and kept.

        long before = GC.GetTotalMemory(forceFullCollection: true);
        BlockIndex[] indexes = [.. Enumerable.Range(0, Indexes).Select(_ => Build(every, recycledEvery))];
        long after = GC.GetTotalMemory(forceFullCollection: true);

        double numbers = NumberBlock.NumbersPerBlock / every;
        Assert.All(indexes, index => Assert.InRange(index.Bytes / numbers, 0, BytesMax));
        Assert.InRange((after - before) / (numbers * Indexes), 0, BytesMax);
        GC.KeepAlive(indexes);
    }

    private static BlockIndex Build(int every, int recycledEvery)
    {
        var index = new BlockIndex(BlockStory.China);
        for (int i = 0; i < NumberBlock.NumbersPerBlock / every; i++)
        {
            index.Put((ushort)(i * every), recycledEvery != 0 && i % recycledEvery == 0 ? Recycled : Bound);
        }

        return index;
    }
}

/// <summary>Tests that measure the process run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
