namespace NumberLedger.Stores;

/// <summary>
/// The token of a call: it ends with the caller's, or at the deadline, and then by a thread of its own.
/// </summary>
/// <remarks>
/// Who cancels a command of Npgsql asks the server to stop it by another connection, and stands until the server has
/// closed that one, or for the timeout of connecting. A server that hangs accepts it, and closes nothing: the threads
/// of the pool would stand there one after another, and all that the process does with them. A command's own timeout
/// does the same, so there is none.
/// </remarks>
internal sealed class PostgresDeadline : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _ended = new();

    public PostgresDeadline(TimeSpan deadline, CancellationToken caller)
    {
        _late = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _late.Token.UnsafeRegister(
            static ended => _ = Task.Factory.StartNew(
                static each => ((CancellationTokenSource)each!).Cancel(), ended, CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default),
            _ended);
        _late.CancelAfter(deadline);
    }

    public CancellationToken Token => _ended.Token;

    public void Dispose() => _late.Dispose(); // Not the other: its thread may be at it.
}
