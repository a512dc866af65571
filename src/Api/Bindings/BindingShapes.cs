namespace NumberLedger.Api;

/// <summary>A lender's claim that the holder consented.</summary>
internal sealed record BindingRequest(
    PhoneNumber Number, Purposes Purposes, BindingRole Role, DateTimeOffset ConsentedAt, DateTimeOffset? ExpiresAt,
    Evidence? Evidence)
{
    private static readonly NumberField NumberField = new("number", true, "The holder's number.");

    private static readonly PurposesField PurposesField = new("purposes", true, "What the holder consented to.");

    private static readonly WordField<BindingRole> RoleField = new(
        "role", true,
        "Who the holder is to you. A contact was named by a borrower and never consented: marketing and collection are denied.");

    private static readonly InstantField ConsentedAtField = new(
        "consentedAt", true,
        "When the holder consented; for a contact, when they were named. Not later than now, 5 minutes for clocks; not before 1950.");

    private static readonly InstantField ExpiresAtField = new(
        "expiresAt", false, "From when on it no longer counts. May lie in the past.");

    private static readonly TextField EvidenceKindField = new(
        "kind", true, Limits.EvidenceKindCharsMax, "In your words: web_form, call_recording.");

    private static readonly TextField EvidenceReferenceField = new(
        "reference", false, Limits.EvidenceTextCharsMax, "Where you keep it. Must not contain the number.");

    private static readonly TextField EvidenceDigestField = new(
        "digest", false, Limits.EvidenceTextCharsMax, "Of the evidence itself, in your notation: sha256:...");

    private static readonly ObjectField<Evidence> EvidenceField = new(
        "evidence", false,
        new Shape<Evidence>(
            "Evidence", "What you can show for the consent.",
            [EvidenceKindField, EvidenceReferenceField, EvidenceDigestField],
            ReadEvidence, """{"kind":"web_form","reference":"form-2026-02-11-77"}"""),
        "What you can show for the consent.");

    public static readonly Shape<BindingRequest> Shape = new(
        "Binding", "A claim that the holder of a number consented.",
        [NumberField, PurposesField, RoleField, ConsentedAtField, ExpiresAtField, EvidenceField], Read,
        """{"number":"+8613800001234","purposes":["marketing","servicing"],"role":"borrower","consentedAt":"2026-02-11T10:15:00+08:00","evidence":{"kind":"web_form","reference":"form-2026-02-11-77"}}""");

    /// <summary>As it is recorded.</summary>
    public LedgerEvent.Bound ClaimOf(string lender) => new(
        lender, Role, Purposes, ConsentedAt, Country.Of(Number).ConsentDay(ConsentedAt), ExpiresAt, Evidence);

    private static BindingRequest? Read(Place at)
    {
        PhoneNumber? number = NumberField.Read(at);
        Purposes? purposes = PurposesField.Read(at);
        BindingRole? role = RoleField.Read(at);
        DateTimeOffset? consentedAt = ConsentedAtField.Read(at);
        DateTimeOffset? expiresAt = ExpiresAtField.Read(at);
        Evidence? evidence = EvidenceField.Read(at);
        return at.IsFaulty
            ? null
            : new(number!.Value, purposes!.Value, role!.Value, consentedAt!.Value, expiresAt, evidence);
    }

    private static Evidence? ReadEvidence(Place at)
    {
        string? kind = EvidenceKindField.Read(at);
        string? reference = EvidenceReferenceField.Read(at);
        string? digest = EvidenceDigestField.Read(at);
        return kind is null ? null : new(kind, reference, digest);
    }
}

internal sealed record BindingBatchRequest(BatchItem<BindingRequest>[] Bindings)
{
    private static readonly ItemsField<BindingRequest> BindingsField = new(
        "bindings", Limits.BindingsMax, BindingRequest.Shape,
        "Each is judged by itself. Bindings of one number are recorded in this order.");

    public static readonly Shape<BindingBatchRequest> Shape = new(
        "BindingBatch", "Many claims at once.", [BindingsField], Read,
        """{"bindings":[{"number":"+8613800001234","purposes":["marketing"],"role":"borrower","consentedAt":"2026-02-11T10:15:00+08:00"}]}""");

    private static BindingBatchRequest? Read(Place at) =>
        BindingsField.Read(at) is { } bindings ? new(bindings) : null;
}

/// <summary>Exactly one of the two is set.</summary>
internal sealed record ReleaseRequest(PhoneNumber? Number, string? BindingId)
{
    private const int BindingIdCharsMax = 64;

    private static readonly NumberField NumberField = new("number", false, "The number. Either this or bindingId.");

    private static readonly TextField BindingIdField = new(
        "bindingId", false, BindingIdCharsMax, "As you were given it when you bound the number. Either this or number.");

    public static readonly Shape<ReleaseRequest> Shape = new(
        "Release", "Which binding to end.", [NumberField, BindingIdField], Read, """{"number":"+8613800001234"}""");

    private static ReleaseRequest? Read(Place at)
    {
        PhoneNumber? number = NumberField.Read(at);
        string? bindingId = BindingIdField.Read(at);
        switch (Field.IsPresent(at, NumberField), Field.IsPresent(at, BindingIdField))
        {
            case (true, true):
                at.Values.Add(
                    ProblemCatalog.MemberNotAllowed, at.PointerTo(BindingIdField.Name), "Either number or bindingId.");
                break;
            case (false, false):
                at.Values.Add(
                    ProblemCatalog.MemberRequired, at.PointerTo(NumberField.Name), "Either number or bindingId.");
                break;
        }

        return at.IsFaulty ? null : new(number, bindingId);
    }
}
