namespace NumberLedger.Grains;

/// <summary>
/// Decides about parties, keys and feeds on the validated registry, and appends; carries ranges to their blocks.
/// </summary>
[GrainType("registry")]
internal sealed class RegistryGrain(RegistryReplica registry, RegistryWriter writer) : Grain, IRegistryGrain
{
    private const int BlocksAtOnce = 32;

    public Task<CommandReply> RegisterPartyAsync(
        RegistryCommand<LedgerEvent.PartyRegistered> command, CancellationToken cancellationToken) =>
        writer.RecordAsync(
            (state, _) => RegistryRules.Register(state, command.Event), command.Command, cancellationToken);

    public Task<CommandReply> AddKeyAsync(
        RegistryCommand<LedgerEvent.KeyAdded> command, CancellationToken cancellationToken) =>
        writer.RecordAsync(
            (state, _) => RegistryRules.AddKey(state, command.Event), command.Command, cancellationToken);

    public Task<CommandReply> RevokeKeyAsync(RevokeKeyCommand command, CancellationToken cancellationToken) =>
        writer.RecordAsync(
            (state, _) => RegistryRules.RevokeKey(state, command.Party, command.KeyId), command.Command,
            cancellationToken);

    public Task<CommandReply> ReportFeedAsync(
        RegistryCommand<LedgerEvent.FeedReported> command, CancellationToken cancellationToken) =>
        writer.RecordAsync(
            (state, now) => RegistryRules.ReportFeed(state, command.Event, DateOnly.FromDateTime(now.UtcDateTime)),
            command.Command, cancellationToken);

    public async Task<CommandReply> SetRangeAsync(
        RegistryCommand<LedgerEvent.RangeListed> command, CancellationToken cancellationToken)
    {
        LedgerEvent.RangeListed range = command.Event;
        RegistryState state = await registry.ReadAsync(cancellationToken);
        if (RegistryWriter.IsRecorded(state, command.Command)) return new(CommandOutcome.Recorded, null);
        if (RegistryRules.JudgeCarrier(state, range.Carrier) is { } refusal)
        {
            return new(CommandOutcome.Refused, refusal);
        }

        // Judged in every block before anything is recorded in one: an overlap leaves nothing half done.
        CommandReply judged = await InBlocksAsync(range.From, range.To, (block, first, last) =>
            block.JudgeRangeAsync(new(range.Carrier, first, last, range.TrackedSince), cancellationToken));
        if (judged.Outcome is CommandOutcome.Refused) return judged;

        CommandReply set = await InBlocksAsync(range.From, range.To, (block, first, last) =>
            block.SetRangeAsync(new(range.Carrier, first, last, range.TrackedSince), cancellationToken));
        if (set.Outcome is CommandOutcome.Refused) return set;

        CommandReply listed = await writer.RecordAsync(
            (state, _) => RegistryRules.List(state, range), command.Command, cancellationToken);
        return set.Outcome is CommandOutcome.Recorded ? set : listed;
    }

    public async Task<CommandReply> EndRangeAsync(
        RegistryCommand<LedgerEvent.RangeDelisted> command, CancellationToken cancellationToken)
    {
        LedgerEvent.RangeDelisted range = command.Event;
        RegistryState state = await registry.ReadAsync(cancellationToken);
        if (RegistryWriter.IsRecorded(state, command.Command)) return new(CommandOutcome.Recorded, null);
        if (RegistryRules.JudgeCarrier(state, range.Carrier) is { } refusal)
        {
            return new(CommandOutcome.Refused, refusal);
        }

        CommandReply ended = await InBlocksAsync(range.From, range.To, (block, first, last) =>
            block.EndRangeAsync(new(range.Carrier, first, last), cancellationToken));
        CommandReply delisted = await writer.RecordAsync(
            (state, _) => RegistryRules.Delist(state, range), command.Command, cancellationToken);
        return ended.Outcome is CommandOutcome.Recorded ? ended : delisted;
    }

    /// <returns>The first refusal; otherwise recorded, if any block recorded.</returns>
    private async Task<CommandReply> InBlocksAsync(
        PhoneNumber from, PhoneNumber to, Func<IBlockGrain, byte, byte, Task<CommandReply>> call)
    {
        (NumberBlock first, NumberBlock last) = (NumberBlock.Of(from), NumberBlock.Of(to));
        var merged = new CommandReply(CommandOutcome.NothingToDo, null);
        for (long start = first.Key; start <= last.Key; start += BlocksAtOnce)
        {
            var pending = new List<Task<CommandReply>>(BlocksAtOnce);
            for (long key = start; key < start + BlocksAtOnce && key <= last.Key; key++)
            {
                byte firstThousand = key == first.Key ? (byte)(NumberBlock.OffsetOf(from) / 1_000) : (byte)0;
                byte lastThousand = key == last.Key ? (byte)(NumberBlock.OffsetOf(to) / 1_000) : (byte)9;
                pending.Add(call(GrainFactory.Block(new NumberBlock(key)), firstThousand, lastThousand));
            }

            foreach (CommandReply reply in await Task.WhenAll(pending))
            {
                if (reply.Outcome is CommandOutcome.Refused) return reply;
                if (reply.Outcome is CommandOutcome.Recorded) merged = reply;
            }
        }

        return merged;
    }
}
