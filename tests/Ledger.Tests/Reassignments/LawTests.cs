using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>What holds for all histories, whatever was reported and in which order it arrived.</summary>
public sealed class LawTests
{
    private static readonly Gen<Asked[]> Questions = Histories.Question(0).Array[16];

    /// <summary>
    /// Bindings and releases of one lender keep their order: an older consent is refused after a newer one, so no
    /// other order of them can be recorded.
    /// </summary>
    [Fact]
    public void Any_order_of_arrival_gives_the_same_answers() => Gen.Select(
        Histories.StoryOfOneNumber(14), Questions, Gen.Int.Array[20])
        .Sample((story, questions, dice) =>
        {
            EntryContent[] shuffled = [.. story.Contents];
            Array.Sort(dice[..shuffled.Length], shuffled);
            var ofLenders = new Queue<EntryContent>(story.Contents.Where(IsLenders));
            for (int i = 0; i < shuffled.Length; i++)
            {
                if (IsLenders(shuffled[i])) shuffled[i] = ofLenders.Dequeue();
            }

            AssertSameAnswers(story, story with { Contents = shuffled }, questions);
        }, iter: 20_000);

    [Fact]
    public void Any_duplication_gives_the_same_answers() => Gen.Select(
        Histories.StoryOfOneNumber(14), Questions, Gen.Int[0, 13].Array[5])
        .Sample((story, questions, again) =>
        {
            var doubled = story.Contents.ToList();
            foreach (int i in again)
            {
                // A binding told again after its release would be a new binding, and is refused.
                if (i < story.Contents.Count && !IsLenders(story.Contents[i])) doubled.Add(story.Contents[i]);
            }

            AssertSameAnswers(story, story with { Contents = doubled }, questions);
        }, iter: 20_000);

    [Fact]
    public void Once_dead_a_consent_stays_dead_with_one_exception() => Gen.Select(
        Histories.StoryOfOneNumber(12), Histories.NumberEvent(BlockStory.China), Histories.Day)
        .Sample((story, news, day) =>
        {
            if (news is LedgerEvent.CarrierReport { Kind: CarrierEventKind.Retracted } or LedgerEvent.Released) return;

            BlockStory told = Then(story, news);
            ushort q = Days.Pack(day);
            if (!Replay.HolderOf(story, 0).IsDead(q) || Replay.HolderOf(told, 0).IsDead(q)) return;

            // Dead only because nobody held the number on its day, and a reassignment on or before its day was told.
            OracleTenures tenures = story.RecordOf(0).Tenures;
            Assert.True(tenures.NobodyHolds);
            Assert.DoesNotContain(tenures.Disconnects, d => d >= day);
            Assert.DoesNotContain(tenures.Reassignments, s => s > day);
            var reassigned = Assert.IsType<LedgerEvent.CarrierReport>(news);
            Assert.Equal(CarrierEventKind.Reassigned, reassigned.Kind);
            Assert.True(reassigned.On <= day);
        }, iter: 60_000);

    [Fact]
    public void A_late_disconnect_never_leaves_a_wrong_allow() => Gen.Select(
        Histories.StoryOfOneNumber(14), Questions, Histories.Day, Gen.Int[0, 14])
        .Sample((story, questions, day, arrival) =>
        {
            var disconnect = new LedgerEvent.CarrierReport(
                CarrierEventKind.Disconnected, "carrier-late", "late", day, null, null);
            int at = Math.Min(arrival, story.Contents.Count);
            BlockStory told = story with
            {
                Contents = [
                    .. story.Contents.Take(at), new EntryContent(DateTimeOffset.UnixEpoch, 0, disconnect),
                    .. story.Contents.Skip(at)],
            };

            foreach (Asked asked in questions)
            {
                Answer answer = Replay.Decide(told, asked);
                DateOnly? consent = asked.ConsentedOn ?? told.RecordOf(0).BindingOf(asked.Lender)?.Claim.ConsentedOn;
                if (consent <= day) Assert.Equal(Verdict.Deny, answer.Verdict);

                // Whoever may still be texted came after it.
                if (answer.Verdict == Verdict.Allow) Assert.True(told.RecordOf(0).Tenures.Present!.Began >= day);
            }
        }, iter: 20_000);

    /// <summary>Whatever was refused by the present holder stays refused when more is learned of the past.</summary>
    [Fact]
    public void Only_a_new_tenure_ends_a_refusal() => Gen.Select(
        Histories.StoryOfOneNumber(12), Histories.Refusal, Histories.NumberEvent(BlockStory.China), Questions)
        .Sample((story, refusal, news, questions) =>
        {
            if (news is LedgerEvent.Released
                or LedgerEvent.CarrierReport
                {
                    Kind: CarrierEventKind.Retracted or CarrierEventKind.Reassigned
                    or CarrierEventKind.Disconnected
                }) return;

            BlockStory refused = Then(story, refusal);
            BlockStory told = Then(refused, news);
            foreach (Asked asked in questions)
            {
                if (!Replay.Decide(refused, asked).Reasons.HasFlag(Reasons.OptedOut)) continue;
                Assert.Equal(Verdict.Deny, Replay.Decide(told, asked).Verdict);
            }
        }, iter: 20_000);

    private static bool IsLenders(EntryContent content) => content.Event is LedgerEvent.Bound or LedgerEvent.Released;

    private static BlockStory Then(BlockStory story, LedgerEvent news) =>
        story with { Contents = [.. story.Contents, new EntryContent(DateTimeOffset.UnixEpoch, 0, news)] };

    private static void AssertSameAnswers(BlockStory one, BlockStory other, Asked[] questions)
    {
        foreach (Asked asked in questions)
        {
            Assert.Equal(Replay.Decide(one, asked), Replay.Decide(other, asked));
            Assert.Equal(Replay.ByOracle(other, asked), Replay.Decide(other, asked));
        }
    }
}
