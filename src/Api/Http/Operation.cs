namespace NumberLedger.Api;

/// <summary>
/// What the OpenAPI document says of an endpoint beside its address, and what its requests are read by.
/// </summary>
/// <param name="Id">Unique, stable: clients are generated from it.</param>
internal sealed record Operation(string Id, string Tag, string Summary, string Description)
{
    /// <summary>The scope that a key needs; null: open to all.</summary>
    public string? Scope { get; init; }

    public Shape? Body { get; init; }

    /// <summary>The body is a file; then <see cref="Body"/> is null.</summary>
    public FileShape? File { get; init; }

    /// <summary>Larger bodies are 413.</summary>
    public int BodyBytesMax { get; init; } = Limits.BodyBytesMax;

    /// <summary>Takes <c>?region=CN</c>.</summary>
    public bool TakesRegion { get; init; }

    /// <summary>Writes take an Idempotency-Key.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Changes nothing, and is asked before every message: answered in one read of heads.</summary>
    public bool IsCheck { get; init; }

    /// <inheritdoc cref="IdempotentRequests.OnceAsync"/>
    public bool AnswersAreSecret { get; init; }

    /// <summary>Answers errors in CAMARA's form.</summary>
    public bool IsCamara { get; init; }

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>Those of this operation; what any operation may answer is added.</summary>
    public IReadOnlyList<ProblemKind> Problems { get; init; } = [];

    /// <param name="Body">Type of the body; null: none.</param>
    /// <param name="Example">Valid JSON of the body.</param>
    public sealed record Answer(int Status, string Description, Type? Body = null, string? Example = null)
    {
        /// <summary>The answer is a file.</summary>
        public FileShape? File { get; init; }

        /// <summary>The answer is text of this type.</summary>
        public (string MediaType, string Example)? Text { get; init; }
    }

    /// <summary>A file in either of two types, with an example of each.</summary>
    public sealed record FileShape(string Description, string Csv, string Ndjson);

    /// <param name="In">"path" or "query".</param>
    public sealed record Parameter(string Name, string In, string Description, FieldSchema Schema, string Example)
    {
        public static Parameter Party { get; } = new(
            "id", "path", "The party's id.", new FieldSchema("string") { LengthMax = Limits.PartyIdCharsMax }, "acme");
    }
}
