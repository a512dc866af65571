using System.Globalization;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>A calendar day, strictly yyyy-MM-dd.</summary>
internal sealed class DayField(string name, bool required, string description) : Field(name, required, description)
{
    public override FieldSchema Schema => new("string") { Format = "date" };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.DayMalformed];

    public DateOnly? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;
        if (DateOnly.TryParseExact(
            value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return day;
        }

        at.Values.Add(ProblemCatalog.DayMalformed, at.PointerTo(Name));
        return null;
    }
}

/// <summary>An instant with an offset, RFC 3339.</summary>
internal sealed class InstantField(string name, bool required, string description) : Field(name, required, description)
{
    public override FieldSchema Schema => new("string") { Format = "date-time" };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.InstantMalformed];

    public DateTimeOffset? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;
        if (Instants.TryParse(value.GetString()!, out DateTimeOffset instant)) return instant;

        at.Values.Add(ProblemCatalog.InstantMalformed, at.PointerTo(Name));
        return null;
    }
}

/// <summary>RFC 3339, date-time.</summary>
/// <remarks>
/// The framework's own parsers take more: no offset, "+8", a space. A leap second is not taken. Digits of a second
/// past the seventh are cut off: the ledger holds 100 ns.
/// </remarks>
internal static class Instants
{
    private const int SecondsLength = 19; // 2026-03-01T09:30:00
    private const int OffsetLength = 6; // +08:00
    private const int FractionDigitsMax = 7;

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length <= SecondsLength || text[10] is not ('T' or 't')) return false;
        if (!TryParseDateTime(text[..SecondsLength], out DateTime written)) return false;
        if (!TryCutFraction(text[SecondsLength..], out long ticks, out ReadOnlySpan<char> rest)) return false;
        if (!TryParseOffset(rest, out TimeSpan offset)) return false;

        long utc = written.Ticks + ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks) return false;
        if (written.Ticks + ticks > DateTime.MaxValue.Ticks) return false;

        instant = new DateTimeOffset(written.Ticks + ticks, offset);
        return true;
    }

    private static bool TryParseDateTime(ReadOnlySpan<char> text, out DateTime written)
    {
        written = default;
        if (!DateOnly.TryParseExact(
                text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            || !TimeOnly.TryParseExact(
                text[11..], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
        {
            return false;
        }

        written = day.ToDateTime(time);
        return true;
    }

    private static bool TryCutFraction(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> rest)
    {
        ticks = 0;
        rest = text;
        if (text[0] != '.') return true;

        int digits = text[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0) return false;

        for (int i = 0; i < FractionDigitsMax; i++) ticks = (ticks * 10) + (i < digits ? text[1 + i] - '0' : 0);
        rest = text[(1 + digits)..];
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is ['Z' or 'z']) return true;
        if (text.Length != OffsetLength || text[0] is not ('+' or '-')) return false;
        if (!TimeOnly.TryParseExact(
            text[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
        {
            return false;
        }

        offset = text[0] == '-' ? -time.ToTimeSpan() : time.ToTimeSpan();
        // No clock is further from UTC, and DateTimeOffset holds no more.
        return time.ToTimeSpan() <= TimeSpan.FromHours(14);
    }
}
