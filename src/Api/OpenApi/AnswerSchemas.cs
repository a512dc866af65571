using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NumberLedger.Api;

/// <summary>Completes the schemas of answers with what their types do not show.</summary>
internal sealed class AnswerSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (WordsOf(context.JsonPropertyInfo) is { } words && schema.Items is OpenApiSchema items)
        {
            items.Type = JsonSchemaType.String;
            items.Enum = [.. words.Select(word => (JsonNode)word)];
        }

        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type).IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        if (context.JsonTypeInfo.Type == typeof(ProblemBody)) schema.Examples = [ProblemExample()];

        if (schema.Properties is { Count: > 0 })
        {
            schema.Required = context.JsonTypeInfo.Properties.Where(IsAlwaysWritten).Select(property => property.Name)
                .ToHashSet();
        }

        return Task.CompletedTask;
    }

    private static JsonNode ProblemExample()
    {
        var faults = new Faults();
        faults.Add(ProblemCatalog.NumberTooShort, "/number");
        return ProblemBody.Of(faults, traceId: "4bf92f3577b34da6a3ce929d0e0e4736").ToNode();
    }

    /// <summary>What is null is left out, except where a property says otherwise.</summary>
    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        !property.IsGetNullable
        || property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }];

    private static IEnumerable<string>? WordsOf(JsonPropertyInfo? property)
    {
        object[]? said = property?.AttributeProvider?.GetCustomAttributes(typeof(ValuesAttribute), false);
        if (said is not [ValuesAttribute values]) return null;

        Type words = typeof(Words<>).MakeGenericType(values.Words);
        return (IEnumerable<string>)words.GetProperty(nameof(Words<>.All))!.GetValue(null)!;
    }
}
