namespace NumberLedger.Api;

/// <summary>A job as it was read or saved, and the version of that.</summary>
internal sealed record Job(JobRecord Record, string Version)
{
    public string Id => Record.Id;
}
