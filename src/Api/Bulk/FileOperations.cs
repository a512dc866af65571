namespace NumberLedger.Api;

internal static class FileOperations
{
    private static readonly ProblemKind[] OfAnyFile =
    [
        ProblemCatalog.ParameterDuplicated, ProblemCatalog.ParameterMalformed, ProblemCatalog.NotAcceptable,
        ProblemCatalog.FileTypeUnsupported, ProblemCatalog.EncodingUnsupported, ProblemCatalog.TooManyFiles,
        ProblemCatalog.BodyMalformed,
    ];

    private static readonly ProblemKind[] OfAnyJob =
    [
        ProblemCatalog.BodyTooLarge, ProblemCatalog.JobsTooMany, ProblemCatalog.JobBytesTooMany,
        ProblemCatalog.StorageFull,
    ];

    /// <summary>Of all files.</summary>
    private static readonly Operation.Parameter Async = new(
        FileRequest.Async, "query", "true: the file is kept, and answered as a job once all of it has arrived.",
        new FieldSchema("boolean"), "true");

    private static readonly ProblemKind[] OfAnyHeader =
    [
        ProblemCatalog.QuoteMalformed, ProblemCatalog.HeaderMissing, ProblemCatalog.ColumnsTooMany,
        ProblemCatalog.ColumnRequired, ProblemCatalog.ColumnDuplicated,
    ];

    public static readonly Operation Scrub = new(
        "postScrub", "Checks", "May I send to the numbers of this file?",
        "Each line comes back as it was, with verdict, reasons, advisories and as of which record it was answered, while the file "
        + "still arrives. A bad line is answered as one. The last line is a trailer with counts and a digest: without it the "
        + "answer was cut off. docs/reference/files.md has the formats and limits.")
    {
        Scope = Scopes.CheckNumbers,
        TakesRegion = true,
        File = new(
            "CSV whose first line names its columns, or one JSON object a line. Only number is required; purpose and date "
            + "(a consent that you bring) are known, anything else passes through.",
            "number,purpose,date,customer\n+8613800001234,marketing,2026-02-11,C-1\n+12065550100,,,C-2\n",
            """{"number":"+8613800001234","purpose":"marketing","customer":"C-1"}"""),
        Parameters =
        [
            new(FileRequest.Purpose, "query", "Of lines that name none; marketing if absent.",
                new FieldSchema("string") { Words = Words<Purposes>.All }, "collection"),
            new(FileRequest.Rule, "query",
                "Adds how this registry would answer for the line's date, from the same record, for comparison.",
                new FieldSchema("string")
                {
                    Words = [.. Words<RegistryRule>.All.Select(word => word.Replace('_', '-'))],
                },
                "fcc-rnd"),
            Async,
            new(FileRequest.OnBehalfOf, "query", "As for checks.",
                new FieldSchema("string") { LengthMax = Limits.PartyIdCharsMax }, "acme"),
        ],
        Answers =
        [
            new(200, "The lines of the file, each with its answer; last the trailer.")
            {
                File = new(
                    "",
                    "number,purpose,date,customer,verdict,reason,advisories,as_of\n"
                    + "+8613800001234,marketing,2026-02-11,C-1,deny,reassigned,,861380000:42\n"
                    + "+12065550100,,,C-2,deny,no_binding,,1206555:0\n"
                    + "#end,rows=2,allow=0,deny=2,unknown=0,bad=0,reason.no_binding=1,reason.reassigned=1,sha256=9f3c...\n",
                    """{"number":"+8613800001234","purpose":"marketing","customer":"C-1","verdict":"deny","reasons":["reassigned"],"advisories":[],"as_of":"861380000:42"}"""),
            },
            JobOperations.Accepted(FileKind.Scrub),
        ],
        Problems =
        [
            .. OfAnyFile, .. OfAnyJob, .. OfAnyHeader, ProblemCatalog.ColumnReserved, ProblemCatalog.NotGranted,
        ],
    };

    private static readonly Operation.Parameter DryRun = new(
        FileRequest.DryRun, "query", "true: judge every line, record nothing.", new FieldSchema("boolean"), "true");

    private static readonly Operation.Answer Refused = new(200, "The lines that were refused; last the trailer.")
    {
        File = new(
            "",
            "line,code,remedy,row\n17,number-too-short,Look for missing digits.,\"...\"\n"
            + "#end,rows=200,recorded=150,duplicate=49,refused=1,code.number-too-short=1,sha256=9f3c...\n",
            """{"line":17,"code":"number-too-short","remedy":"Look for missing digits.","row":"..."}"""),
    };

    public static readonly Operation Carrier = new(
        "postCarrierFile", "Carrier events", "Say what happened to the numbers of this file.",
        "Never all or nothing: each line is judged by itself, those of one number in the order of the file, and only lines that were "
        + "refused come back. The same file again records nothing twice: after anything that went wrong, send it again.")
    {
        Scope = Scopes.WriteCarrierEvents,
        TakesRegion = true,
        File = new(
            "CSV with the members of a carrier event as columns; or without a header, as for the FCC's Reassigned Numbers "
            + "Database: company id, ten digits, day of the disconnect, batch id; or one event a line as JSON.",
            "TESTCO,2065550100,2026-08-01\nTESTCO,2065550101,2026-08-01\n", CarrierEvent.Shape.Example),
        Parameters =
        [
            DryRun, Async,
            new(FileRequest.CompleteThrough, "query",
                "Once all of the file is taken, the feeds of all of your ranges are complete through this day. An empty file will do.",
                new FieldSchema("string") { Format = "date" }, "2026-08-31"),
        ],
        Answers = [Refused, JobOperations.Accepted(FileKind.CarrierFile)],
        Problems =
        [
            .. OfAnyFile, .. OfAnyJob, .. OfAnyHeader, ProblemCatalog.ColumnUnknown,
            ProblemCatalog.Of(Refusal.CompleteThroughInFuture), ProblemCatalog.Of(Refusal.EffectiveTooEarly),
        ],
    };

    public static readonly Operation Bindings = new(
        "postBindingFile", "Bindings", "Bind the numbers of this file to consents.",
        "Never all or nothing: each line is judged by itself, those of one number in the order of the file, and only lines that were "
        + "refused come back. The same file again records nothing twice: after anything that went wrong, send it again.")
    {
        Scope = Scopes.WriteBindings,
        TakesRegion = true,
        File = new(
            "CSV with the columns number, purposes (separated by spaces), role, consented_at, and, not required, expires_at, "
            + "evidence_kind, evidence_reference, evidence_digest; or one binding a line as JSON.",
            "number,purposes,role,consented_at\n+8613800001234,marketing servicing,borrower,2026-02-11T10:15:00+08:00\n",
            BindingRequest.Shape.Example),
        Parameters = [DryRun, Async],
        Answers = [Refused, JobOperations.Accepted(FileKind.BindingFile)],
        Problems = [.. OfAnyFile, .. OfAnyJob, .. OfAnyHeader, ProblemCatalog.ColumnUnknown],
    };
}
