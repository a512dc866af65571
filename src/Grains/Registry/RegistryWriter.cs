namespace NumberLedger.Grains;

/// <summary>Decides on the validated registry, and appends to it. Any process may.</summary>
internal sealed class RegistryWriter(
    RegistryReplica registry, HeadReader heads, LedgerWriter writer, Sealer sealer, LedgerClock clock)
    : IRegistryWriter
{
    /// <summary>
    /// Carried out to its end, which for a range is the list: the blocks may have changed since, and stay as they are.
    /// </summary>
    public static bool IsRecorded(RegistryState state, CommandId? command) =>
        command is { } id && state.Commands.ContainsKey(id);

    public async Task<CommandReply> RecordAsync(
        Func<RegistryState, DateTimeOffset, Decision> rule, CommandId? command, CancellationToken cancellationToken)
    {
        NumberBlock block = NumberBlock.Registry;
        Pseudonym tag = sealer.TagOf(block);
        for (int attempt = 1; attempt <= LedgerWriter.AttemptsMax; attempt++)
        {
            RegistryState state = await registry.ReadAsync(cancellationToken);
            if (IsRecorded(state, command)) return new(CommandOutcome.Recorded, null);

            BlockHead head = await heads.ReadAsync(block);
            DateTimeOffset now = clock.Now(head.RecordedAt);
            Decision decision = rule(state, now);
            if (decision.Refusal is { } refusal) return new(CommandOutcome.Refused, refusal);
            if (decision.Happened is not { } happened) return new(CommandOutcome.NothingToDo, null);

            var content = new EntryContent(now, EntryContent.NoOffset, happened);
            NewEntry entry = writer.Seal(block, tag, state.Position, state.Hash, content, command);
            AppendResult result = await writer.AppendAsync(block, [new(tag, state.Position)], [entry], now);
            if (result.Outcome is AppendOutcome.Appended) return new(CommandOutcome.Recorded, null);
        }

        throw new LedgerUnavailableException(
            "Other changes to the registry kept coming first. Send the request again.");
    }
}
