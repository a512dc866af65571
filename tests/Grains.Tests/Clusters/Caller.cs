namespace NumberLedger.Grains.Tests;

/// <summary>Asks and tells a cluster what the API would, about one number at a time.</summary>
/// <param name="reader">For checks; without it, they are grain calls.</param>
internal sealed class Caller(IGrainFactory grains, IBlockReader? reader = null)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public IGrainFactory Grains => grains;

    /// <summary>A number inside a range, bound to the lender: its check says allow.</summary>
    public async Task<PhoneNumber> BoundNumberAsync(NumberBlock? block = null, int offset = 1_234)
    {
        PhoneNumber number = (block ?? The.NewBlock()).At(offset);
        await CoverAsync(NumberBlock.Of(number));
        Assert.Equal(CommandOutcome.Recorded, (await BindAsync(number)).Outcome);
        return number;
    }

    public Task<CommandReply> CoverAsync(NumberBlock block, string carrier = The.Carrier) =>
        grains.Block(block).SetRangeAsync(new(carrier, 0, 9, The.TrackedSince), Ct);

    public Task<BindReply> BindAsync(PhoneNumber number, LedgerEvent.Bound? claim = null, CommandId? command = null) =>
        NumberGrain(number).BindAsync(new(number, claim ?? The.Bound(), command), Ct);

    public Task<CommandReply> ReleaseAsync(PhoneNumber number, string lender = The.Lender, CommandId? command = null) =>
        NumberGrain(number).ReleaseAsync(new(number, lender, command), Ct);

    public Task<OptOutReply> OptOutAsync(
        PhoneNumber number, LedgerEvent.OptedOut? refusal = null, CommandId? command = null) =>
        NumberGrain(number).OptOutAsync(new(number, refusal ?? The.OptedOut(), command), Ct);

    public async Task<ReportReply> ReportAsync(
        PhoneNumber number, LedgerEvent.CarrierReport report, CommandId? command = null) =>
        (await NumberGrain(number).ReportAsync(new(number, [new(report, command)]), Ct))[0];

    public Task<HistoryEntry[]> HistoryAsync(
        PhoneNumber number, string party = "auditor-1", PartyRole role = PartyRole.Auditor,
        DateTimeOffset? knownAt = null) =>
        NumberGrain(number).ReadHistoryAsync(new(number, party, role, knownAt), Ct);

    public async Task<CheckAnswer> CheckAsync(
        PhoneNumber number, string lender = The.Lender, Purposes purpose = Purposes.Marketing) =>
        (await CheckReplyAsync(number, lender, purpose)).Answers[0];

    public Task<CheckReply> CheckReplyAsync(
        PhoneNumber number, string lender = The.Lender, Purposes purpose = Purposes.Marketing)
    {
        var block = NumberBlock.Of(number);
        var query = new CheckQuery(lender, [new(NumberBlock.OffsetOf(number), purpose, 0)]);
        return reader?.CheckAsync(block, query).AsTask() ?? grains.Block(block).CheckAsync(query, Ct);
    }

    public INumberGrain NumberGrain(PhoneNumber number) => grains.Number(LedgerCluster.Sealer, number);
}
