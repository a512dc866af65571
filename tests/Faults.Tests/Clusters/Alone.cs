namespace NumberLedger.Faults.Tests;

/// <summary>
/// Tests of whole clusters run one after another and beside no other of this project: a machine has few processors.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
