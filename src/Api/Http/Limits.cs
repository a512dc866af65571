namespace NumberLedger.Api;

/// <summary>
/// What one request may hold. Each limit is told in the OpenAPI document, and in the problem of whoever passes it.
/// </summary>
internal static class Limits
{
    /// <summary>Any body that is not a batch.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>1,000 events of at most about 500 bytes, with room for white space.</summary>
    public const int CarrierEventsBytesMax = 1024 * 1024;

    /// <summary>1,000 bindings of at most about 1,000 bytes, with room for white space.</summary>
    public const int BindingsBytesMax = 2 * 1024 * 1024;

    /// <summary>10,000 checks of at most about 200 bytes, with room for white space.</summary>
    public const int ChecksBytesMax = 4 * 1024 * 1024;

    /// <summary>
    /// What the server takes at all. More than the largest of the above: past its own limit it breaks the connection,
    /// and a client that is still sending never sees the answer that says which limit it passed.
    /// </summary>
    public const int AnyBodyBytesMax = 2 * ChecksBytesMax;

    /// <summary>Levels of objects and lists in a body; ours have four at most.</summary>
    public const int JsonDepthMax = 16;

    public const int CarrierEventsMax = 1_000;
    public const int BindingsMax = 1_000;
    public const int ChecksMax = 10_000;

    /// <summary>As the FCC's own interface has it.</summary>
    public const int TnMax = 100;

    public const long FileRowsMax = 100_000_000;

    /// <summary>Not compressed: what unpacks without an end is stopped here.</summary>
    public const long FileBytesMax = 16L * 1024 * 1024 * 1024;

    public const int FileColumnsMax = 256;

    /// <summary>A sender that has sent nothing for so long, or a byte a second since it began, is gone.</summary>
    public static readonly TimeSpan FilePauseMax = TimeSpan.FromMinutes(2);

    /// <summary>Each holds tens of megabytes and as much of the machine as it can get.</summary>
    public const int FilesPerPartyMax = 4;

    /// <summary>Of all parties: some 100 MB each.</summary>
    public const int FilesAtOnceMax = 16;

    /// <summary>A job takes as much of the machine as it can get, and checks must get their share.</summary>
    public const int JobsAtOnceMax = 2;

    /// <summary>Processes that died over one job, or fell silent: what ends so many would go on ending them.</summary>
    public const int JobDeathsMax = 20;

    /// <summary>Running, waiting and ended ones, of all kinds.</summary>
    public const int JobsPerPartyMax = 100;

    /// <summary>Of files that are not answered yet, and of answers.</summary>
    public const long JobBytesPerPartyMax = 4 * FileBytesMax;

    /// <summary>One that hangs must not keep the next one away.</summary>
    public const int BackupsAtOnceMax = 2;

    public const int PageItemsMax = 1_000;
    public const int PageItemsDefault = 100;

    /// <summary>Blocks that one page looks through: it may be short, and still not the last.</summary>
    public const int PageBlocksMax = 64;

    /// <summary>Grain calls that one request has under way at once.</summary>
    public const int CallsAtOnceMax = 64;

    /// <summary>Requests of one party at once. Generous: a client that waits for its answers never meets it.</summary>
    public const int InFlightPerPartyMax = 512;

    public const int IdempotencyKeyCharsMax = 255;

    public const int PartyIdCharsMax = 64;
    public const int PartyNameCharsMax = 200;
    public const int EventIdCharsMax = 128;
    public const int EvidenceKindCharsMax = 64;
    public const int EvidenceTextCharsMax = 256;

    /// <summary>A thousand blocks, each of which records the range.</summary>
    public const int RangeNumbersMax = 10_000_000;

    /// <summary>Seconds after which to try again what cannot be answered now.</summary>
    public const int RetryAfterSeconds = 1;

    public static string RetryAfterText { get; } = RetryAfterSeconds.ToString();

    public static string FirstDay { get; } = Days.First.ToString("yyyy-MM-dd");
    public static string LastDay { get; } = Days.Last.ToString("yyyy-MM-dd");
}
