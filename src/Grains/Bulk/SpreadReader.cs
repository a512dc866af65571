namespace NumberLedger.Grains;

/// <summary>In a cluster, has each lane's part of a chunk answered where the lane lives.</summary>
/// <remarks>
/// A part whose holder cannot be reached, or cannot reach the store, is answered here: what validates an answer is the
/// store. Not one whose holder found that the store went back.
/// </remarks>
internal sealed class SpreadReader(BulkReader here, IGrainFactory grains) : IBulkReader
{
    public async ValueTask CheckAsync(
        string lender, BlockGroups questions, RegistryRule? rule, BulkAnswers answers,
        CancellationToken cancellationToken)
    {
        answers.Reserve(questions, rule is not null);
        var parts = new List<int>?[Lanes.Count];
        for (int group = 0; group < questions.Count; group++)
        {
            (parts[Lanes.Of(questions.Block(group))] ??= []).Add(group);
        }

        await Task.WhenAll(
            from lane in Enumerable.Range(0, Lanes.Count)
            where parts[lane] is not null
            select CheckPartAsync(lane, parts[lane]!));

        async Task CheckPartAsync(int lane, List<int> groups)
        {
            var query = new LaneQuery(lender, rule, LaneBytes.PackQuestions(questions, groups));
            LaneReply reply = await AskAsync(lane, query, cancellationToken);
            LaneBytes.UnpackAnswers(reply.Answers, questions, groups, rule is not null, answers);
        }
    }

    private async Task<LaneReply> AskAsync(int lane, LaneQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.Lane(lane).CheckAsync(query, cancellationToken);
        }
        catch (Exception cannot) when (cannot is SiloUnreachableException or StoreOutOfReachException)
        {
            return await here.AnswerAsync(query, cancellationToken);
        }
    }
}
