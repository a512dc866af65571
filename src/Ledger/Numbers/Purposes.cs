namespace NumberLedger;

/// <summary>What a message is for. A set: a binding or a refusal names several, a check exactly one.</summary>
[Flags]
public enum Purposes : byte
{
    None = 0,
    Marketing = 1,
    Servicing = 2,
    Collection = 4,
    Verification = 8,
    All = Marketing | Servicing | Collection | Verification,
}
