namespace NumberLedger.Grains;

/// <summary>
/// Writes many rows at once, block by block: what a number's grain does for one, without a grain call.
/// </summary>
public interface IBulkWriter
{
    /// <summary>
    /// Judges each row by the rules, on what is stored and on the rows before it, and records what they let through.
    /// </summary>
    /// <param name="rows">
    /// Reports of carriers and claims of lenders. Rows of one number are recorded in this order; rows of different
    /// numbers in any.
    /// </param>
    /// <param name="dryRun">Judge, record nothing.</param>
    /// <param name="cancellationToken">What was begun is finished first, so that no append is left alone.</param>
    /// <returns>One reply for each row, in order. Everything that it says is recorded, is durable.</returns>
    /// <remarks>Any number of callers at once, also for the same numbers, and beside grains that write them.</remarks>
    /// <exception cref="LedgerUnavailableException">
    /// Some rows may be recorded, and nothing says which. Sent again, those are
    /// <see cref="CommandOutcome.NothingToDo"/>.
    /// </exception>
    Task<BulkReply[]> WriteAsync(BulkRow[] rows, bool dryRun, CancellationToken cancellationToken);
}

/// <param name="Said">
/// A <see cref="LedgerEvent.CarrierReport"/> or a <see cref="LedgerEvent.Bound"/>, by whom the credential names.
/// </param>
public readonly record struct BulkRow(PhoneNumber Number, LedgerEvent Said);

/// <param name="Refusal">Null unless the outcome is <see cref="CommandOutcome.Refused"/>.</param>
public readonly record struct BulkReply(CommandOutcome Outcome, Refusal? Refusal);
