namespace NumberLedger.Api;

/// <summary>Calls of one request, so many under way at once.</summary>
internal static class Bounded
{
    /// <summary>
    /// After a failure no further call begins, and the failure is thrown when those under way have ended.
    /// </summary>
    public static Task ForEachAsync<T>(IReadOnlyCollection<T> items, Func<T, Task> call)
    {
        if (items.Count == 0) return Task.CompletedTask;
        if (items.Count == 1) return call(items.First());

        var options = new ParallelOptions { MaxDegreeOfParallelism = Limits.CallsAtOnceMax };
        return Parallel.ForEachAsync(items, options, (item, _) => new ValueTask(call(item)));
    }
}
