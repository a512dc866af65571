using System.Globalization;
using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>The fast readers say what the slow ones say.</summary>
public class FieldBytesTests
{
    private static readonly Gen<string> Numbers = Gen.Select(
        Gen.OneOf("+", "+", "+", "+", "", "00", "++"),
        Gen.OneOf("1", "86", "852", "44", "7", "999", "0", "881"),
        Gen.Char['0', '9'].Array[0, 14],
        Gen.OneOf("", "", "", "", " ", "x", "/", ":"),
        (plus, code, rest, tail) => plus + code + string.Concat(rest) + tail);

    [Fact]
    public void A_number_is_read_as_by_the_type_itself() => Numbers.Sample(
        text =>
        {
            PhoneNumberFault fault = PhoneNumber.Read(text, out PhoneNumber number);

            LineFault found = FieldBytes.Number(Encoding.UTF8.GetBytes(text), PhoneNumber.Read, out long digits);

            Assert.Equal((LineFault)fault, found);
            Assert.Equal(fault is PhoneNumberFault.None ? number.Digits : 0, digits);
        },
        iter: 20_000);

    [Fact]
    public void The_common_form_needs_no_other_reader() => Gen.Long[13_000_000_000, 19_999_999_999].Sample(national =>
    {
        long digits = 8_600_000_000_000 + national;

        Assert.Equal(digits, FieldBytes.E164(Encoding.UTF8.GetBytes($"+{digits}")));
    });

    [Fact]
    public void Bytes_that_are_no_digits_are_never_taken_for_some() =>
        Gen.Select(Gen.Int[1, 12], Gen.Byte).Sample((place, value) =>
        {
            byte[] text = "+8613800001234"u8.ToArray();
            text[place] = value;

            Assert.Equal(
                value is >= (byte)'0' and <= (byte)'9' && PhoneNumber.TryParse(Encoding.ASCII.GetString(text), out _),
                FieldBytes.E164(text) != 0);
        });

    [Fact]
    public void A_day_is_read_as_by_the_calendar()
    {
        Gen<string> days = Gen.OneOf(
            Gen.Int[0, 3_652_058].Select(
                day => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 19], Gen.Int[0, 39], (y, m, d) => $"{y:0000}-{m:00}-{d:00}"),
            Gen.OneOf("", "2026-3-1", "2026/03/01", "2026-03-0a", "a026-03-01", "2026-03-01 ", "02026-03-01"));

        days.Sample(
            text =>
            {
                LineFault found = FieldBytes.Day(Encoding.UTF8.GetBytes(text), out ushort packed);

                bool isDay = DateOnly.TryParseExact(
                    text, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out DateOnly day);
                LineFault expected = !isDay ? LineFault.DayMalformed
                    : day < Days.First ? LineFault.ConsentTooEarly
                    : day > Days.Last ? LineFault.ConsentInFuture
                    : LineFault.None;
                Assert.Equal(expected, found);
                Assert.Equal(expected is LineFault.None ? Days.Pack(day) : 0, packed);
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("marketing", Purposes.Marketing)]
    [InlineData("servicing", Purposes.Servicing)]
    [InlineData("collection", Purposes.Collection)]
    [InlineData("verification", Purposes.Verification)]
    [InlineData("Marketing", Purposes.None)]
    [InlineData("", Purposes.None)]
    public void A_purpose_is_one_of_four_words(string text, Purposes expected)
    {
        LineFault fault = FieldBytes.Purpose(Encoding.UTF8.GetBytes(text), out Purposes purpose);

        Assert.Equal(expected, purpose);
        Assert.Equal(expected is Purposes.None ? LineFault.PurposeUnknown : LineFault.None, fault);
    }
}
