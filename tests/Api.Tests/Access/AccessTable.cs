namespace NumberLedger.Api.Tests.Access;

/// <summary>Who may call what. Every operation has a row: one without is served to nobody knows whom.</summary>
internal static class AccessTable
{
    public static readonly string[] Roles = ["lender", "agency", "carrier", "auditor", "operator"];

    public static readonly Row[] Rows =
    [
        new("POST /v1/checks", "checks:run", "lender", "agency"),
        new("POST /v1/checks/batch", "checks:run", "lender", "agency"),
        new("POST /v1/scrubs", "checks:run", "lender", "agency"),
        new("POST /api/tn", "number-recycling:check", "lender"),
        new("POST /number-recycling/v0.2/check", "number-recycling:check", "lender"),
        new("POST /number-recycling/v0.3rc1/check", "number-recycling:check", "lender"),
        new("POST /v1/bindings", "bindings:write", "lender"),
        new("POST /v1/bindings/batch", "bindings:write", "lender"),
        new("POST /v1/bindings/release", "bindings:write", "lender"),
        new("GET /v1/bindings", "bindings:read", "lender"),
        new("POST /v1/opt-outs", "opt-outs:write", "lender", "operator"),
        new("POST /v1/carrier-events", "carrier-events:write", "carrier"),
        new("POST /v1/numbers/history", "history:read", "lender", "carrier", "auditor", "operator"),
        new("GET /v1/parties", "parties:manage", "operator"),
        new("POST /v1/parties", "parties:manage", "operator"),
        new("GET /v1/parties/{id}/keys", "parties:manage", "operator"),
        new("POST /v1/parties/{id}/keys", "parties:manage", "operator"),
        new("DELETE /v1/parties/{id}/keys/{keyId}", "parties:manage", "operator"),
        new("GET /v1/ranges", "ranges:read", "carrier", "auditor", "operator"),
        new("POST /v1/ranges", "ranges:manage", "operator"),
        new("POST /v1/ranges/end", "ranges:manage", "operator"),
        new("GET /v1/scrubs", "checks:run", "lender", "agency"),
        new("GET /v1/scrubs/{id}", "checks:run", "lender", "agency"),
        new("GET /v1/scrubs/{id}/events", "checks:run", "lender", "agency"),
        new("GET /v1/scrubs/{id}/results", "checks:run", "lender", "agency"),
        new("DELETE /v1/scrubs/{id}", "checks:run", "lender", "agency"),
        new("POST /v1/carrier-files", "carrier-events:write", "carrier"),
        new("GET /v1/carrier-files", "carrier-events:write", "carrier"),
        new("GET /v1/carrier-files/{id}", "carrier-events:write", "carrier"),
        new("GET /v1/carrier-files/{id}/events", "carrier-events:write", "carrier"),
        new("GET /v1/carrier-files/{id}/results", "carrier-events:write", "carrier"),
        new("DELETE /v1/carrier-files/{id}", "carrier-events:write", "carrier"),
        new("POST /v1/bindings/files", "bindings:write", "lender"),
        new("GET /v1/bindings/files", "bindings:write", "lender"),
        new("GET /v1/bindings/files/{id}", "bindings:write", "lender"),
        new("GET /v1/bindings/files/{id}/events", "bindings:write", "lender"),
        new("GET /v1/bindings/files/{id}/results", "bindings:write", "lender"),
        new("DELETE /v1/bindings/files/{id}", "bindings:write", "lender"),
        new("GET /v1/backup", "backups:make", "operator"),
        new("GET /health/live", Row.Public),
        new("GET /health/ready", Row.Public),
    ];

    /// <param name="Operation">Method and path, as in the document.</param>
    /// <param name="Scope">That the caller's key needs; empty: nobody is asked who they are.</param>
    /// <param name="By">Roles whose keys have the scope.</param>
    internal sealed record Row(string Operation, string Scope, params string[] By)
    {
        public const string Public = "";

        public bool IsPublic => Scope == Public;

        public string Method => Operation.Split(' ')[0];

        /// <summary>With a party and a key that do not exist.</summary>
        public string Path => Operation.Split(' ')[1].Replace("{id}", "nobody", StringComparison.Ordinal)
            .Replace("{keyId}", "0000000000000000", StringComparison.Ordinal);

        public bool IsCamara => Path.StartsWith("/number-recycling/", StringComparison.Ordinal);
    }
}
