namespace NumberLedger.Grains;

// How the domain's types cross the wire. Here, so that Ledger needs no reference to Orleans.

[GenerateSerializer, Immutable, Alias("phone-number.v1")]
internal readonly record struct PhoneNumberSurrogate([property: Id(0)] long Digits);

[RegisterConverter]
internal sealed class PhoneNumberConverter : IConverter<PhoneNumber, PhoneNumberSurrogate>
{
    public PhoneNumber ConvertFromSurrogate(in PhoneNumberSurrogate surrogate) =>
        PhoneNumber.TryFromDigits(surrogate.Digits, out PhoneNumber number)
            ? number
            : throw new FormatException("A message holds no telephone number where there should be one.");

    public PhoneNumberSurrogate ConvertToSurrogate(in PhoneNumber value) => new(value.Digits);
}

[GenerateSerializer, Immutable, Alias("command-id.v1")]
internal readonly record struct CommandIdSurrogate([property: Id(0)] UInt128 Value);

[RegisterConverter]
internal sealed class CommandIdConverter : IConverter<CommandId, CommandIdSurrogate>
{
    public CommandId ConvertFromSurrogate(in CommandIdSurrogate surrogate) => new(surrogate.Value);
    public CommandIdSurrogate ConvertToSurrogate(in CommandId value) => new(value.Value);
}

[GenerateSerializer, Immutable, Alias("hash.v1")]
internal readonly record struct Hash256Surrogate([property: Id(0)] UInt128 High, [property: Id(1)] UInt128 Low);

[RegisterConverter]
internal sealed class Hash256Converter : IConverter<Hash256, Hash256Surrogate>
{
    public Hash256 ConvertFromSurrogate(in Hash256Surrogate surrogate) => new(surrogate.High, surrogate.Low);
    public Hash256Surrogate ConvertToSurrogate(in Hash256 value) => new(value.High, value.Low);
}

[GenerateSerializer, Immutable, Alias("claim-answer.v1")]
internal readonly record struct ClaimAnswerSurrogate(
    [property: Id(0)] int Status, [property: Id(1)] string ContentType, [property: Id(2)] byte[] Body);

[RegisterConverter]
internal sealed class ClaimAnswerConverter : IConverter<ClaimAnswer, ClaimAnswerSurrogate>
{
    public ClaimAnswer ConvertFromSurrogate(in ClaimAnswerSurrogate surrogate) =>
        new(surrogate.Status, surrogate.ContentType, surrogate.Body);

    public ClaimAnswerSurrogate ConvertToSurrogate(in ClaimAnswer value) =>
        new(value.Status, value.ContentType, value.Body);
}
