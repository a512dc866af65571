using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// Index, replay and oracle over all histories of up to six events on a small calendar, not a sample of them.
/// </summary>
/// <remarks>
/// Histories are sequences: every order of arrival and every duplication is one of its own. Each is a node of a tree
/// whose branches are the alphabet, so n symbols make 1 + n + n^2 + ... + n^6 of them.
/// </remarks>
public sealed class ExhaustiveTests
{
    private const int EventsMax = 6;
    private const ushort InRange = 1_234;
    private const ushort InNoRange = 6_234;
    private static readonly DateTimeOffset Now = Noon(Jan(20));

    /// <summary>
    /// 9 symbols, 597,871 histories: three disconnects and three reassignments of both carriers on three days, two of
    /// them retracted, and a refusal on the middle day.
    /// </summary>
    [Fact]
    public void Tenures_and_refusals()
    {
        LedgerEvent[] alphabet =
        [
            Report(CarrierEventKind.Disconnected, "carrier-a", "d1", Jan(2)),
            Report(CarrierEventKind.Disconnected, "carrier-a", "d2", Jan(3)),
            Report(CarrierEventKind.Disconnected, "carrier-b", "d3", Jan(4)),
            Report(CarrierEventKind.Reassigned, "carrier-a", "s1", Jan(2)),
            Report(CarrierEventKind.Reassigned, "carrier-b", "s2", Jan(3)),
            Report(CarrierEventKind.Reassigned, "carrier-a", "s3", Jan(4)),
            new LedgerEvent.CarrierReport(CarrierEventKind.Retracted, "carrier-a", "r1", null, null, "d2"),
            new LedgerEvent.CarrierReport(CarrierEventKind.Retracted, "carrier-a", "r2", null, null, "s3"),
            new LedgerEvent.OptedOut(null, Purposes.Marketing, Noon(Jan(3)), "operator"),
        ];
        Asked[] questions =
        [
            .. Enumerable.Range(1, 5).Select(day => Ask(InRange, "acme", Jan(day))),
            Ask(InRange, "bound-early", null),
            Ask(InRange, "bound-late", null),
        ];

        var walk = new Walk(alphabet, questions, [Bind("bound-early", Jan(2)), Bind("bound-late", Jan(4))]);
        Assert.Equal(597_871, walk.Count());
    }

    /// <summary>
    /// 8 symbols, 299,593 sequences; 177,790 of them are histories, in the others a release comes before every binding.
    /// </summary>
    [Fact]
    public void Ports_bindings_and_releases_inside_and_outside_of_a_range()
    {
        LedgerEvent[] alphabet =
        [
            Report(CarrierEventKind.PortedOut, "carrier-a", "o", Jan(2)),
            Report(CarrierEventKind.PortedIn, "carrier-b", "i1", Jan(2)),
            Report(CarrierEventKind.PortedIn, "carrier-b", "i2", Jan(4)),
            Report(CarrierEventKind.Disconnected, "carrier-b", "d", Jan(3)),
            Report(CarrierEventKind.Reassigned, "carrier-b", "s", Jan(4)),
            Bind("acme", Jan(3)),
            new LedgerEvent.Released("acme"),
            new LedgerEvent.OptedOut("acme", Purposes.Servicing, Noon(Jan(3)), "acme"),
        ];
        Asked[] questions =
        [
            .. from offset in new[] { InRange, InNoRange }
               from day in new DateOnly?[] { null, Jan(4) }
               select Ask(offset, "acme", day),
        ];

        var walk = new Walk(alphabet, questions, []);
        Assert.Equal(177_790, walk.Count());
    }

    private static LedgerEvent.CarrierReport Report(CarrierEventKind kind, string carrier, string id, DateOnly on) =>
        new(kind, carrier, id, on, null, null);

    private static LedgerEvent.Bound Bind(string lender, DateOnly on) => new(
        lender, BindingRole.Borrower, Purposes.Marketing | Purposes.Servicing, Noon(on), on, null, null);

    private static Asked Ask(ushort offset, string lender, DateOnly? day) =>
        new(offset, lender, offset == InRange ? Purposes.Marketing : Purposes.Servicing, day, Now);

    private sealed class Walk
    {
        private readonly LedgerEvent[] _alphabet;
        private readonly Asked[] _questions;
        private readonly List<OracleEntry> _told;
        private readonly NumberState _start;
        private readonly BlockIndex _index = new(BlockStory.China);
        private readonly RangeShare _range = new("carrier-a", Jan(2));

        public Walk(LedgerEvent[] alphabet, Asked[] questions, LedgerEvent[] before)
        {
            (_alphabet, _questions) = (alphabet, questions);
            _told = [.. before.Select(happened => new OracleEntry(happened, Now))];
            _start = before.Aggregate(NumberState.Empty, (state, happened) => state.Apply(happened, Now));

            // Of the block's ten thousands, the first five are in the range.
            var ranges = BlockRanges.Start(BlockStory.China, default);
            var set = new LedgerEvent.RangeSet(_range.Carrier, 0, 4, _range.TrackedSince);
            _index.Put(
                ranges.Apply(new LedgerEntry(1, default, 1, default, null, new(Now, EntryContent.NoOffset, set))));
        }

        public int Count() => From(_start, EventsMax);

        private int From(NumberState state, int more)
        {
            Compare(state);
            int histories = 1;
            foreach (LedgerEvent happened in more == 0 ? [] : _alphabet)
            {
                if (happened is LedgerEvent.Released released && !state.Bindings.ContainsKey(released.Lender)) continue;

                _told.Add(new OracleEntry(happened, Now));
                histories += From(state.Apply(happened, Now), more - 1);
                _told.RemoveAt(_told.Count - 1);
            }

            return histories;
        }

        private void Compare(NumberState state)
        {
            var inRange = new OracleRecord(_told, new OracleRange(_range.Carrier, _range.TrackedSince), 90);
            var inNoRange = new OracleRecord(_told, null, 90);
            _index.Put(InRange, state);
            _index.Put(InNoRange, state);
            foreach (Asked asked in _questions)
            {
                bool covered = asked.Offset == InRange;
                Answer expected = OracleVerdicts.Decide(
                    covered ? inRange : inNoRange, asked.Lender, asked.Purpose, asked.ConsentedOn, asked.Now);
                Answer replayed = Replay.Decide(state, covered ? _range : null, asked, 90);
                Answer indexed = _index.Check(asked.Offset, asked.Lender, asked.Question, asked.Moment);
                if (expected == replayed && expected == indexed) continue;

                string told = string.Join(Environment.NewLine, _told.Select(entry => entry.Event));
                Assert.Fail($"{told}\n{asked}\noracle {expected}\nreplay {replayed}\nindex  {indexed}");
            }
        }
    }
}
