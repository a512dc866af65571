namespace NumberLedger.Api;

/// <summary>May I send? One number, one purpose.</summary>
internal sealed record CheckRequest(PhoneNumber Number, Purposes Purpose, DateOnly? ConsentedOn, string? OnBehalfOf)
{
    private static readonly NumberField NumberField = new(
        "number", true, "The number to send to.");

    private static readonly WordField<Purposes> PurposeField = new(
        "purpose", true, "What the message is for.");

    private static readonly DayField ConsentedOnField = new(
        "consentedOn", false,
        "The day of a consent that you bring. It replaces only the day: a binding of the present holder still counts. "
        + "Without it the check stands on your stored binding. Not later than today where the number's day begins first; "
        + "not before 1950-01-01.");

    private static readonly PartyIdField OnBehalfOfField = new(
        "onBehalfOf", false, isReference: true,
        "The lender for whom you ask. An agency must name one, and needs its grant: grants do not exist yet, so it is 403. "
        + "A lender may name itself only.");

    public static readonly Shape<CheckRequest> Shape = new(
        "Check", "The question before every send.",
        [NumberField, PurposeField, ConsentedOnField, OnBehalfOfField], Read,
        """{"number":"+8613800001234","purpose":"marketing"}""");

    private static CheckRequest? Read(Place at)
    {
        PhoneNumber? number = NumberField.Read(at);
        Purposes? purpose = PurposeField.Read(at);
        DateOnly? consentedOn = ConsentedOnField.Read(at);
        string? onBehalfOf = OnBehalfOfField.Read(at);
        return at.IsFaulty ? null : new(number!.Value, purpose!.Value, consentedOn, onBehalfOf);
    }
}

internal sealed record CheckBatchRequest(BatchItem<CheckRequest>[] Checks)
{
    public const string List = "checks";

    private static readonly ItemsField<CheckRequest> ChecksField = new(
        List, Limits.ChecksMax, CheckRequest.Shape, "The questions, each by itself.");

    public static readonly Shape<CheckBatchRequest> Shape = new(
        "CheckBatch", "Many questions at once.", [ChecksField], Read,
        """{"checks":[{"number":"+8613800001234","purpose":"marketing"},{"number":"+12065550100","purpose":"servicing","consentedOn":"2025-11-02"}]}""");

    private static CheckBatchRequest? Read(Place at) =>
        ChecksField.Read(at) is { } checks ? new(checks) : null;
}
