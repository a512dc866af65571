namespace NumberLedger.Api;

internal static class BindingOperations
{
    private const string Tag = "Bindings";
    private const string Example = """{"bindingId":"bnd_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e","status":"active"}""";

    private static readonly ProblemKind[] BindProblems =
    [
        ProblemCatalog.Of(Refusal.ConsentInFuture),
        ProblemCatalog.Of(Refusal.ConsentTooEarly),
        ProblemCatalog.Of(Refusal.ConsentBeforeRelease),
        ProblemCatalog.Of(Refusal.ConsentOlder),
    ];

    public static readonly Operation Bind = new(
        "postBinding", Tag, "Bind a number to a consent.",
        "One binding per lender and number: binding again renews it, and keeps its id. A consent that is not from the present "
        + "holder is recorded all the same, with status dead: a carrier may yet retract what killed it.")
    {
        Scope = Scopes.WriteBindings,
        TakesRegion = true,
        IsWrite = true,
        Answers = [new(201, "Recorded.", typeof(BindingResponse), Example)],
        Problems = BindProblems,
    };

    public static readonly Operation BindMany = new(
        "postBindings", Tag, "Bind numbers to consents.",
        $"Up to {Limits.BindingsMax} bindings, never all or nothing: each has its own result. If the answer is not a 200, send all of "
        + "them again: what was recorded is not recorded twice.")
    {
        Scope = Scopes.WriteBindings,
        TakesRegion = true,
        IsWrite = true,
        BodyBytesMax = Limits.BindingsBytesMax,
        Answers = [new(200, "One result for each binding, in order.", typeof(BindingBatchResponse), $$"""{"results":[{{Example}}]}""")],
    };

    public static readonly Operation Release = new(
        "postBindingRelease", Tag, "End a binding.",
        "Whatever its status. After it, only a consent later than the release binds the number again.")
    {
        Scope = Scopes.WriteBindings,
        TakesRegion = true,
        IsWrite = true,
        Answers =
        [
            new(200, "Ended, now or before.", typeof(ReleaseResponse),
                """{"bindingId":"bnd_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e","status":"released"}"""),
        ],
        Problems = [ProblemCatalog.Of(Refusal.BindingUnknown)],
    };

    public static readonly Operation List = new(
        "getBindings", Tag, "List your bindings.",
        $"In the order of numbers, masked. One page looks through at most {Limits.PageBlocksMax} blocks of 10,000 numbers, so it may be "
        + "short, even empty, and not be the last: go on while there is a nextCursor.")
    {
        Scope = Scopes.ReadBindings,
        Parameters =
        [
            new(Query.Limit, "query", $"Bindings on a page, 1 to {Limits.PageItemsMax}; {Limits.PageItemsDefault} if absent.",
                new FieldSchema("integer") { Minimum = 1, Maximum = Limits.PageItemsMax }, "100"),
            new(Query.Cursor, "query", "The nextCursor of the page before.", new FieldSchema("string"),
                "q0Jz3v9bWm5XcT1uYk7RfL2eHdN8aPsG4oVtCiKxBnEwZyMrQhA"),
        ],
        Answers =
        [
            new(200, "A page.", typeof(BindingPage),
                """{"bindings":[{"bindingId":"bnd_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e","number":"+86*******1234","status":"active","purposes":["marketing"],"role":"borrower","consentedAt":"2026-02-11T10:15:00+08:00"}]}"""),
        ],
        Problems = [ProblemCatalog.ParameterDuplicated, ProblemCatalog.LimitMalformed, ProblemCatalog.CursorInvalid],
    };
}
