using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NumberLedger;

/// <summary>Reads the values of a scrub line from UTF-8 bytes, the common forms at once.</summary>
public static class FieldBytes
{
    private const int CharsMax = 64; // The longest national format that can be one number has fewer.
    private const ulong Zeros = 0x3030_3030_3030_3030;

    /// <summary>First day of each month since <see cref="Days.First"/>, packed; the last ends the calendar.</summary>
    private static readonly int[] Months = ReadMonths();

    /// <summary>A number in E.164 that can exist.</summary>
    /// <returns>Its digits; 0: anything else.</returns>
    public static long E164(ReadOnlySpan<byte> text)
    {
        int digits = text.Length - 1;
        if (digits is < 8 or > PhoneNumber.DigitsMax || text[0] != '+') return 0;

        // Two words that overlap cover 8 to 15 digits.
        ref byte first = ref MemoryMarshal.GetReference(text);
        ulong head = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 1));
        ulong tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, digits - 7));
        if (!BitConverter.IsLittleEndian)
        {
            head = BinaryPrimitives.ReverseEndianness(head);
            tail = BinaryPrimitives.ReverseEndianness(tail);
        }

        if (!AreDigits(head) || !AreDigits(tail)) return 0;

        int firstThree = ((int)(head & 0xF) * 100) + ((int)(head >> 8 & 0xF) * 10) + (int)(head >> 16 & 0xF);
        if (!CallingCodes.IsPossible(firstThree, digits)) return 0;

        // Of the head only what lies before the tail: shifted out of the word, zeros come in its place.
        ulong before = digits == 8 ? 0 : (head - Zeros) << (8 * (16 - digits));
        return ((long)Number(before) * 100_000_000) + Number(tail - Zeros);
    }

    /// <summary>A number in whatever form the caller may write it.</summary>
    public static LineFault Number(ReadOnlySpan<byte> text, ReadNumber read, out long digits)
    {
        digits = E164(text);
        if (digits != 0) return LineFault.None;
        if (text.Length > CharsMax) return LineFault.NumberTooLong;

        Span<char> chars = stackalloc char[CharsMax];
        int written = Encoding.UTF8.GetChars(text, chars);
        PhoneNumberFault fault = read(chars[..written], out PhoneNumber number);
        if (fault is PhoneNumberFault.None) digits = number.Digits;
        return (LineFault)fault;
    }

    /// <summary>A calendar day, strictly yyyy-MM-dd, packed as <see cref="Days"/> has it.</summary>
    public static LineFault Day(ReadOnlySpan<byte> text, out ushort packed)
    {
        packed = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-') return LineFault.DayMalformed;

        int year = (Digit(text[0]) * 1000) + (Digit(text[1]) * 100) + (Digit(text[2]) * 10) + Digit(text[3]);
        int month = (Digit(text[5]) * 10) + Digit(text[6]);
        int day = (Digit(text[8]) * 10) + Digit(text[9]);
        // Not a digit counts for so much that no sum with it is a year, a month or a day.
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day is < 1 or > 31) return LineFault.DayMalformed;
        if (day > 28 && day > DateTime.DaysInMonth(year, month)) return LineFault.DayMalformed;

        int place = ((year - Days.First.Year) * 12) + month - 1;
        if (place < 0) return LineFault.ConsentTooEarly;

        int value = place < Months.Length ? Months[place] + day - 1 : int.MaxValue;
        if (value > ushort.MaxValue) return LineFault.ConsentInFuture;
        packed = (ushort)value;
        return LineFault.None;

        static int Digit(byte digit) => (uint)(digit - '0') <= 9 ? digit - '0' : 100_000;
    }

    public static LineFault Purpose(ReadOnlySpan<byte> text, out Purposes purpose)
    {
        purpose = text.Length switch
        {
            9 when text.SequenceEqual("marketing"u8) => Purposes.Marketing,
            9 when text.SequenceEqual("servicing"u8) => Purposes.Servicing,
            10 when text.SequenceEqual("collection"u8) => Purposes.Collection,
            12 when text.SequenceEqual("verification"u8) => Purposes.Verification,
            _ => Purposes.None,
        };
        return purpose is Purposes.None ? LineFault.PurposeUnknown : LineFault.None;
    }

    private static bool AreDigits(ulong word) =>
        (((word + 0x4646_4646_4646_4646) | (word - Zeros)) & 0x8080_8080_8080_8080) == 0;

    /// <summary>Eight digits, one a byte, the first in the lowest: pairs, then fours, then all.</summary>
    private static uint Number(ulong digits)
    {
        digits = (digits * 10) + (digits >> 8);
        return (uint)((((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + ((digits >> 16 & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32);
    }

    private static int[] ReadMonths()
    {
        var months = new List<int>();
        for (DateOnly first = Days.First; first <= Days.Last; first = first.AddMonths(1)) months.Add(Days.Pack(first));
        return [.. months];
    }
}
