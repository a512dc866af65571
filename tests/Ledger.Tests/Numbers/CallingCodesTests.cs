using System.Globalization;
using PhoneNumbers;

namespace NumberLedger.Ledger.Tests;

public sealed class CallingCodesTests
{
    /// <summary>
    /// To take over a newer release: raise libphonenumber-csharp's version, run this test, put the rows that it prints
    /// into the table, and name the release there.
    /// </summary>
    [Fact]
    public void The_table_is_that_of_the_metadata()
    {
        string[] expected = [.. FromMetadata().OrderBy(row => row.Code).Select(row => Row(row.Code, row.Lengths))];
        string[] present = [.. CallingCodes.All.Select(row => Row(row.Code, row.Lengths))];

        string[] toChange = [.. expected.Except(present)];
        Assert.True(toChange.Length == 0, $"Rows to change: {string.Join(' ', toChange)}");
        Assert.Equal(expected, present);
    }

    [Fact]
    public void Calling_codes_are_prefix_free()
    {
        string[] codes = [.. CallingCodes.All.Select(row => row.Code.ToString(CultureInfo.InvariantCulture))];

        foreach (string code in codes)
        {
            Assert.Equal([code], codes.Where(other => other.StartsWith(code, StringComparison.Ordinal)));
        }
    }

    /// <summary>
    /// All numbers of a block have one calling code, so the shortest number must not end within its code.
    /// </summary>
    [Fact]
    public void A_block_has_the_calling_code_of_its_numbers()
    {
        foreach ((int code, ushort lengths) in CallingCodes.All)
        {
            string national = new('7', 15);
            for (int n = 1; n <= 15; n++)
            {
                if ((lengths >> n & 1) == 0) continue;
                bool read = PhoneNumber.TryParse($"+{code}{national[..n]}", out NumberLedger.PhoneNumber number);
                if (read) Assert.Equal(code, CallingCodes.Of(NumberBlock.Of(number)));
            }
        }
    }

    [Theory]
    [InlineData(861_380_000, 86)]
    [InlineData(1_206_555, 1)]
    [InlineData(85_298_765, 852)]
    [InlineData(210_000, 0)]
    [InlineData(0, 0)]
    public void A_block_is_of_one_calling_code_or_of_none(long block, int code) =>
        Assert.Equal(code, CallingCodes.Of(new NumberBlock(block)));

    private static IEnumerable<(int Code, ushort Lengths)> FromMetadata()
    {
        PhoneNumberUtil metadata = PhoneNumberUtil.GetInstance();
        foreach (int code in metadata.GetSupportedCallingCodes())
        {
            // Of several countries under one code, the main one's plan: Canada's 310-xxxx, which nobody outside of
            // Canada can dial, would else make seven digits possible in all of North America.
            string region = metadata.GetRegionCodeForCountryCode(code);
            PhoneMetadata plan = metadata.GetMetadataForRegion(
                region) ?? metadata.GetMetadataForNonGeographicalRegion(code);

            ushort lengths = 0;
            foreach (int length in plan.GeneralDesc.PossibleLengthList)
            {
                int digits = code.ToString(CultureInfo.InvariantCulture).Length + length;
                if (digits is >= NumberLedger.PhoneNumber.DigitsMin and <= NumberLedger.PhoneNumber.DigitsMax)
                {
                    lengths |= (ushort)(1 << length);
                }
            }

            yield return (code, lengths);
        }
    }

    /// <summary>In the notation of the table: "39:6-12".</summary>
    private static string Row(int code, ushort lengths)
    {
        var spans = new List<string>();
        for (int first = 1; first < 16; first++)
        {
            if ((lengths >> first & 1) == 0) continue;
            int last = first;
            while ((lengths >> (last + 1) & 1) != 0) last++;
            spans.Add(first == last ? $"{first}" : $"{first}-{last}");
            first = last;
        }

        return $"{code}:{string.Join(',', spans)}";
    }
}
