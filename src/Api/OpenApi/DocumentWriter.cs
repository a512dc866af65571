using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NumberLedger.Api;

/// <summary>Writes what concerns the whole document.</summary>
internal sealed class DocumentWriter : IOpenApiDocumentTransformer
{
    public const string AccessKey = "accessKey";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Checks", "Lenders and agencies ask before every send."),
        ("Bindings", "Lenders say that a holder consented."),
        ("Opt-outs", "Lenders and operators pass on refusals of holders."),
        ("Carrier events", "Carriers say what happened to numbers."),
        ("Files", "Millions of lines in one request, or as a job."),
        ("Numbers", "What was recorded of a number."),
        ("Parties", "Operators register parties and make keys."),
        ("Ranges", "Operators say which carrier reports on which numbers."),
        ("CAMARA NumberRecycling", "The telecom operators' own API for recycled numbers."),
        ("FCC Reassigned Numbers", "The callers' side of the American registry."),
        ("Backup", "Operators copy the ledger away while it serves."),
        ("Health", "For whoever watches the process."),
    ];

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "NumberLedger",
            Version = DocumentSetup.DocumentName,
            Description = """
                The ledger of who may still be texted at a phone number.

                Numbers are E.164, in bodies only, never in an address. `...On` is a calendar day, `...At` an instant
                (RFC 3339 with an offset). Bodies are read strictly: unknown or repeated members are refused. Errors are
                RFC 9457 problems with a stable `code` and JSON pointers; docs/reference/errors.md lists every code, in
                order of precedence, and whether the same request may be sent again.
                """,
        };
        document.Servers = [];
        document.Tags = new HashSet<OpenApiTag>(
            Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        foreach (IOpenApiSchema schema in document.Components?.Schemas?.Values ?? [])
        {
            if (schema is not OpenApiSchema { AdditionalPropertiesAllowed: true } answer) continue;

            answer.Enum = answer.Enum?.Where(word => !word.IsJsonNullSentinel() && word is not null).ToList();
            LeaveOutNulls(answer);
        }

        document.AddComponent<IOpenApiSecurityScheme>(AccessKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "nl_...",
            Description = "An access key of your party. Who you are and what you may do comes from it alone.",
        });
        return Task.CompletedTask;
    }

    /// <summary>A member of an answer that is not required is left out rather than null.</summary>
    private static void LeaveOutNulls(OpenApiSchema answer)
    {
        foreach ((string name, IOpenApiSchema property) in answer.Properties?.ToArray() ?? [])
        {
            if (answer.Required?.Contains(name) is true || property is not OpenApiSchema schema) continue;

            if (schema.OneOf is [{ Type: JsonSchemaType.Null }, var other])
            {
                answer.Properties![name] = other;
            }
            else
            {
                schema.Type &= ~JsonSchemaType.Null;
            }
        }
    }
}
