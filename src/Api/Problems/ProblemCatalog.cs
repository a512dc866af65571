using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>
/// Every no that this API can say, in order of precedence: of several that apply, the first listed is told.
/// </summary>
/// <remarks>
/// The one place where a <see cref="Refusal"/> becomes HTTP. docs/reference/errors.md is made from it, and a test fails
/// when the two differ or a refusal has no kind. Texts MUST NOT repeat what the caller sent: it may be a phone number.
/// </remarks>
internal static partial class ProblemCatalog
{
    // The route.
    public static readonly ProblemKind RequestMalformed = new(
        "request-malformed", 400, Retry.No, "The request is not HTTP that can be read.", "Send it as RFC 9110 has it.");
    public static readonly ProblemKind RequestTooSlow = new(
        "request-too-slow", 408, Retry.No, "The body came too slowly, or stopped coming.",
        $"Send at least {KestrelLimits.BodyBytesPerSecondMin} bytes a second; a file, at least one, and no pause of "
        + $"{Limits.FilePauseMax.TotalMinutes} minutes at its beginning.");
    public static readonly ProblemKind RouteUnknown = new(
        "route-unknown", 404, Retry.No, "There is nothing at this address.",
        "See /openapi/v1.json for what there is.");
    public static readonly ProblemKind MethodNotAllowed = new(
        "method-not-allowed", 405, Retry.No, "This address does not take this method.",
        "Use one of the methods in the Allow header.");

    // The caller.
    public static readonly ProblemKind CredentialMissing = new(
        "credential-missing", 401, Retry.No, "The request has no credential.",
        "Send the header Authorization: Bearer, and your access key.");
    public static readonly ProblemKind CredentialInvalid = new(
        "credential-invalid", 401, Retry.No, "The access key is not known, or was revoked.",
        "Use a live key of your party. An operator can make a new one.");
    public static readonly ProblemKind ScopeMissing = new(
        "scope-missing", 403, Retry.No, "The access key may not do this.",
        "Use a key with the scope that the WWW-Authenticate header names.");
    public static readonly ProblemKind TooManyInFlight = new(
        "too-many-in-flight", 429, Retry.Later, "Too many requests of your party are running at once.",
        $"Wait for answers before sending more: {Limits.InFlightPerPartyMax} may run at once.");

    // The query.
    public static readonly ProblemKind ParameterUnknown = new(
        "parameter-unknown", 400, Retry.No, "The address has a query parameter that is not known here.",
        "Leave it out, or correct its name.");
    public static readonly ProblemKind ParameterDuplicated = new(
        "parameter-duplicated", 400, Retry.No, "The address has a query parameter twice.", "Send it once.");
    public static readonly ProblemKind RegionUnknown = new(
        "region-unknown", 400, Retry.No, "The region is not known.", "Use a code of ISO 3166-1, two capital letters: CN.");
    public static readonly ProblemKind LimitMalformed = new(
        "limit-malformed", 400, Retry.No, "The limit is not a count that is taken.",
        $"Send a count from 1 to {Limits.PageItemsMax}.");
    public static readonly ProblemKind ParameterMalformed = new(
        "parameter-malformed", 400, Retry.No, "A query parameter has a value that is not taken.",
        "Send one of the values that are named.");
    public static readonly ProblemKind CursorInvalid = new(
        "cursor-invalid", 400, Retry.No, "The cursor is not one that this party was given.",
        "Send the nextCursor of the page before, unchanged, or begin again without one.");

    // Files, before anything in them is looked at.
    public static readonly ProblemKind NotAcceptable = new(
        "not-acceptable", 406, Retry.No, "The answer cannot be given in a form that is accepted.",
        "Accept text/csv or application/x-ndjson.");
    public static readonly ProblemKind FileTypeUnsupported = new(
        "file-type-unsupported", 415, Retry.No, "The file is not declared as CSV or NDJSON in UTF-8.",
        "Send the header Content-Type: text/csv or Content-Type: application/x-ndjson.");
    public static readonly ProblemKind EncodingUnsupported = new(
        "encoding-unsupported", 415, Retry.No, "The file is compressed in a way that is not known here.",
        "Send it with Content-Encoding: gzip, or as it is.");
    public static readonly ProblemKind TooManyFiles = new(
        "too-many-files", 429, Retry.Later, "Too many files are under way at once.",
        $"Wait until one has ended: {Limits.FilesPerPartyMax} of a party and {Limits.FilesAtOnceMax} of all may run at once.");

    // The header of a CSV file.
    public static readonly ProblemKind HeaderMissing = new(
        "header-missing", 400, Retry.No, "The file has no line that names its columns.",
        "Begin it with a line such as number,purpose,date.");
    public static readonly ProblemKind ColumnsTooMany = new(
        "columns-too-many", 400, Retry.No, "The file has more columns than are taken.",
        $"Send at most {Limits.FileColumnsMax} columns.");
    public static readonly ProblemKind ColumnRequired = new(
        "column-required", 400, Retry.No, "A column is missing that is required.",
        "Name it in the first line; names are case-sensitive.");
    public static readonly ProblemKind ColumnUnknown = new(
        "column-unknown", 400, Retry.No, "The file has a column that is not known here.",
        "Leave it out, or correct its name.");
    public static readonly ProblemKind ColumnDuplicated = new(
        "column-duplicated", 400, Retry.No, "Two columns have the same name.", "Rename one of them.");
    public static readonly ProblemKind ColumnReserved = new(
        "column-reserved", 400, Retry.No, "The file has a column that the answer adds.",
        "Rename it, or leave it out.");

    // The lines of a file. Told in the line's place, or in the list of lines that were refused.
    public static readonly ProblemKind LineTooLong = new(
        "line-too-long", 400, Retry.No, "A line is longer than is taken.",
        $"Keep lines to {CsvRecords.BytesMax} bytes.");
    public static readonly ProblemKind QuoteMalformed = new(
        "quote-malformed", 400, Retry.No, "A quoted field is not closed, or is followed by something else than a comma.",
        "Close it, and write a quote inside of it twice.");
    public static readonly ProblemKind FieldsMissing = new(
        "fields-missing", 400, Retry.No, "A line has fewer fields than the file has columns.",
        "Write empty fields too, or quote what holds a comma.");
    public static readonly ProblemKind FieldsTooMany = new(
        "fields-too-many", 400, Retry.No, "A line has more fields than the file has columns.",
        "Quote what holds a comma.");
    public static readonly ProblemKind LineMalformed = new(
        "line-malformed", 400, Retry.No, "A line is not one JSON object.", "Write one object on each line.");
    public static readonly ProblemKind MemberReserved = new(
        "member-reserved", 400, Retry.No, "An object has a member that the answer adds.",
        "Rename it, or leave it out.");

    // The body, before anything in it is looked at.
    public static readonly ProblemKind MediaTypeUnsupported = new(
        "media-type-unsupported", 415, Retry.No, "The body is not declared as JSON in UTF-8.",
        "Send the header: Content-Type: application/json.");
    public static readonly ProblemKind BodyTooLarge = new(
        "body-too-large", 413, Retry.No, "The body is larger than this address takes.",
        "Send fewer items in one request.");
    public static readonly ProblemKind BodyEmpty = new(
        "body-empty", 400, Retry.No, "The request has no body.", "Send a JSON object.");
    public static readonly ProblemKind BodyMalformed = new(
        "body-malformed", 400, Retry.No, "The body is not what its headers say.",
        "Send one JSON value in UTF-8: no comments, no trailing commas or data, at most 16 levels deep.");

    // The shape of the body.
    public static readonly ProblemKind MemberUnknown = new(
        "member-unknown", 400, Retry.No, "The body has a member that is not known here.",
        "Leave it out, or correct its name.");
    public static readonly ProblemKind MemberDuplicated = new(
        "member-duplicated", 400, Retry.No, "The body has a member twice.", "Send it once.");
    public static readonly ProblemKind TypeWrong = new(
        "type-wrong", 400, Retry.No, "A value is of another JSON type than expected.", "Send the type that is named.");
    public static readonly ProblemKind MemberRequired = new(
        "member-required", 400, Retry.No, "A required member is missing.", "Send it.");
    public static readonly ProblemKind MemberNotAllowed = new(
        "member-not-allowed", 400, Retry.No, "A member does not belong with the others.", "Leave it out.");
    public static readonly ProblemKind ListEmpty = new(
        "list-empty", 400, Retry.No, "A list is empty that needs an item.", "Send at least one item.");
    public static readonly ProblemKind ListTooLong = new(
        "list-too-long", 400, Retry.No, "A list has more items than are taken at once.", "Send it in parts.");
    public static readonly ProblemKind ValueDuplicated = new(
        "value-duplicated", 400, Retry.No, "A list has a value twice.", "Send it once.");

    // What the values say.
    public static readonly ProblemKind TextEmpty = new(
        "text-empty", 400, Retry.No, "A text is empty.", "Send a text, or leave an optional member out.");
    public static readonly ProblemKind TextTooLong = new(
        "text-too-long", 400, Retry.No, "A text is too long.", "Shorten it to the limit that is named.");
    public static readonly ProblemKind TextMalformed = new(
        "text-malformed", 400, Retry.No, "A text has characters that are not taken there.", "Use the characters that are named.");
    public static readonly ProblemKind ValueUnknown = new(
        "value-unknown", 400, Retry.No, "A value is none of those that are known.", "Use one of those that are named.");
    public static readonly ProblemKind DayMalformed = new(
        "day-malformed", 400, Retry.No, "A value is not a calendar day.", "Write it as year-month-day: 2026-03-01.");
    public static readonly ProblemKind InstantMalformed = new(
        "instant-malformed", 400, Retry.No, "A value is not an instant.",
        "Write it as RFC 3339 has it, with an offset: 2026-03-01T09:30:00+08:00.");

    // Impossible numbers.
    public static readonly ProblemKind NumberMissing = new(
        "number-missing", 422, Retry.No, "The number is empty.", "Send it in E.164 form: +8613800001234.");
    public static readonly ProblemKind NumberNoPlus = new(
        "number-no-plus", 422, Retry.No, "The number does not begin with a plus sign.",
        "Send it in E.164 form, with the calling code, or name the region of national numbers: ?region=CN.");
    public static readonly ProblemKind NumberNotADigit = new(
        "number-not-a-digit", 422, Retry.No, "The number has a character that is not a digit.",
        "Send a plus sign and digits, without spaces or hyphens.");
    public static readonly ProblemKind NumberTooShort = new(
        "number-too-short", 422, Retry.No, "The number has too few digits to exist.", "Look for missing digits.");
    public static readonly ProblemKind NumberTooLong = new(
        "number-too-long", 422, Retry.No, "The number has too many digits to exist.", "Look for digits too many.");
    public static readonly ProblemKind NumberUnknownCallingCode = new(
        "number-unknown-calling-code", 422, Retry.No, "The number begins with no calling code.",
        "Look at the first digits: they name the country.");

    // Ranges.
    public static readonly ProblemKind RangeNotThousands = new(
        "range-not-thousands", 422, Retry.No, "The range is not made of whole thousands.",
        "End from in 000, and to in 999.");
    public static readonly ProblemKind RangeLengthsDiffer = new(
        "range-lengths-differ", 422, Retry.No, "The ends of the range differ in length.",
        "Send one range for each length of number.");
    public static readonly ProblemKind RangeReversed = new(
        "range-reversed", 422, Retry.No, "The range ends before it begins.", "Exchange from and to.");
    public static readonly ProblemKind RangeTooLarge = new(
        "range-too-large", 422, Retry.No, "The range has too many numbers.",
        $"Send ranges of at most {Limits.RangeNumbersMax} numbers.");
    public static readonly ProblemKind TrackedSinceOutOfRange = new(
        "tracked-since-out-of-range", 422, Retry.No, "The day is outside the ledger's calendar.",
        $"The calendar begins on {Limits.FirstDay} and ends on {Limits.LastDay}.");

    // Idempotency.
    public static readonly ProblemKind IdempotencyKeyMalformed = new(
        "idempotency-key-malformed", 400, Retry.No, "The Idempotency-Key header is not one key.",
        $"Send one key of 1 to {Limits.IdempotencyKeyCharsMax} printable ASCII characters.");
    public static readonly ProblemKind IdempotencyKeyReused = new(
        "idempotency-key-reused", 422, Retry.No, "The idempotency key was used for another request.",
        "Use a new key for each request; repeat a request only unchanged.");
    public static readonly ProblemKind IdempotencyKeyInUse = new(
        "idempotency-key-in-use", 409, Retry.Later, "The first request with this idempotency key is still running.",
        "Send it again later, unchanged, with the same key.");

    // What the caller may not do or name, although its scope is right.
    public static readonly ProblemKind NotGranted = new(
        "not-granted", 403, Retry.No, "No lender has granted you this.",
        "A lender asks for itself. Grants to agencies do not exist yet.");
    public static readonly ProblemKind LenderNotOwn = new(
        "lender-not-own", 403, Retry.No, "A lender passes on refusals of itself only.",
        "Leave lender out, or name yourself. An operator can record other refusals.");
    public static readonly ProblemKind ScopeNotOwn = new(
        "scope-not-own", 403, Retry.No, "A lender does not record refusals of everyone.",
        "Send scope lender. An operator can record a refusal of everyone.");

    // Jobs.
    public static readonly ProblemKind JobUnknown = new(
        "job-unknown", 404, Retry.No, "You have no such job.", "List yours. A job is gone seven days after it ended.");
    public static readonly ProblemKind JobUnfinished = new(
        "job-unfinished", 409, Retry.No, "The job has not ended.", "Ask for its events, or again when its status says that it ended.");
    public static readonly ProblemKind JobFailed = new(
        "job-failed", 409, Retry.No, "The job failed: it has no answer.", "Look at its failure, and send the file again.");
    public static readonly ProblemKind JobsTooMany = new(
        "jobs-too-many", 409, Retry.No, "Your party keeps as many jobs as it may.",
        $"Delete one first: {Limits.JobsPerPartyMax} are kept, those that ended included.");
    public static readonly ProblemKind JobBytesTooMany = new(
        "job-bytes-too-many", 409, Retry.No, "The files and answers of your jobs take as much room as they may.",
        $"Delete a job first: {Limits.JobBytesPerPartyMax} bytes are kept. Or send the file without async, which keeps nothing.");
    public static readonly ProblemKind StorageFull = new(
        "storage-full", 507, Retry.No, "There is no room to keep the file, or its answer.",
        "Tell the operator; delete jobs that you do not need. Or send the file without async, which keeps nothing.");

    // Backups.
    public static readonly ProblemKind TooManyBackups = new(
        "too-many-backups", 429, Retry.Later, "Too many backups are under way at once.",
        $"Wait until one has ended: {Limits.BackupsAtOnceMax} may run at once.");
    public static readonly ProblemKind BackupElsewhere = new(
        "backup-elsewhere", 409, Retry.No, "This ledger is in a database, and backed up in another way.",
        "Over PostgreSQL use pg_basebackup or pg_dump, over Azure Tables store copy and a backup of the copy: "
        + "docs/operating/backup.md says what belongs together.");

    // Our side, at any time. Refusals of the ledger come before.
    public static readonly ProblemKind NotReady = new(
        "not-ready", 503, Retry.Later, "This process does not serve yet, or no longer.", "See detail for why.");
    public static readonly ProblemKind LedgerUnavailable = new(
        "ledger-unavailable", 503, Retry.Later, "The ledger cannot answer now.",
        "Send it again later. After a write the outcome is unknown: use the same idempotency key or the same event ids.");
    public static readonly ProblemKind Internal = new(
        "internal", 500, Retry.WithSameKey, "Something went wrong on our side.",
        "Tell the operator the traceId. After a write the outcome is unknown: repeat it with the same idempotency key.");

    private static readonly FrozenDictionary<Refusal, ProblemKind> Refusals = RefusalKinds().ToFrozenDictionary();

    /// <summary>In order of precedence.</summary>
    public static ImmutableArray<ProblemKind> All { get; } =
    [
        .. Declared().TakeWhile(kind => kind != NotReady),
        .. RefusalKinds().Select(pair => pair.Value),
        .. Declared().SkipWhile(kind => kind != NotReady),
    ];

    private static readonly FrozenDictionary<string, int> Places =
        All.Select((kind, place) => (kind, place)).ToFrozenDictionary(pair => pair.kind.Code, pair => pair.place);

    /// <summary>In <see cref="All"/>: of several problems, the one in the lowest place is told.</summary>
    public static int PlaceOf(ProblemKind kind) => Places[kind.Code];

    /// <summary>A refusal of what a body names: the address exists, so it is never 404.</summary>
    public static ProblemKind OfReference(Refusal refusal) =>
        Of(refusal) with { Status = StatusCodes.Status422UnprocessableEntity };

    public static ProblemKind Of(Refusal refusal) =>
        Refusals.TryGetValue(refusal, out ProblemKind? kind)
            ? kind
            : throw new UnreachableException($"No HTTP problem for {refusal}.");

    public static ProblemKind Of(PhoneNumberFault fault) => fault switch
    {
        PhoneNumberFault.Missing => NumberMissing,
        PhoneNumberFault.NoPlus => NumberNoPlus,
        PhoneNumberFault.NotADigit => NumberNotADigit,
        PhoneNumberFault.TooShort => NumberTooShort,
        PhoneNumberFault.TooLong => NumberTooLong,
        PhoneNumberFault.UnknownCallingCode => NumberUnknownCallingCode,
        _ => throw new UnreachableException($"No HTTP problem for {fault}."),
    };

    /// <summary>The fields above, in the order of the file.</summary>
    private static IEnumerable<ProblemKind> Declared() =>
        typeof(ProblemCatalog).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ProblemKind))
            .OrderBy(field => field.MetadataToken)
            .Select(field => (ProblemKind)field.GetValue(null)!);
}
