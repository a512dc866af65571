namespace NumberLedger.Grains;

/// <summary>A part of the process that may have a reason not to serve. All that are registered are asked.</summary>
public interface IReadiness
{
    /// <summary>
    /// Why not; null while it serves. Anybody may ask: folders and blocks are for the log. MUST NOT block.
    /// </summary>
    string? WhyNotReady { get; }
}
