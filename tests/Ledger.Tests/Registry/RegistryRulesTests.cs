using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class RegistryRulesTests
{
    private static readonly LedgerEvent.PartyRegistered Acme = new("acme", "ACME Credit", PartyRole.Lender);
    private static readonly LedgerEvent.PartyRegistered Telco = new("telco", "Telco", PartyRole.Carrier);
    private static readonly RegistryState Start = RegistryState.Start(default);

    [Fact]
    public void A_party_joins_once()
    {
        Assert.Equal(Acme, RegistryRules.Register(Start, Acme).Happened);

        RegistryState joined = Then(Start, Acme);
        Assert.Equal(Decision.NothingToDo, RegistryRules.Register(joined, Acme));
        Assert.Equal(Refusal.PartyExists, RegistryRules.Register(joined, Acme with { Name = "Another" }).Refusal);
        Assert.Equal(
            Refusal.PartyExists, RegistryRules.Register(joined, Acme with { Role = PartyRole.Operator }).Refusal);
    }

    [Fact]
    public void A_key_needs_its_party_and_takes_scopes_of_that_partys_role_only()
    {
        RegistryState joined = Then(Start, Acme);

        Assert.Equal(Refusal.PartyUnknown, RegistryRules.AddKey(Start, Key(1, "acme")).Refusal);
        Assert.NotNull(RegistryRules.AddKey(joined, Key(1, "acme", Scopes.CheckNumbers)).Happened);
        Assert.NotNull(RegistryRules.AddKey(joined, Key(1, "acme", [.. Scopes.Of(PartyRole.Lender)])).Happened);
        Assert.Equal(
            Refusal.ScopeOfOtherRole,
            RegistryRules.AddKey(joined, Key(1, "acme", Scopes.CheckNumbers, Scopes.ManageParties)).Refusal);
    }

    [Fact]
    public void A_party_has_a_limited_number_of_live_keys()
    {
        LedgerEvent[] keys = [.. Enumerable.Range(1, RegistryRules.LiveKeysMax).Select(id => Key(id, "acme"))];
        RegistryState full = Then(Start, [Acme, Telco, .. keys]);

        Assert.Equal(Refusal.KeysTooMany, RegistryRules.AddKey(full, Key(99, "acme")).Refusal);
        Assert.NotNull(RegistryRules.AddKey(full, Key(99, "telco")).Happened);
        Assert.NotNull(RegistryRules.AddKey(Then(full, new LedgerEvent.KeyRevoked("1")), Key(99, "acme")).Happened);
    }

    [Fact]
    public void A_key_is_revoked_once_by_the_name_of_its_own_party()
    {
        RegistryState state = Then(Start, Acme, Telco, Key(1, "acme"));

        Assert.Equal(Refusal.KeyUnknown, RegistryRules.RevokeKey(state, "acme", "2").Refusal);
        Assert.Equal(Refusal.KeyUnknown, RegistryRules.RevokeKey(state, "telco", "1").Refusal);
        LedgerEvent revoked = RegistryRules.RevokeKey(state, "acme", "1").Happened!;
        Assert.Equal(new LedgerEvent.KeyRevoked("1"), revoked);

        state = Then(state, revoked);
        Assert.NotNull(state.Keys["1"].RevokedAt);
        Assert.Equal(Decision.NothingToDo, RegistryRules.RevokeKey(state, "acme", "1"));
    }

    [Fact]
    public void Only_a_carrier_may_have_a_range()
    {
        RegistryState state = Then(Start, Acme, Telco);

        Assert.Null(RegistryRules.JudgeCarrier(state, "telco"));
        Assert.Equal(Refusal.PartyOfOtherRole, RegistryRules.JudgeCarrier(state, "acme"));
        Assert.Equal(Refusal.PartyUnknown, RegistryRules.JudgeCarrier(state, "nobody"));
    }

    [Fact]
    public void A_range_listed_again_replaces_itself_and_is_delisted_by_its_ends()
    {
        RegistryState listed = Then(Start, Range(Jan(1)), Range(Feb(1)));
        Assert.Equal([Range(Feb(1))], listed.Ranges);

        Assert.Equal(
            listed.Ranges,
            Then(listed, new LedgerEvent.RangeDelisted("another", Range(Jan(1)).From, Range(Jan(1)).To)).Ranges);
        Assert.Empty(Then(listed, new LedgerEvent.RangeDelisted("telco", Range(Jan(1)).From, Range(Jan(1)).To)).Ranges);
    }

    [Fact]
    public void A_feed_is_reported_for_a_range_of_the_carriers_own_and_not_beyond_today()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)));

        Assert.Equal(Report("f1", Mar(1)), RegistryRules.ReportFeed(state, Report("f1", Mar(1)), Mar(1)).Happened);
        Assert.Equal(
            Refusal.CompleteThroughInFuture, RegistryRules.ReportFeed(state, Report("f1", Mar(2)), Mar(1)).Refusal);
        Assert.Equal(
            Refusal.EffectiveTooEarly,
            RegistryRules.ReportFeed(state, Report("f1", Days.First.AddDays(-1)), Mar(1)).Refusal);
        Assert.Equal(
            Refusal.RangeNotHeld,
            RegistryRules.ReportFeed(state, Report("f1", Mar(1)) with { Carrier = "another" }, Mar(1)).Refusal);
        Assert.Equal(
            Refusal.RangeNotHeld, RegistryRules.ReportFeed(Then(Start, Telco), Report("f1", Mar(1)), Mar(1)).Refusal);
    }

    [Fact]
    public void A_feed_is_not_reported_for_what_the_carrier_holds_no_more()
    {
        RegistryState state = Then(
            Start, Telco, Range(Jan(1)),
            new LedgerEvent.RangeDelisted("telco", Number("+8613800000000"), Number("+8613800003999")),
            new LedgerEvent.RangeDelisted("telco", Number("+8613800004000"), Number("+8613800008999")));

        LedgerEvent.FeedReported ended = Report("f1", Mar(1)) with { To = Number("+8613800008999") };
        Assert.Equal(Refusal.RangeNotHeld, RegistryRules.ReportFeed(state, ended, Mar(1)).Refusal);
        Assert.NotNull(RegistryRules.ReportFeed(state, Report("f1", Mar(1)), Mar(1)).Happened);
    }

    [Fact]
    public void A_range_is_listed_and_delisted_once()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)));
        var ended = new LedgerEvent.RangeDelisted("telco", Number("+8613800000000"), Number("+8613800003999"));

        Assert.Equal(Decision.NothingToDo, RegistryRules.List(state, Range(Jan(1))));
        Assert.Equal(Range(Jan(2)), RegistryRules.List(state, Range(Jan(2))).Happened);
        Assert.Equal(ended, RegistryRules.Delist(state, ended).Happened);
        Assert.Equal(Decision.NothingToDo, RegistryRules.Delist(Then(state, ended), ended));
    }

    [Fact]
    public void A_feed_reported_again_is_a_duplicate_and_another_under_its_id_is_refused()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(1)));

        Assert.Equal(Decision.NothingToDo, RegistryRules.ReportFeed(state, Report("f1", Mar(1)), Mar(9)));
        Assert.Equal(Refusal.EventIdReused, RegistryRules.ReportFeed(state, Report("f1", Mar(2)), Mar(9)).Refusal);
        Assert.NotNull(RegistryRules.ReportFeed(state, Report("f2", Mar(2)), Mar(9)).Happened);
    }

    [Fact]
    public void A_report_that_tells_nothing_new_is_nothing_to_do()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(5)));

        Assert.Equal(Decision.NothingToDo, RegistryRules.ReportFeed(state, Report("f2", Mar(5)), Mar(9)));
        Assert.Equal(Decision.NothingToDo, RegistryRules.ReportFeed(state, Report("f3", Mar(4)), Mar(9)));
        Assert.NotNull(RegistryRules.ReportFeed(state, Report("f4", Mar(6)), Mar(9)).Happened);
        LedgerEvent.FeedReported part = Report("f5", Mar(4)) with { From = Number("+8613800005000") };
        Assert.NotNull(RegistryRules.ReportFeed(state, part, Mar(9)).Happened);
    }

    [Fact]
    public void A_carrier_reports_on_a_limited_number_of_ranges()
    {
        LedgerEvent[] reports =
        [
            .. Enumerable.Range(0, RegistryRules.FeedsMax).Select(i => Part($"f{i}", i, Mar(1))),
        ];
        RegistryState full = Then(Start, [Telco, Range(Jan(1)), .. reports]);

        Assert.Equal(Refusal.FeedsTooMany, RegistryRules.ReportFeed(full, Report("more", Mar(1)), Mar(9)).Refusal);
        Assert.NotNull(RegistryRules.ReportFeed(full, Part("again", 7, Mar(2)), Mar(9)).Happened);

        static LedgerEvent.FeedReported Part(string id, int number, DateOnly through) => Report(id, through) with
        {
            From = Number($"+861380000{number:0000}"),
            To = Number($"+861380000{number:0000}"),
        };
    }

    [Fact]
    public void A_feed_goes_stale_by_the_carriers_own_rhythm()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(1)));
        Feed monthly = state.FeedOf("telco", Number("+8613800005000"))!;
        Assert.False(monthly.IsStale(Mar(1).AddDays(63)));
        Assert.True(monthly.IsStale(Mar(1).AddDays(64)));

        Feed daily = Then(state, Report("f2", Mar(2)), Report("f3", Mar(3))).FeedOf("telco", Number("+8613800005000"))!;
        Assert.Equal(Mar(3), daily.CompleteThrough);
        Assert.False(daily.IsStale(Mar(6)));
        Assert.True(daily.IsStale(Mar(7)));
    }

    [Fact]
    public void An_older_report_moves_no_feed_backwards()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(5)), Report("f2", Mar(1)));

        Assert.Equal(Mar(5), state.FeedOf("telco", Number("+8613800005000"))!.CompleteThrough);
    }

    [Fact]
    public void A_number_has_the_feed_of_its_range_and_carrier()
    {
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(5)));

        Assert.Null(state.FeedOf("another", Number("+8613800005000")));
        Assert.Null(state.FeedOf("telco", Number("+8613800010000")));
        Assert.NotNull(state.FeedOf("telco", Number("+8613800000000")));
        Assert.NotNull(state.FeedOf("telco", Number("+8613800009999")));
    }

    [Fact]
    public void Of_two_feeds_over_a_number_the_more_complete_one_counts()
    {
        LedgerEvent.FeedReported narrow = Report("f2", Mar(9)) with { From = Number("+8613800005000") };
        RegistryState state = Then(Start, Telco, Range(Jan(1)), Report("f1", Mar(5)), narrow);

        Assert.Equal(Mar(9), state.FeedOf("telco", Number("+8613800005000"))!.CompleteThrough);
        Assert.Equal(Mar(5), state.FeedOf("telco", Number("+8613800004999"))!.CompleteThrough);
    }

    [Theory]
    [InlineData(PartyRole.Lender)]
    [InlineData(PartyRole.Carrier)]
    [InlineData(PartyRole.Agency)]
    [InlineData(PartyRole.Auditor)]
    [InlineData(PartyRole.Operator)]
    public void Every_role_may_do_something(PartyRole role) => Assert.NotEmpty(Scopes.Of(role));

    [Fact]
    public void A_lenders_scopes_include_number_recycling_and_only_carriers_report()
    {
        Assert.Contains(Scopes.CheckRecycling, Scopes.Of(PartyRole.Lender));
        Assert.Equal(
            [PartyRole.Carrier],
            Enum.GetValues<PartyRole>().Where(role => Scopes.Of(role).Contains(Scopes.WriteCarrierEvents)));
    }

    private static PhoneNumber Number(string text) => PhoneNumber.Parse(text);

    private static LedgerEvent.KeyAdded Key(int id, string party, params string[] scopes) =>
        new($"{id}", party, new Hash256(0, (UInt128)id), new EquatableList<string>(scopes));

    private static LedgerEvent.RangeListed Range(DateOnly since) =>
        new("telco", Number("+8613800000000"), Number("+8613800009999"), since);

    private static LedgerEvent.FeedReported Report(string id, DateOnly through) =>
        new("telco", id, Number("+8613800000000"), Number("+8613800009999"), through);

    private static RegistryState Then(RegistryState state, params LedgerEvent[] happened) =>
        happened.Aggregate(state, (before, next) => before.Apply(new LedgerEntry(
            before.Position + 1, default, before.Position + 1, default, null,
            new EntryContent(Noon(Jan(1)).AddMinutes(before.Position), EntryContent.NoOffset, next))));
}
