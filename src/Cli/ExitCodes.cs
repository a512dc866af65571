namespace NumberLedger.Cli;

/// <summary>What the program ends with; scripts rely on it. Listed in docs/reference/cli.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Refused by the ledger, or a file could not be read or written.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or the key that it names, cannot be used. Nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>It went well, and the answer needs attention: not an allow, refused rows, an unwell server.</summary>
    public const int Findings = 3;

    /// <summary>An answer is not what the server sent, or not all of it.</summary>
    public const int NotVerified = 4;

    /// <summary>The server cannot be reached, or cannot answer now.</summary>
    public const int Unavailable = 5;

    /// <summary>Ctrl-C, as shells have it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;
}
