namespace NumberLedger.Grains;

/// <summary>How much memory the indexes of blocks may take in this process, all together.</summary>
/// <remarks>
/// Past it those leave that were not asked for longest; they come back from their snapshots when they are asked again.
/// One that alone is larger stays while it is asked. An index that somebody is asking just now is freed after the
/// answer.
/// </remarks>
/// <param name="BytesMax">By the indexes' own account, <see cref="BlockIndex.Bytes"/>.</param>
internal sealed record IndexMemory(long BytesMax)
{
    /// <summary>A quarter of the memory that the process may use.</summary>
    public static IndexMemory Default { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
}
