namespace NumberLedger;

/// <summary>Folds the registry as it is folded to let callers in.</summary>
public static class RegistryInspection
{
    /// <param name="entries">All of the registry's block, found sound by <see cref="BlockInspection"/>.</param>
    public static IReadOnlyList<Finding> Judge(Sealer sealer, IReadOnlyList<StoredEntry> entries)
    {
        var state = RegistryState.Start(sealer.TagOf(NumberBlock.Registry));
        foreach (StoredEntry stored in entries)
        {
            try
            {
                EntryReader.VerifyFollows(NumberBlock.Registry, stored, state.Position, state.Hash);
                state = state.Apply(sealer.Read(NumberBlock.Registry, stored));
            }
            catch (Exception surprise) when (surprise is not OutOfMemoryException)
            {
                string problem = $"the registry does not fold from here on: {surprise.GetType().Name}.";
                return [new Finding(NumberBlock.Registry, stored.Position, FindingKind.FoldFails, problem)];
            }
        }

        return [];
    }
}
