using System.Collections.Immutable;

namespace NumberLedger.Api;

/// <summary>What an operation may answer instead of what was asked for.</summary>
internal static class OperationProblems
{
    private static readonly ProblemKind[] OfAnyCaller =
    [
        ProblemCatalog.CredentialMissing, ProblemCatalog.CredentialInvalid, ProblemCatalog.TooManyInFlight,
        ProblemCatalog.ScopeMissing,
        ProblemCatalog.LedgerUnavailable, ProblemCatalog.Internal,
    ];

    private static readonly ProblemKind[] OfAnyBody =
    [
        ProblemCatalog.BodyEmpty, ProblemCatalog.MediaTypeUnsupported, ProblemCatalog.BodyTooLarge,
        ProblemCatalog.BodyMalformed,
        ProblemCatalog.MemberUnknown, ProblemCatalog.MemberDuplicated, ProblemCatalog.TypeWrong,
        ProblemCatalog.MemberRequired,
    ];

    private static readonly ProblemKind[] OfAnyWrite =
        [
            ProblemCatalog.IdempotencyKeyMalformed, ProblemCatalog.IdempotencyKeyReused,
            ProblemCatalog.IdempotencyKeyInUse,
        ];

    /// <summary>In order of precedence; none for operations with errors in another form.</summary>
    public static ImmutableArray<ProblemKind> Of(Operation operation)
    {
        if (operation.IsCamara) return [];

        var kinds = new List<ProblemKind>(operation.Problems);
        if (operation.Scope is not null) kinds.AddRange([.. OfAnyCaller, ProblemCatalog.ParameterUnknown]);
        if (operation.TakesRegion) kinds.AddRange([ProblemCatalog.ParameterDuplicated, ProblemCatalog.RegionUnknown]);
        if (operation.IsWrite) kinds.AddRange(OfAnyWrite);
        if (operation.Body is { } body)
        {
            kinds.AddRange(OfAnyBody);
            kinds.AddRange(OfFields(body));
        }

        return [.. kinds.DistinctBy(kind => kind.Code).OrderBy(ProblemCatalog.PlaceOf)];
    }

    /// <summary>Without those of a batch's items: they are told in the item's place.</summary>
    private static IEnumerable<ProblemKind> OfFields(Shape shape) => shape.Fields.SelectMany(field =>
        field.Schema.Shape is { } inner ? [.. field.Problems, .. OfFields(inner)] : field.Problems);
}
