namespace NumberLedger.Api;

internal static class RecyclingOperation
{
    public static Operation Of(string version) => new(
        $"checkNumberRecycling{version}", "CAMARA NumberRecycling", "Was the number given to someone else since that day?",
        "CAMARA NumberRecycling. The day on which the present contract began is false; a day on which nobody held the number is "
        + "true. Errors have CAMARA's three fields, and every answer carries the x-correlator of its request, or a new one. "
        + "docs/reference/errors.md has every code.")
    {
        Scope = Scopes.CheckRecycling,
        IsCamara = true,
        Answers =
        [
            new(200, "The answer.", typeof(RecyclingResponse), """{"phoneNumberRecycled":false}"""),
            Error(400, "INVALID_ARGUMENT, OUT_OF_RANGE", "INVALID_ARGUMENT", "The body is not JSON."),
            Error(401, "UNAUTHENTICATED", "UNAUTHENTICATED", "The request has no credential."),
            Error(403, "PERMISSION_DENIED", "PERMISSION_DENIED", "The access key may not do this."),
            Error(404, "IDENTIFIER_NOT_FOUND", "IDENTIFIER_NOT_FOUND", "No carrier reports on this number."),
            Error(406, "NOT_ACCEPTABLE", "NOT_ACCEPTABLE", "Only application/json can be answered."),
            Error(415, "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE", "The body is not declared as JSON in UTF-8."),
            Error(422, "MISSING_IDENTIFIER, SERVICE_NOT_APPLICABLE", "MISSING_IDENTIFIER",
                "phoneNumber is required: the access key identifies no number."),
            Error(429, "TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS", "Too many requests of your party are running at once."),
            Error(500, "INTERNAL", "INTERNAL", "Something went wrong on our side."),
            Error(503, "UNAVAILABLE", "UNAVAILABLE", "The ledger cannot answer now."),
        ],
    };

    private static Operation.Answer Error(int status, string codes, string code, string message) => new(
        status, codes, typeof(CamaraError), $$"""{"status":{{status}},"code":"{{code}}","message":"{{message}}"}""");
}
