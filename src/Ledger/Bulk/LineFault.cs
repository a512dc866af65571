namespace NumberLedger;

/// <summary>Why a line of a file cannot be asked. The API has a code and a remedy for each.</summary>
public enum LineFault : byte
{
    None = 0,

    // As PhoneNumberFault, with its values.
    NumberMissing = PhoneNumberFault.Missing,
    NumberNoPlus = PhoneNumberFault.NoPlus,
    NumberNotADigit = PhoneNumberFault.NotADigit,
    NumberTooShort = PhoneNumberFault.TooShort,
    NumberTooLong = PhoneNumberFault.TooLong,
    NumberUnknownCallingCode = PhoneNumberFault.UnknownCallingCode,

    // Of the record as a whole: what stands in it cannot be told.
    LineTooLong = 20,
    QuoteMalformed = 21,
    FieldsMissing = 22,
    FieldsTooMany = 23,
    LineMalformed = 24,

    // Of its values.
    MemberReserved = 36,
    MemberDuplicated = 37,
    TypeWrong = 38,
    NumberAbsent = 39,
    PurposeUnknown = 40,
    DayMalformed = 41,
    ConsentTooEarly = 42,
    ConsentInFuture = 43,
}

public static class LineFaults
{
    /// <summary>The fields of such a record cannot be told apart, so none of them can be passed through.</summary>
    public static bool IsOfRecord(this LineFault fault) =>
        fault is >= LineFault.LineTooLong and <= LineFault.LineMalformed;
}
