namespace NumberLedger.Grains;

/// <summary>
/// Writes many rows at once, block by block: what a number's grain does for one, without a grain call.
/// </summary>
public interface IBulkWriter
{
    /// <summary>
    /// Judges each row by the rules, on what is stored and on the rows before it, and records what they let through.
    /// </summary>
    /// <param name="rows">Those of one number are recorded in this order; those of different numbers in any.</param>
    /// <param name="dryRun">Judge, record nothing.</param>
    /// <param name="cancellationToken">What was begun is finished first, so that no append is left alone.</param>
    /// <returns>One reply for each row, in order. Everything that it says is recorded, is durable.</returns>
    /// <remarks>Any number of callers at once, also for the same numbers, and beside grains that write them.</remarks>
    /// <exception cref="LedgerUnavailableException">
    /// Some rows may be recorded, and nothing says which. Sent again, those are
    /// <see cref="CommandOutcome.NothingToDo"/>.
    /// </exception>
    Task<BulkReply[]> WriteAsync(IBulkRows rows, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>
/// Rows of a file, each read when its number is decided: a million of them are then no million objects.
/// </summary>
/// <remarks>They MUST NOT change during the call. Asked by several threads at once.</remarks>
public interface IBulkRows
{
    int Count { get; }

    PhoneNumber NumberAt(int row);

    /// <summary>
    /// A <see cref="LedgerEvent.CarrierReport"/> or a <see cref="LedgerEvent.Bound"/>, by whom the credential names.
    /// Asked again after a conflict.
    /// </summary>
    LedgerEvent SaidAt(int row);
}

/// <param name="Refusal">Null unless the outcome is <see cref="CommandOutcome.Refused"/>.</param>
[GenerateSerializer, Immutable, Alias("bulk-reply.v1")]
public readonly record struct BulkReply(
    [property: Id(0)] CommandOutcome Outcome, [property: Id(1)] Refusal? Refusal);
