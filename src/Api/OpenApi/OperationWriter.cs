using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NumberLedger.Api;

/// <summary>Writes into the document what an <see cref="Operation"/> says of an endpoint.</summary>
internal sealed class OperationWriter : IOpenApiOperationTransformer
{
    private const string JsonType = "application/json";

    public Task TransformAsync(
        OpenApiOperation written, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        Operation? operation =
            context.Description.ActionDescriptor.EndpointMetadata.OfType<Operation>().SingleOrDefault();
        if (operation is null) return Task.CompletedTask;

        OpenApiDocument document = context.Document!;
        written.Summary = operation.Summary;
        written.Description = DescriptionOf(operation);
        written.Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) };
        written.Parameters = [.. ParametersOf(operation)];
        if (operation.Scope is { } scope)
        {
            written.Security =
                [new() { [new OpenApiSecuritySchemeReference(DocumentWriter.AccessKey, document)] = [scope] }];
        }

        if (operation.Body is { } body) written.RequestBody = BodyOf(operation, body, document);
        if (operation.File is { } file)
        {
            written.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = file.Description,
                Content = ContentOf(file),
            };
        }

        foreach (Operation.Answer answer in operation.Answers) Describe(written, answer, operation);
        foreach (IGrouping<int, ProblemKind> kinds in OperationProblems.Of(operation).GroupBy(kind => kind.Status))
        {
            Describe(written, [.. kinds]);
        }

        Sort(written.Responses!);
        return Task.CompletedTask;
    }

    private static string DescriptionOf(Operation operation)
    {
        string who = operation.Scope is { } scope
            ? $"\n\nScope: `{scope}`, which keys of these roles have: {string.Join(", ", RolesOf(scope))}."
            : "\n\nOpen to all.";
        return operation.Description + who;
    }

    private static IEnumerable<string> RolesOf(string scope) =>
        Enum.GetValues<PartyRole>().Where(role => Scopes.Of(role).Contains(scope)).Select(Words<PartyRole>.Of);

    private static IEnumerable<IOpenApiParameter> ParametersOf(Operation operation)
    {
        foreach (Operation.Parameter parameter in operation.Parameters)
        {
            yield return Parameter(
                parameter.Name, parameter.In is "path" ? ParameterLocation.Path : ParameterLocation.Query,
                parameter.Description,
                parameter.Schema, parameter.Example);
        }

        if (operation.TakesRegion)
        {
            yield return Parameter(
                Query.Region, ParameterLocation.Query,
                "Takes numbers in the national format of this region too (ISO 3166-1). E.164 is always taken.",
                new FieldSchema("string") { Pattern = "^[A-Z]{2}$" }, "CN");
        }

        if (operation.IsWrite)
        {
            yield return Parameter(
                IdempotentRequests.KeyHeader, ParameterLocation.Header,
                "Your name for this request. Sent again with the same key within 24 hours, it is not run again: the stored answer comes back, "
                + "with Idempotency-Replayed: true. Without a key, too, the same facts are not recorded twice.",
                new FieldSchema("string") { LengthMin = 1, LengthMax = Limits.IdempotencyKeyCharsMax },
                "8e03978e-40d5-43dd-bc93-6894a57f9324");
        }

        if (operation.IsCamara)
        {
            yield return Parameter(
                Correlator.Header, ParameterLocation.Header, "Your name for this request; the answer carries it.",
                new FieldSchema("string") { Pattern = Correlator.PatternText }, "b4333c46-49c0-4f62-80d7-f0ef930f1c46");
        }
    }

    private static OpenApiParameter Parameter(
        string name, ParameterLocation location, string description, FieldSchema schema, string example) => new()
        {
            Name = name,
            In = location,
            Required = location is ParameterLocation.Path,
            Description = description,
            Schema = SchemaWriter.Of(schema),
            Example = schema.Type is "integer" ? JsonNode.Parse(example) : example,
        };

    private static OpenApiRequestBody BodyOf(Operation operation, Shape body, OpenApiDocument document) => new()
    {
        Required = true,
        Description = $"{body.Description} At most {operation.BodyBytesMax} bytes.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [JsonType] = new OpenApiMediaType
            {
                Schema = SchemaWriter.Reference(body, document),
                Example = JsonNode.Parse(body.Example),
            },
        },
    };

    private static Dictionary<string, OpenApiMediaType> ContentOf(Operation.FileShape file) => new()
    {
        [FileRequest.CsvType] = TextOf(file.Csv),
        [FileRequest.NdjsonType] = TextOf(file.Ndjson + "\n"),
    };

    private static OpenApiMediaType TextOf(string example) => new()
    {
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };

    private static void Describe(OpenApiOperation written, Operation.Answer answer, Operation operation)
    {
        OpenApiResponse response = ResponseOf(written, answer.Status);
        response.Description = answer.Description;
        if (answer.File is { } file) response.Content = ContentOf(file);
        if (answer.Example is { } example && response.Content?[JsonType] is { } content)
        {
            content.Example = JsonNode.Parse(example);
        }

        if (operation.IsWrite)
        {
            AddHeader(response, IdempotentRequests.ReplayedHeader, "true: the answer of an earlier request with the same Idempotency-Key.");
        }

        if (operation.IsCamara)
        {
            AddHeader(response, Correlator.Header, "The request's, or a new one.");
            AddStatusHeaders(response, answer.Status, isForLater: CamaraErrors.IsForLater(answer.Status));
        }
    }

    private static void Describe(OpenApiOperation written, ProblemKind[] kinds)
    {
        int status = kinds[0].Status;
        OpenApiResponse response = ResponseOf(written, status);
        response.Description = string.Join("\n", kinds.Select(kind => $"- `{kind.Code}`: {kind.Title}"));
        response.Content![ProblemReply.MediaType].Example = ProblemBody.Of(kinds[0]).ToNode();
        AddStatusHeaders(response, status, isForLater: kinds.Any(kind => kind.Retry is Retry.Later));
    }

    private static OpenApiResponse ResponseOf(OpenApiOperation written, int status)
    {
        written.Responses ??= [];
        if (written.Responses.TryGetValue(status.ToString(), out IOpenApiResponse? found))
        {
            return (OpenApiResponse)found;
        }

        var added = new OpenApiResponse();
        written.Responses.Add(status.ToString(), added);
        return added;
    }

    private static void Sort(OpenApiResponses responses)
    {
        KeyValuePair<string, IOpenApiResponse>[] sorted =
            [.. responses.OrderBy(response => response.Key, StringComparer.Ordinal)];
        responses.Clear();
        foreach ((string status, IOpenApiResponse response) in sorted) responses.Add(status, response);
    }

    private static void AddStatusHeaders(OpenApiResponse response, int status, bool isForLater)
    {
        if (status is 401 or 403)
        {
            AddHeader(response, "WWW-Authenticate", "Which credential, or scope, is asked for (RFC 6750).");
        }

        if (isForLater) AddHeader(response, "Retry-After", "Seconds after which to try again.");
    }

    private static void AddHeader(OpenApiResponse response, string name, string description)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }
}
