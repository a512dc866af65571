namespace NumberLedger.Stores.Tests;

/// <summary>What every driver owes to requests that come with an idempotency key.</summary>
public abstract class ClaimStoreContract(StorePlace place) : StoreContract(place)
{
    private static readonly Claim First = new(7, new Hash256(1, 2), Some.Noon, Answer: null);
    private static readonly ClaimAnswer Created = new(201, "application/json", [1, 2, 3]);

    private IClaimStore Claims => (IClaimStore)Store;

    [Fact]
    public async Task The_first_claim_is_returned_as_it_came_and_a_second_finds_it()
    {
        Claim mine = await Claims.ClaimAsync(First, Ct);
        Claim theirs = await Claims.ClaimAsync(
            First with { Digest = new Hash256(9, 9), ClaimedAt = Some.Noon.AddHours(1) }, Ct);

        Assert.Equal(First, mine);
        Assert.Equal(First, theirs);
    }

    [Fact]
    public async Task Of_racing_claims_exactly_one_is_first()
    {
        Claim[] claims = [.. Enumerable.Range(0, 20).Select(i => First with { Digest = new Hash256(0, (UInt128)i) })];

        Claim[] stored = await Task.WhenAll(claims.Select(claim => Task.Run(() => Claims.ClaimAsync(claim, Ct))));

        Claim winner = Assert.Single(stored.Distinct());
        Assert.Contains(winner, claims);
    }

    [Fact]
    public async Task The_first_answer_stays()
    {
        await Claims.ClaimAsync(First, Ct);

        await Claims.AnswerAsync(First.Id, Created, Ct);
        await Claims.AnswerAsync(First.Id, new ClaimAnswer(500, "text/plain", []), Ct);

        AssertAnswered(await Claims.ClaimAsync(First, Ct));
    }

    [Fact]
    public async Task An_empty_answer_is_an_answer()
    {
        await Claims.ClaimAsync(First, Ct);

        await Claims.AnswerAsync(First.Id, new ClaimAnswer(204, "", []), Ct);

        ClaimAnswer answer = (await Claims.ClaimAsync(First, Ct)).Answer!;
        Assert.Equal(204, answer.Status);
        Assert.Equal("", answer.ContentType);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task An_answer_without_a_claim_is_dropped()
    {
        await Claims.AnswerAsync(First.Id, Created, Ct);

        Assert.Equal(First, await Claims.ClaimAsync(First, Ct));
    }

    [Fact]
    public async Task Claims_and_answers_survive_a_reopen()
    {
        Claim open = First with { Id = UInt128.MaxValue };
        await Claims.ClaimAsync(First, Ct);
        await Claims.ClaimAsync(open, Ct);
        await Claims.AnswerAsync(First.Id, Created, Ct);

        await ReopenAsync();

        AssertAnswered(await Claims.ClaimAsync(First with { Digest = new Hash256(9, 9) }, Ct));
        Assert.Equal(open, await Claims.ClaimAsync(open, Ct));
    }

    [Fact]
    public async Task A_claim_is_kept_for_its_time_however_many_come_after_it()
    {
        await Claims.ClaimAsync(First, Ct);

        DateTimeOffset later = Some.Noon + Claim.KeptAtLeast;
        await Task.WhenAll(Enumerable.Range(1_000, 2_000).Select(
            id => Claims.ClaimAsync(First with { Id = (UInt128)id, ClaimedAt = later }, Ct)));

        Assert.Equal(First, await Claims.ClaimAsync(First with { Digest = new Hash256(9, 9) }, Ct));
    }

    private static void AssertAnswered(Claim claim)
    {
        Assert.Equal(First.Digest, claim.Digest);
        Assert.Equal((Created.Status, Created.ContentType), (claim.Answer!.Status, claim.Answer.ContentType));
        Assert.Equal(Created.Body, claim.Answer.Body);
    }
}
