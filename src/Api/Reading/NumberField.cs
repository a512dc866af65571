using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>A telephone number. A fault never repeats it.</summary>
internal sealed class NumberField(
    string name, bool required, string description, string example = "+8613800001234")
    : Field(name, required, description)
{
    /// <summary>Nothing that can be a number is longer, in any notation.</summary>
    private const int CharsMax = 64;

    private const string Format = "e164";

    public override FieldSchema Schema => new("string") { Format = Format, LengthMax = CharsMax, Example = example };

    public override IReadOnlyList<ProblemKind> Problems { get; } =
        [
            .. Enum.GetValues<PhoneNumberFault>().Where(fault => fault is not PhoneNumberFault.None)
                .Select(ProblemCatalog.Of),
        ];

    public PhoneNumber? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;

        PhoneNumberFault fault = Read(value, at.Numbers, out PhoneNumber number);
        if (fault is PhoneNumberFault.None) return number;

        at.Values.Add(ProblemCatalog.Of(fault), at.PointerTo(Name));
        return null;
    }

    private static PhoneNumberFault Read(JsonElement value, NumberReader numbers, out PhoneNumber number)
    {
        // With its quotes. Plain ASCII is read without making a string of it.
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (raw.Length > CharsMax || raw.Contains((byte)'\\') || !Ascii.IsValid(raw))
        {
            string text = value.GetString()!;
            number = default;
            return text.Length > CharsMax ? PhoneNumberFault.TooLong : numbers.Read(text, out number);
        }

        Span<char> chars = stackalloc char[CharsMax];
        Encoding.ASCII.GetChars(raw, chars);
        return numbers.Read(chars[..raw.Length], out number);
    }
}
