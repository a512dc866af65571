using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>A lender's lines: <see cref="BindingRequest"/>, one each.</summary>
internal sealed class BindingRows(string lender) : IRowShape
{
    private static readonly string[] Names =
    [
        "number", "purposes", "role", "consented_at", "expires_at", "evidence_kind", "evidence_reference",
        "evidence_digest",
    ];

    public IReadOnlyList<string> Columns => Names;

    public IReadOnlyList<string> ColumnsRequired { get; } = Names[..4];

    public void WriteMembers(Utf8JsonWriter json, string[] fields)
    {
        Write("number", fields[0]);
        if (fields[1].Length > 0)
        {
            json.WriteStartArray("purposes");
            foreach (string purpose in fields[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                json.WriteStringValue(purpose);
            }

            json.WriteEndArray();
        }

        Write("role", fields[2]);
        Write("consentedAt", fields[3]);
        Write("expiresAt", fields[4]);
        if (fields[5].Length + fields[6].Length + fields[7].Length == 0) return;

        json.WriteStartObject("evidence");
        Write("kind", fields[5]);
        Write("reference", fields[6]);
        Write("digest", fields[7]);
        json.WriteEndObject();

        void Write(string member, string text)
        {
            if (text.Length > 0) json.WriteString(member, text);
        }
    }

    public RowContent Read(JsonElement row, NumberReader numbers)
    {
        var faults = new Faults();
        BindingRequest? said = BindingRequest.Shape.Read(Place.Root(row, faults, numbers));
        return faults.Any
            ? RowContent.Refused(faults)
            : new RowContent(said!.Number, said.ClaimOf(lender), null);
    }

    public bool TryReadPlain(ReadOnlySpan<byte> row, ReadOnlySpan<Range> fields, out RowContent content)
    {
        content = default;
        return false;
    }
}
