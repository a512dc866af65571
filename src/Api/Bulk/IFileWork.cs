namespace NumberLedger.Api;

/// <summary>Answers files of one kind, whether they come with a request or from a job.</summary>
internal interface IFileWork
{
    FileKind Kind { get; }

    /// <summary>
    /// Reads a file to its end or to a limit and writes the answer, the trailer included. What is wrong with the file
    /// is in the answer, and so is a ledger that could not answer any more: MUST NOT throw for either.
    /// </summary>
    /// <param name="input">Not compressed. MUST be read no further ahead than the answer is taken.</param>
    /// <param name="progress">
    /// Where it begins, if it was begun before: <paramref name="input"/> and <paramref name="output"/> stand there
    /// already.
    /// </param>
    /// <exception cref="FileRefusedException">
    /// The header cannot be used; thrown before anything is written.
    /// </exception>
    Task RunAsync(
        FileOrder order, Stream input, Stream output, FileProgress progress, CancellationToken cancellationToken);
}

/// <summary>A file that is not begun: its header cannot be used.</summary>
internal sealed class FileRefusedException(ProblemKind kind, string? detail = null) : Exception(kind.Code)
{
    public ProblemKind Kind => kind;
    public string? Detail => detail;
}
