using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>One kind of no that a caller can get. All are in <see cref="ProblemCatalog"/>.</summary>
/// <param name="Code">Stable, in kebab-case. Clients switch on it.</param>
/// <param name="Title">What is the matter, the same in every answer of this kind.</param>
/// <param name="Remedy">What the caller can do about it.</param>
internal sealed record ProblemKind(string Code, int Status, Retry Retry, string Title, string Remedy)
{
    /// <summary>A stable name that does not pretend to be a page.</summary>
    public string Type { get; } = "urn:numberledger:problem:" + Code;

    public static string CodeOf(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>May the same request be sent again, unchanged?</summary>
internal enum Retry
{
    /// <summary>It will be refused again: change it, or what it rests on, first.</summary>
    No,

    /// <summary>After the seconds of <c>Retry-After</c>. A write keeps its idempotency key.</summary>
    Later,

    /// <summary>At any time, with the same idempotency key: the outcome may be that of the first.</summary>
    WithSameKey,
}
