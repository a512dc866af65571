using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>One question to the Reassigned Numbers Database, as its callers send it.</summary>
/// <param name="Number">The ten digits as a number of +1.</param>
internal sealed record TnQuestion(PhoneNumber Number, string Tn, DateOnly Date, string CompanyId)
{
    private static readonly TenDigitsField TnField = new("tn", "Ten digits; area code and exchange from 200 up.");

    private static readonly DayField DateField = new(
        "date", true, "The day on which the number was known to be its holder's. In the past, not before 1950-01-01.");

    private static readonly CompanyIdField CompanyField = new(
        "companyId", "For whom you ask: 3 to 10 letters and digits. It is repeated in the answer.");

    public static readonly Shape<TnQuestion> Shape = new(
        "TnQuestion", "Was the number permanently disconnected on or after the day?",
        [TnField, DateField, CompanyField], Read, """{"tn":"4045551111","date":"2026-08-01","companyId":"TESTCO"}""");

    private static TnQuestion? Read(Place at)
    {
        PhoneNumber? number = TnField.Read(at);
        DateOnly? date = DateField.Read(at);
        string? company = CompanyField.Read(at);
        return at.IsFaulty ? null : new(number!.Value, TenDigits.Of(number.Value), date!.Value, company!);
    }
}

internal sealed record TnRequest(BatchItem<TnQuestion>[] Questions)
{
    public const string List = "tnList";

    private static readonly ItemsField<TnQuestion> ListField = new(
        List, Limits.TnMax, TnQuestion.Shape, "The questions.");

    public static readonly Shape<TnRequest> Shape = new(
        "TnList", "Questions to the Reassigned Numbers Database.", [ListField], Read,
        """{"tnList":[{"tn":"4045551111","date":"2026-08-01","companyId":"TESTCO"}]}""");

    private static TnRequest? Read(Place at) => ListField.Read(at) is { } questions ? new(questions) : null;
}

/// <summary>A number of the North American plan as its registry writes it.</summary>
internal sealed class TenDigitsField(string name, string description) : Field(name, required: true, description)
{
    private const string Expected = "Ten digits; area code and exchange from 200 up.";

    public override FieldSchema Schema => new("string") { Pattern = "^[2-9][0-9]{2}[2-9][0-9]{6}$" };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.TextMalformed];

    public PhoneNumber? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;
        if (TenDigits.TryParse(value.GetString(), out PhoneNumber number)) return number;

        at.Values.Add(ProblemCatalog.TextMalformed, at.PointerTo(Name), Expected);
        return null;
    }
}

/// <summary>Ten-digit numbers of the North American plan.</summary>
internal static class TenDigits
{
    private const int Length = 10;

    public static string Of(PhoneNumber number) =>
        (number.Digits % 10_000_000_000).ToString(CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out PhoneNumber number)
    {
        number = default;
        return text.Length == Length && text[0] is >= '2' and <= '9' && text[3] is >= '2' and <= '9'
            && PhoneNumber.TryParse("+1" + text.ToString(), out number);
    }
}

/// <summary>A company as the registry knows it.</summary>
internal sealed class CompanyIdField(string name, string description) : Field(name, required: true, description)
{
    public override FieldSchema Schema => new("string") { Pattern = "^[A-Za-z0-9]{3,10}$" };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.TextMalformed];

    public static bool IsOne(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        }

        return text.Length is >= 3 and <= 10;
    }

    public string? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;
        if (value.GetString() is { } text && IsOne(text)) return text;

        at.Values.Add(ProblemCatalog.TextMalformed, at.PointerTo(Name), "3 to 10 letters and digits.");
        return null;
    }
}

/// <summary>Replies in the order of the questions.</summary>
internal sealed record TnResponse([property: Description("One for each question.")] IReadOnlyList<TnReply> Replies);

/// <summary>The registry's answer.</summary>
internal sealed record TnReply(
    [property: Description("As it was sent.")] string Tn,
    [property: Description("yes: on or after the date. no: not. no_data: the record does not speak about the date.")]
    string Disconnected,
    [property: Description("As it was sent.")] string CompanyId,
    [property: Description("As it was sent.")] DateOnly DateProvided);
