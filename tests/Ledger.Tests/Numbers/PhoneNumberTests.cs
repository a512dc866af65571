using System.Globalization;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+8613800001234")]
    [InlineData("+12065550100")]
    [InlineData("+4915112345678")]
    [InlineData("+6901234")] // Tokelau: the shortest there is, four digits after its code.
    [InlineData("+881612345678")] // A satellite network: no country, a calling code all the same.
    public void A_number_that_can_exist_is_read_and_written_back(string text)
    {
        Assert.Equal(PhoneNumberFault.None, PhoneNumber.Read(text, out PhoneNumber number));
        Assert.Equal(text, number.ToE164());
        Assert.Equal(text, "+" + number.Digits.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(number, PhoneNumber.Parse(text));
        Assert.True(PhoneNumber.TryFromDigits(number.Digits, out PhoneNumber same));
        Assert.Equal(number, same);
    }

    [Theory]
    [InlineData("", PhoneNumberFault.Missing)]
    [InlineData("8613800001234", PhoneNumberFault.NoPlus)]
    [InlineData(" +8613800001234", PhoneNumberFault.NoPlus)]
    [InlineData("008613800001234", PhoneNumberFault.NoPlus)]
    [InlineData("\uFF0B8613800001234", PhoneNumberFault.NoPlus)] // A full-width plus.
    [InlineData("+86 13800001234", PhoneNumberFault.NotADigit)]
    [InlineData("+8613800001234 ", PhoneNumberFault.NotADigit)]
    [InlineData("+861380000123a", PhoneNumberFault.NotADigit)]
    [InlineData("+86138000012\u0663\u0664", PhoneNumberFault.NotADigit)] // Arabic-Indic digits.
    [InlineData("+\uFF18\uFF1613800001234", PhoneNumberFault.NotADigit)] // Full-width digits.
    [InlineData("++8613800001234", PhoneNumberFault.NotADigit)]
    [InlineData("+", PhoneNumberFault.TooShort)]
    [InlineData("+861380", PhoneNumberFault.TooShort)]
    [InlineData("+120655501", PhoneNumberFault.TooShort)]
    [InlineData("+1206555010", PhoneNumberFault.TooShort)]
    [InlineData("+21171234567", PhoneNumberFault.TooShort)] // South Sudan: 9 digits, this has 8.
    [InlineData("+3545", PhoneNumberFault.TooShort)]
    [InlineData("+35412345678", PhoneNumberFault.TooShort)] // Iceland: 7 or 9 digits; a digit is missing.
    [InlineData("+120655501000", PhoneNumberFault.TooLong)]
    [InlineData("+8613800001234567", PhoneNumberFault.TooLong)]
    [InlineData("+2101234567", PhoneNumberFault.UnknownCallingCode)]
    [InlineData("+9991234567", PhoneNumberFault.UnknownCallingCode)]
    [InlineData("+0123456789", PhoneNumberFault.UnknownCallingCode)]
    [InlineData("+012065550100", PhoneNumberFault.UnknownCallingCode)] // +1 206 555 0100 behind a zero.
    [InlineData("+0012065550100", PhoneNumberFault.UnknownCallingCode)]
    [InlineData("+08613800001234", PhoneNumberFault.UnknownCallingCode)]
    public void Anything_else_is_refused_with_what_is_wrong(string text, PhoneNumberFault fault)
    {
        Assert.Equal(fault, PhoneNumber.Read(text, out PhoneNumber number));
        Assert.Equal(default, number);
        Assert.False(PhoneNumber.TryParse(text, out _));
    }

    [Fact]
    public void Every_text_reads_as_what_it_says_or_not_at_all() =>
        Gen.Select(Gen.String[Gen.Char["+0123456789"], 0, 18], Gen.Bool).Sample((text, plus) =>
        {
            string told = plus ? "+" + text : text;
            if (PhoneNumber.Read(told, out PhoneNumber number) == PhoneNumberFault.None)
            {
                Assert.Equal(told, number.ToE164());
            }
        }, iter: 20_000);

    [Fact]
    public void Null_is_no_number() => Assert.False(PhoneNumber.TryParse(null, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(-8_613_800_001_234)]
    [InlineData(123_456)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Digits_that_are_no_number_are_refused(long digits) =>
        Assert.False(PhoneNumber.TryFromDigits(digits, out _));

    [Fact]
    public void A_number_never_reaches_a_text_by_accident()
    {
        PhoneNumber number = PhoneNumber.Parse("+8613800001234");

        Assert.Equal("number", $"{number}");
        Assert.Equal("number", string.Format(CultureInfo.InvariantCulture, "{0}", number));
        Assert.Equal("number", ((PhoneNumber?)number).ToString());
        Assert.DoesNotContain("1380000", new LedgerEvent.RangeListed("c", number, number, In2026.Jan(1)).ToString());
    }

    [Theory]
    [InlineData("+861380000123456789")]
    [InlineData("861380000")]
    [InlineData("+86138000x")]
    public void The_exception_for_a_bad_number_does_not_repeat_it(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => PhoneNumber.Parse(text));

        Assert.DoesNotContain("138", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_was_never_read_has_no_digits()
    {
        Assert.Throws<InvalidOperationException>(() => default(PhoneNumber).Digits);
        Assert.Throws<InvalidOperationException>(() => default(PhoneNumber).ToE164());
        Assert.Equal("number", default(PhoneNumber).ToString());
    }

    [Theory]
    [InlineData("+8613800001234", "+86*******1234")]
    [InlineData("+12065550100", "+12*****0100")]
    [InlineData("+6901234", "+69*1234")]
    public void A_masked_number_shows_two_digits_and_the_last_four(string text, string masked) =>
        Assert.Equal(masked, PhoneNumber.Parse(text).ToMasked());

    [Fact]
    public void Numbers_are_ordered_by_their_digits()
    {
        PhoneNumber one = PhoneNumber.Parse("+8613800001234");
        PhoneNumber next = PhoneNumber.Parse("+8613800001235");

        Assert.True(one < next && next > one && one <= next && next >= one);
        Assert.Equal([one, next], new[] { next, one }.Order());
    }
}
