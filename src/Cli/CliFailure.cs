namespace NumberLedger.Cli;

/// <summary>The program ends here, for a reason that its user can mend. The message is all that is shown.</summary>
/// <param name="code">The ledger's code for it, if it was the ledger that said no.</param>
internal sealed class CliFailure(int exitCode, string message, string? code = null, Exception? cause = null)
    : Exception(message, cause)
{
    public int ExitCode => exitCode;
    public string? Code => code;
}
