namespace NumberLedger.Silo;

/// <summary>
/// The program cannot start, for a reason that its operator can mend. The message is all that is shown.
/// </summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
