using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>A carrier's lines: <see cref="CarrierEvent"/>, one each.</summary>
internal sealed class CarrierRows(string carrier) : IRowShape
{
    public IReadOnlyList<string> Columns { get; } = [.. CarrierEvent.Shape.Fields.Select(field => field.Name)];

    public IReadOnlyList<string> ColumnsRequired { get; } =
        [.. CarrierEvent.Shape.Fields.Where(field => field.Required).Select(field => field.Name)];

    public void WriteMembers(Utf8JsonWriter json, string[] fields)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].Length > 0) json.WriteString(Columns[i], fields[i]);
        }
    }

    public RowContent Read(JsonElement row, NumberReader numbers)
    {
        var faults = new Faults();
        CarrierEvent? said = CarrierEvent.Shape.Read(Place.Root(row, faults, numbers));
        if (faults.Any) return RowContent.Refused(faults);

        return said!.Kind is EventKind.FeedAlive
            ? new RowContent(
                default,
                new LedgerEvent.FeedReported(
                    carrier, said.EventId!, said.From!.Value, said.To!.Value, said.CompleteThrough!.Value),
                null)
            : new RowContent(
                said.Number!.Value,
                new LedgerEvent.CarrierReport(
                    (CarrierEventKind)said.Kind!.Value, carrier, said.EventId!, said.EffectiveOn, said.OtherCarrier,
                    said.Retracts),
                null);
    }

    /// <summary>An event with an id, a kind, an E.164 number and a day, and nothing else.</summary>
    public bool TryReadPlain(ReadOnlySpan<byte> json, out RowContent content)
    {
        content = default;
        ReadOnlySpan<byte> eventId = default, kind = default, number = default, effectiveOn = default;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("eventId"u8)) { if (!TryTake(ref reader, ref eventId)) return false; }
                else if (reader.ValueTextEquals("kind"u8)) { if (!TryTake(ref reader, ref kind)) return false; }
                else if (reader.ValueTextEquals("number"u8)) { if (!TryTake(ref reader, ref number)) return false; }
                else if (!reader.ValueTextEquals("effectiveOn"u8)) return false;
                else if (!TryTake(ref reader, ref effectiveOn)) return false;
            }

            if (reader.TokenType is not JsonTokenType.EndObject || reader.Read()) return false;
        }
        catch (JsonException)
        {
            return false;
        }

        long digits = FieldBytes.E164(number);
        CarrierEventKind? plain = KindOf(kind);
        if (digits == 0 || plain is null || !IsPlainText(eventId)) return false;
        if (FieldBytes.Day(effectiveOn, out ushort day) is not LineFault.None) return false;
        if (!PhoneNumber.TryFromDigits(digits, out PhoneNumber read)) return false;

        content = new RowContent(
            read,
            new LedgerEvent.CarrierReport(
                plain.Value, carrier, Encoding.ASCII.GetString(eventId), Days.Unpack(day), null, null),
            null);
        return true;
    }

    /// <returns>False: it is there twice, or is no text without escapes.</returns>
    private static bool TryTake(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty || !reader.Read()) return false;
        if (reader.TokenType is not JsonTokenType.String || reader.ValueIsEscaped) return false;

        value = reader.ValueSpan;
        return !value.IsEmpty;
    }

    private static bool IsPlainText(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= Limits.EventIdCharsMax && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    /// <summary>Of the kinds that need no other member.</summary>
    private static CarrierEventKind? KindOf(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("disconnected"u8) => CarrierEventKind.Disconnected,
        _ when word.SequenceEqual("reassigned"u8) => CarrierEventKind.Reassigned,
        _ when word.SequenceEqual("ported_in"u8) => CarrierEventKind.PortedIn,
        _ when word.SequenceEqual("ported_out"u8) => CarrierEventKind.PortedOut,
        _ when word.SequenceEqual("suspended"u8) => CarrierEventKind.Suspended,
        _ when word.SequenceEqual("reactivated"u8) => CarrierEventKind.Reactivated,
        _ when word.SequenceEqual("sim_changed"u8) => CarrierEventKind.SimChanged,
        _ => null,
    };
}
