namespace NumberLedger.Api;

/// <summary>The texts of this member are the words of an enum. For the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValuesAttribute(Type words) : Attribute
{
    public Type Words => words;
}
