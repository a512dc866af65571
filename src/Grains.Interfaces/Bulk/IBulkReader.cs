namespace NumberLedger.Grains;

/// <summary>Checks for the lines of files: many numbers of many blocks in one call.</summary>
public interface IBulkReader
{
    /// <summary>
    /// Answers every question, each from an index that was compared with its block's head by a read that began after
    /// this call.
    /// </summary>
    /// <param name="lender">On whose bindings the checks stand.</param>
    /// <exception cref="LedgerUnavailableException">
    /// Some block could not be validated: nothing in <paramref name="answers"/> is to be used.
    /// </exception>
    ValueTask CheckAsync(
        string lender, BlockGroups questions, RegistryRule? rule, BulkAnswers answers,
        CancellationToken cancellationToken);
}

/// <summary>Answers to grouped questions. Used again for a later chunk.</summary>
public sealed class BulkAnswers
{
    private Answer[] _verdicts = [];
    private string?[] _ofRegistry = [];
    private long[] _positions = [];

    /// <summary>In the places of the questions.</summary>
    public Span<Answer> Verdicts => _verdicts;

    /// <summary>How the registry that was asked for would answer; null where no day was given.</summary>
    public Span<string?> OfRegistry => _ofRegistry;

    /// <summary>Of each block, the position as of which its answers were made.</summary>
    public Span<long> Positions => _positions;

    public void Reserve(BlockGroups questions, bool ofRegistry)
    {
        if (_verdicts.Length < questions.Questions) _verdicts = new Answer[questions.Questions];
        if (ofRegistry && _ofRegistry.Length < questions.Questions) _ofRegistry = new string?[questions.Questions];
        if (_positions.Length < questions.Count) _positions = new long[questions.Count];
    }
}
