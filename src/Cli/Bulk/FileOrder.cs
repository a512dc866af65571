namespace NumberLedger.Cli;

/// <summary>A file that is to be sent, and where its answer is to go.</summary>
/// <param name="Path">Of the call: /v1/scrubs.</param>
/// <param name="Writes">It records what it is given; its answer has only what was refused.</param>
/// <param name="Parameters">Of the call, those that are null left out.</param>
/// <param name="Input">A file, or - for standard input.</param>
/// <param name="Output">A file; null for standard output.</param>
internal sealed record FileOrder(
    string Path, bool Writes, IReadOnlyList<(string Name, string? Value)> Parameters, FileFormat In, FileFormat Out,
    string Input, string? Output)
{
    public bool IsStandardInput => Input == Arguments.Standard;

    /// <summary>What the answer is called until it is whole; null: it goes straight to where it is read.</summary>
    public string? Part =>
        Output is null || OutputPath.IsWrittenThrough(Output) ? null : AnswerSink.PartOf(Output);

    /// <summary>The trailer's count of the lines that the answer has.</summary>
    public string CountOfRecords => Writes ? "refused" : "rows";

    public Uri UrlAt(Uri server, bool asJob) => new(
        server, Path + Arguments.Query(asJob ? Parameters.Append(("async", "true")) : Parameters));

    public IEnumerable<(string Name, string Value)> Headers(AccessKey key) =>
    [
        ("Authorization", "Bearer " + key.Text),
        ("Content-Type", In.MediaType()),
        ("Accept", Out.MediaType()),
    ];

    /// <summary>All of the input.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    public Task<FileBody> OpenInputAsync(CancellationToken cancellationToken) =>
        // A named pipe is opened only when somebody opens it to write.
        Task.Run(OpenInput, CancellationToken.None).WaitAsync(cancellationToken);

    private FileBody OpenInput()
    {
        if (IsStandardInput) return new FileBody([Console.OpenStandardInput()], null);

        FileStream file = OpenFile();
        return new FileBody([file], file.CanSeek ? file.Length : null);
    }

    public FileStream OpenFile() => new(
        Input,
        new FileStreamOptions { Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
}
