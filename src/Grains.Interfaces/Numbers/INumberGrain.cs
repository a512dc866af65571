namespace NumberLedger.Grains;

/// <summary>
/// The single writer, by habit, of one telephone number. Key: "block/pseudonym", see <see cref="GrainKeys"/>.
/// </summary>
/// <remarks>
/// The store is the arbiter: two activations may live at once, and a conflict makes one read again. Every method may
/// throw <see cref="LedgerUnavailableException"/>; from a write it means that the outcome is unknown, and the caller
/// sends the same command ids again.
/// </remarks>
[GrainInterfaceType(GrainKeys.NumberName), Alias("number")]
public interface INumberGrain : IGrainWithStringKey
{
    /// <summary>Records reports of one carrier, in the order given; each is judged by itself.</summary>
    [Alias("report")]
    Task<ReportReply[]> ReportAsync(ReportCommand command, CancellationToken cancellationToken);

    /// <summary>Records a lender's claim of a consent.</summary>
    [Alias("bind")]
    Task<BindReply> BindAsync(BindCommand command, CancellationToken cancellationToken);

    /// <summary>Ends a lender's binding.</summary>
    [Alias("release")]
    Task<CommandReply> ReleaseAsync(ReleaseCommand command, CancellationToken cancellationToken);

    /// <summary>Records the holder's refusal.</summary>
    [Alias("opt-out")]
    Task<OptOutReply> OptOutAsync(OptOutCommand command, CancellationToken cancellationToken);

    /// <summary>The entries that the caller may see, read from the store, in version order.</summary>
    [Alias("read-history")]
    Task<HistoryEntry[]> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken);
}
