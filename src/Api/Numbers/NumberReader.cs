using System.Collections.Concurrent;
using System.Collections.Frozen;
using PhoneNumbers;

namespace NumberLedger.Api;

/// <summary>Reads numbers as callers write them: E.164, and national formats of a region if they name one.</summary>
/// <param name="region">ISO 3166-1, two capital letters; null: E.164 only.</param>
internal sealed class NumberReader(string? region)
{
    /// <summary>Reads E.164 only.</summary>
    public static readonly NumberReader E164 = new(null);

    private static readonly ConcurrentDictionary<string, NumberReader> OfRegions = new(StringComparer.Ordinal);

    private static readonly Lazy<FrozenSet<string>> Regions = new(
        () => PhoneNumberUtil.GetInstance().GetSupportedRegions().ToFrozenSet(StringComparer.Ordinal));

    /// <summary>False for a region that libphonenumber does not know.</summary>
    public static bool TryForRegion(string region, out NumberReader reader)
    {
        reader = E164;
        if (!Regions.Value.Contains(region)) return false;

        reader = OfRegions.GetOrAdd(region, static region => new NumberReader(region));
        return true;
    }

    /// <param name="region">One that <see cref="TryForRegion"/> knew.</param>
    public static NumberReader Of(string region) =>
        TryForRegion(region, out NumberReader reader)
            ? reader
            : throw new ArgumentException("No such region.", nameof(region));

    public PhoneNumberFault Read(ReadOnlySpan<char> text, out PhoneNumber number)
    {
        PhoneNumberFault fault = PhoneNumber.Read(text, out number);
        return region is null || fault is not (PhoneNumberFault.NoPlus or PhoneNumberFault.NotADigit)
            ? fault
            : ReadNational(text.ToString(), region, out number);
    }

    private static PhoneNumberFault ReadNational(string text, string region, out PhoneNumber number)
    {
        number = default;
        // Letters would be read as digits of a telephone's keypad, and extensions be dropped: neither is one number.
        if (!text.All(IsOfNumber)) return PhoneNumberFault.NotADigit;

        try
        {
            PhoneNumberUtil metadata = PhoneNumberUtil.GetInstance();
            return PhoneNumber.Read(metadata.Format(metadata.Parse(text, region), PhoneNumberFormat.E164), out number);
        }
        catch (NumberParseException malformed)
        {
            // Its message repeats the text, so it goes no further.
            return malformed.ErrorType switch
            {
                ErrorType.INVALID_COUNTRY_CODE => PhoneNumberFault.UnknownCallingCode,
                ErrorType.TOO_LONG => PhoneNumberFault.TooLong,
                ErrorType.NOT_A_NUMBER => PhoneNumberFault.NotADigit,
                _ => PhoneNumberFault.TooShort,
            };
        }
    }

    private static bool IsOfNumber(char c) =>
        char.IsDigit(c) || c is '+' or '\uFF0B' or ' ' or '-' or '.' or '(' or ')' or '/'
            or '\u2010' or '\u2011' or '\u2013' or '\u00A0';
}
