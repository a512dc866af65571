namespace NumberLedger.Stores;

/// <summary>An append that waits for its turn in a writer's next group.</summary>
/// <param name="cancelled">By its caller. Once a group has begun, it is written all the same.</param>
internal sealed class AppendJob(Append append, CancellationToken cancelled)
{
    private readonly TaskCompletionSource<AppendResult> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Append Append => append;

    public Task<AppendResult> Done => cancelled.CanBeCanceled ? _done.Task.WaitAsync(cancelled) : _done.Task;

    /// <summary>Nobody waits any more, and nothing was written yet.</summary>
    public bool TrySkip() => cancelled.IsCancellationRequested && _done.TrySetCanceled(cancelled);

    public void Complete(AppendResult result) => _done.TrySetResult(result);

    public void Fail(Exception cause) => _done.TrySetException(cause);
}
