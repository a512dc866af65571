namespace NumberLedger.Api;

internal enum FileKind : byte
{
    Scrub = 1,
    CarrierFile = 2,
    BindingFile = 3,
}

/// <summary>What a request wants of its file, judged before the first byte of it is read; a job keeps it.</summary>
/// <param name="Party">On whose behalf it runs, from the credential.</param>
/// <param name="KeyId">Of that credential: a key that is revoked meanwhile stops the file.</param>
/// <param name="Region">Of national numbers; null: E.164 only.</param>
/// <param name="Purpose">Of scrub lines that name none.</param>
/// <param name="Rule">The registry that a scrub answers for beside the ledger; null for none.</param>
/// <param name="DryRun">Judge, record nothing.</param>
/// <param name="CompleteThrough">
/// The day through which the carrier's feeds are complete once all of its file is taken.
/// </param>
internal sealed record FileOrder(
    FileKind Kind, string Party, string KeyId, FileFormat In, FileFormat Out, string? Region, Purposes Purpose,
    RegistryRule? Rule, bool DryRun, DateOnly? CompleteThrough);
