using System.Collections.Concurrent;
using System.Diagnostics;

namespace NumberLedger.Faults.Tests;

internal enum Act : byte
{
    /// <summary>A lender's consent: from its acknowledgement on, and until an end is sent, no check may deny.</summary>
    Bind,

    /// <summary>A refusal, a release, a disconnect: from its acknowledgement on no check may allow.</summary>
    End,
    Check,
}

internal enum Outcome : byte
{
    /// <summary>No answer, or one that says that it is unknown.</summary>
    Unknown,

    /// <summary>Acknowledged; of a check: allow.</summary>
    Yes,

    /// <summary>Refused; of a check: deny.</summary>
    No,
}

internal enum Lender : byte
{
    /// <summary>Of an end: whoever bound the number.</summary>
    Everyone,
    First,
    Second,
}

/// <summary>
/// One thing that was said of a number. Of each kind a number is told once by everyone it may come from.
/// </summary>
/// <param name="Kind">As a history names it.</param>
internal readonly record struct Fact(int Number, string Kind, Lender Lender);

/// <summary>What came of telling a fact.</summary>
/// <param name="Outcome">The last one, if it was sent several times.</param>
/// <param name="Sent">Ticks, before it was sent first.</param>
/// <param name="Answered">Ticks, after the last answer had come.</param>
internal readonly record struct Told(Outcome Outcome, long Sent, long Answered);

/// <summary>A fact as the ledger holds it.</summary>
internal readonly record struct Stood(Fact Fact, int Block, long Position, DateTimeOffset RecordedAt);

/// <summary>One request and what came of it.</summary>
/// <param name="Number">Of the numbers of a round.</param>
/// <param name="Block">Of the blocks of a round: positions are a block's.</param>
/// <param name="Invoked">Ticks of one clock, before the request was sent.</param>
/// <param name="Returned">Ticks, after its answer had come.</param>
/// <param name="Position">Of a check that was answered: as of which position of its block; otherwise 0.</param>
/// <param name="Node">Which was asked.</param>
/// <param name="Lender">Who asked or bound, or whom alone an end is about.</param>
internal readonly record struct Step(
    int Number, int Block, Act Act, Outcome Outcome, long Invoked, long Returned, long Position, int Node,
    Lender Lender)
{
    public TimeSpan Took => Stopwatch.GetElapsedTime(Invoked, Returned);
}

/// <summary>Everything that was asked and answered, by whomever, in no order.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Step> _steps = new();

    public Step[] Steps => [.. _steps];

    public void Add(Step step) => _steps.Enqueue(step);
}
