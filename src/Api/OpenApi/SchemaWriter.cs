using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace NumberLedger.Api;

/// <summary>Writes shapes, by which requests are read, as the schemas of the document.</summary>
internal static class SchemaWriter
{
    /// <summary>The shape as a component of the document, and whatever shapes it holds.</summary>
    public static IOpenApiSchema Reference(Shape shape, OpenApiDocument document)
    {
        string id = shape.Name + "Request";
        if (document.Components?.Schemas?.ContainsKey(id) is not true) document.AddComponent(id, Of(shape, document));
        return new OpenApiSchemaReference(id, document);
    }

    public static OpenApiSchema Of(
        FieldSchema field, string? description = null, OpenApiDocument? document = null) => new()
        {
            Description = description,
            Type = Enum.Parse<JsonSchemaType>(field.Type, ignoreCase: true),
            Format = field.Format,
            Pattern = field.Pattern,
            MinLength = field.LengthMin,
            MaxLength = field.LengthMax,
            MinItems = field.ItemsMin,
            MaxItems = field.ItemsMax,
            Minimum = field.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = field.Maximum?.ToString(CultureInfo.InvariantCulture),
            UniqueItems = field.ItemsUnique ? true : null,
            Enum = field.Words is null ? null : [.. field.Words.Select(word => (JsonNode)word)],
            Items = field.Items is null ? null : OfItems(field.Items, document!),
            Examples = field.Example is null ? null : [field.Example],
        };

    private static OpenApiSchema Of(Shape shape, OpenApiDocument document)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = shape.Description,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = shape.Fields.Where(field => field.Required).Select(field => field.Name).ToHashSet(),
            Examples = [JsonNode.Parse(shape.Example)!],
        };
        foreach (Field field in shape.Fields)
        {
            schema.Properties[field.Name] = field.Schema.Shape is { } inner
                ? Reference(inner, document)
                : Nullable(Of(field.Schema, field.Description, document), field);
        }

        return schema;
    }

    private static IOpenApiSchema OfItems(FieldSchema items, OpenApiDocument document) =>
        items.Shape is { } shape ? Reference(shape, document) : Of(items, null, document);

    /// <summary>Null counts as absent.</summary>
    private static OpenApiSchema Nullable(OpenApiSchema schema, Field field)
    {
        if (field.Required) return schema;

        schema.Type |= JsonSchemaType.Null;
        schema.Enum?.Add(JsonNullSentinel.JsonNull);
        return schema;
    }
}
