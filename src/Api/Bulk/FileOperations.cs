namespace NumberLedger.Api;

internal static class FileOperations
{
    private static readonly ProblemKind[] OfAnyFile =
    [
        ProblemCatalog.ParameterDuplicated, ProblemCatalog.ParameterMalformed, ProblemCatalog.NotAcceptable,
        ProblemCatalog.FileTypeUnsupported, ProblemCatalog.EncodingUnsupported, ProblemCatalog.TooManyFiles,
        ProblemCatalog.BodyMalformed,
    ];

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
                new FieldSchema("string") { Words = [.. Words<RegistryRule>.All.Select(word => word.Replace('_', '-'))] },
                "fcc-rnd"),
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
        ],
        Problems = [.. OfAnyFile, .. OfAnyHeader, ProblemCatalog.ColumnReserved, ProblemCatalog.NotGranted],
    };
}
