namespace NumberLedger.Api;

/// <summary>A carrier says what happened to its numbers, a month of it at once.</summary>
internal sealed class CarrierFiles(ImportContext context) : IFileWork
{
    public FileKind Kind => FileKind.CarrierFile;

    public Task RunAsync(
        FileOrder order, Stream input, Stream output, FileProgress progress, CancellationToken cancellationToken)
    {
        // Before anything is recorded: afterwards nobody could be told.
        if (order.CompleteThrough > context.TodayUtc) throw Refused(Refusal.CompleteThroughInFuture);
        if (order.CompleteThrough is { } day && !Days.CanHold(day)) throw Refused(Refusal.EffectiveTooEarly);

        return new ImportRun(context, order, progress, cancellationToken)
            .RunAsync(new CarrierRows(order.Party), input, output);
    }

    private static FileRefusedException Refused(Refusal refusal) => new(ProblemCatalog.Of(refusal));
}
