using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>A carrier's lines: <see cref="CarrierEvent"/>, one each.</summary>
internal sealed class CarrierRows(string carrier) : IRowShape
{
    private static readonly string[] Names = [.. CarrierEvent.Shape.Fields.Select(field => field.Name)];

    private static readonly int EventId = Array.IndexOf(Names, "eventId");
    private static readonly int Kind = Array.IndexOf(Names, "kind");
    private static readonly int Number = Array.IndexOf(Names, "number");
    private static readonly int EffectiveOn = Array.IndexOf(Names, "effectiveOn");

    public IReadOnlyList<string> Columns => Names;

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
    public bool TryReadPlain(ReadOnlySpan<byte> row, ReadOnlySpan<Range> fields, out RowContent content)
    {
        content = default;
        for (int i = 0; i < fields.Length; i++)
        {
            bool isAbsent = fields[i].Start.Value == fields[i].End.Value;
            if (!isAbsent && i != EventId && i != Kind && i != Number && i != EffectiveOn) return false;
        }

        ReadOnlySpan<byte> eventId = row[fields[EventId]];
        CarrierEventKind? kind = KindOf(row[fields[Kind]]);
        long digits = FieldBytes.E164(row[fields[Number]]);
        if (digits == 0 || kind is null || !IsPlainText(eventId)) return false;
        if (FieldBytes.Day(row[fields[EffectiveOn]], out ushort day) is not LineFault.None) return false;
        if (!PhoneNumber.TryFromDigits(digits, out PhoneNumber number)) return false;

        content = new RowContent(
            number,
            new LedgerEvent.CarrierReport(
                kind.Value, carrier, Encoding.ASCII.GetString(eventId), Days.Unpack(day), null, null),
            null);
        return true;
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
