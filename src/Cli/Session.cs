namespace NumberLedger.Cli;

/// <summary>One run of a verb: with which ledger, as whom, and to which screen.</summary>
internal sealed record Session(Uri Server, KeySource Key, Screen Screen)
{
    public Lang Lang => Screen.Lang;

    /// <exception cref="CliFailure">There is no key that can be used.</exception>
    public LedgerClient Connect() => new(Server, Key.Read(), Lang);
}
