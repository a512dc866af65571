namespace NumberLedger.Grains;

/// <summary>A part of the process that may have a reason not to serve. All that are registered are asked.</summary>
public interface IReadiness
{
    /// <summary>
    /// Why not, in words for an operator and without personal data; null while it serves. MUST NOT block.
    /// </summary>
    string? WhyNotReady { get; }
}
