using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NumberLedger.Api;

/// <summary>How answers are written. Requests are read by their <see cref="Shape{T}"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(CamaraError))]
[JsonSerializable(typeof(RecyclingResponse))]
[JsonSerializable(typeof(TnResponse))]
[JsonSerializable(typeof(CheckResponse))]
[JsonSerializable(typeof(CheckBatchResponse))]
[JsonSerializable(typeof(CarrierEventsResponse))]
[JsonSerializable(typeof(BindingResponse))]
[JsonSerializable(typeof(BindingBatchResponse))]
[JsonSerializable(typeof(ReleaseResponse))]
[JsonSerializable(typeof(BindingPage))]
[JsonSerializable(typeof(OptOutResponse))]
[JsonSerializable(typeof(PartyResponse))]
[JsonSerializable(typeof(PartyList))]
[JsonSerializable(typeof(KeyResponse))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(RangeResponse))]
[JsonSerializable(typeof(RangeEndResponse))]
[JsonSerializable(typeof(RangeList))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal static class Json
{
    // Answers are never put into a page, and a plus sign written as \u002B helps nobody.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly ApiJson Types = new(
        new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = Encoder });

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };
}

/// <summary>Enum values as the API writes them: snake_case.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
