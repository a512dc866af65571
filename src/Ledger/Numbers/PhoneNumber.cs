using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NumberLedger;

/// <summary>A telephone number in E.164 form that can exist: known calling code, possible length.</summary>
/// <remarks>
/// Shape: "+" then 7 to 15 digits, the first 1-9. Held as one <see cref="long"/>: +12065550100 is 12065550100.
/// Source: ITU-T E.164 sets the maximum of 15; the minimum of 7 is ours and keeps short codes out.
/// National patterns are not judged: plans grow faster than metadata. See <see cref="CallingCodes"/> for lengths.
/// It has no <c>ToString</c> of its own with digits: a number must not reach a log by interpolation. Ask for
/// <see cref="ToE164"/> where the number itself is meant.
/// </remarks>
public readonly record struct PhoneNumber : IComparable<PhoneNumber>
{
    public const int DigitsMin = 7;
    public const int DigitsMax = 15;

    private readonly long _digits;

    private PhoneNumber(long digits) => _digits = digits;

    /// <summary>The digits without "+", as a number; 15 digits fit in 50 bits.</summary>
    public long Digits => _digits != 0
        ? _digits
        : throw new InvalidOperationException("default(PhoneNumber) is not a telephone number.");

    /// <summary>Reads E.164 and says what is wrong with anything else.</summary>
    public static PhoneNumberFault Read(ReadOnlySpan<char> text, out PhoneNumber number)
    {
        number = default;
        if (text.IsEmpty) return PhoneNumberFault.Missing;
        if (text[0] != '+') return PhoneNumberFault.NoPlus;

        ReadOnlySpan<char> digits = text[1..];
        // Not char.IsDigit: that accepts Arabic-Indic digits.
        if (digits.ContainsAnyExceptInRange('0', '9')) return PhoneNumberFault.NotADigit;
        if (digits.Length < DigitsMin) return PhoneNumberFault.TooShort;
        if (digits.Length > DigitsMax) return PhoneNumberFault.TooLong;

        PhoneNumberFault fault = CallingCodes.Judge(digits);
        if (fault == PhoneNumberFault.None)
        {
            number = new PhoneNumber(long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return fault;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out PhoneNumber number) =>
        Read(text, out number) == PhoneNumberFault.None;

    /// <exception cref="FormatException">
    /// The text is not a number that can exist. The text is not repeated in the message.
    /// </exception>
    public static PhoneNumber Parse(string text)
    {
        PhoneNumberFault fault = Read(text, out PhoneNumber number);
        return fault == PhoneNumberFault.None
            ? number
            : throw new FormatException($"Not a telephone number in E.164 form: {fault}.");
    }

    /// <summary>The number with these digits, if it can exist.</summary>
    public static bool TryFromDigits(long digits, out PhoneNumber number)
    {
        number = default;
        if (digits <= 0) return false;

        Span<char> text = stackalloc char[20];
        text[0] = '+';
        return digits.TryFormat(text[1..], out int written, default, CultureInfo.InvariantCulture)
            && Read(text[..(written + 1)], out number) == PhoneNumberFault.None;
    }

    public string ToE164() => string.Create(CultureInfo.InvariantCulture, $"+{Digits}");

    /// <summary>The first two and the last four digits, the rest hidden: "+86*******1234".</summary>
    public string ToMasked()
    {
        string text = ToE164();
        return string.Concat(text.AsSpan(0, 3), new string('*', text.Length - 7), text.AsSpan(text.Length - 4));
    }

    public override string ToString() => "number";

    public int CompareTo(PhoneNumber other) => _digits.CompareTo(other._digits);

    public static bool operator <(PhoneNumber left, PhoneNumber right) => left._digits < right._digits;
    public static bool operator >(PhoneNumber left, PhoneNumber right) => left._digits > right._digits;
    public static bool operator <=(PhoneNumber left, PhoneNumber right) => left._digits <= right._digits;
    public static bool operator >=(PhoneNumber left, PhoneNumber right) => left._digits >= right._digits;
}

/// <summary>
/// Why a text is not a telephone number. Codes on the wire: <c>number-</c> and the name in kebab-case.
/// </summary>
public enum PhoneNumberFault
{
    None,
    Missing,
    NoPlus,
    NotADigit,
    TooShort,
    TooLong,
    UnknownCallingCode,
}
