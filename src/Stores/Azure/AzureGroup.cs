using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>Appends to one block in one entity group transaction, which its head's ETag guards.</summary>
/// <remarks>
/// The head is read first, and what is judged after it: what came later has a later position, and is left out. If the
/// block has moved when the transaction arrives, nothing of it is written. Each append is judged by itself, on what
/// those before it in the group leave: a conflict writes nothing, and fails nobody else. Rows are inserted, never
/// replaced, so that the next position, a version and a command exist once, whatever was judged. The last entry of a
/// transaction names its group: that, and no answer, tells whether it was written.
/// </remarks>
internal sealed class AzureGroup(TableClient table, NumberBlock block, IReadOnlyList<Append> appends)
{
    private readonly string _partition = AzureKeys.Partition(block);
    private readonly Guid _id = Guid.NewGuid();
    private Attempt? _last;

    /// <summary>
    /// To be called again until it is settled: also after an exception, which leaves the outcome open.
    /// </summary>
    /// <returns>In the order of the appends; null: not settled, another writer was first.</returns>
    /// <exception cref="BrokenLedgerException">Rows stand past the head.</exception>
    public async Task<AppendResult[]?> TryAsync(CancellationToken cancellationToken)
    {
        TableEntity? row = await table.FindAsync(_partition, AzureKeys.Head, cancellationToken);
        ETag? before = row is null ? null : AzureRows.ETagOf(row);
        BlockHead head = AzureRows.HeadOf(row);
        if (_last is { } last)
        {
            // The library repeats what it got no answer to: it may have been refused for what it had written itself.
            if (await IsStoredAsync(last, head, cancellationToken)) return last.Judgement.Results;
            if (last.WasRefused && last.Judgement.IsThorough && last.Before == before)
            {
                throw new BrokenLedgerException(block, head.Position + 1, "rows stand here, past the head.");
            }
        }

        Judgement judgement = await JudgeAsync(head, isThorough: _last is not null, cancellationToken);
        if (judgement.Entries.Count == 0) return judgement.Results;

        _last = new Attempt(judgement, before);
        if (await table.TryTransactAsync(Actions(judgement, before), cancellationToken)) return judgement.Results;

        _last = _last with { WasRefused = true };
        return null;
    }

    private async Task<bool> IsStoredAsync(Attempt attempt, BlockHead head, CancellationToken cancellationToken)
    {
        long last = attempt.Judgement.Head.Position;
        if (head.Position < last) return false;

        TableEntity? row = await table.FindAsync(_partition, AzureKeys.Entry(last), cancellationToken);
        return row is not null && row.TryGetValue(AzureRows.Group, out object? group) && group is Guid id && id == _id;
    }

    private async Task<Judgement> JudgeAsync(BlockHead head, bool isThorough, CancellationToken cancellationToken)
    {
        while (true)
        {
            string[] asked = head.Position == 0
                ? []
                : [.. appends.SelectMany(append => KeysOf(append, isThorough)).Distinct(StringComparer.Ordinal)];
            TableEntity?[] rows = await AzureCalls.SideBySideAsync(
                asked, (key, token) => table.FindAsync(_partition, key, token, AzureRows.PositionAlone),
                cancellationToken);
            HashSet<string> present = new(StringComparer.Ordinal);
            foreach (TableEntity? row in rows)
            {
                if (row is not null && AzureRows.Long(row, AzureRows.Position) <= head.Position)
                {
                    present.Add(row.RowKey);
                }
            }

            var judgement = new Judgement(head, present, isThorough, appends);
            if (isThorough || judgement.IsAllAppended) return judgement;

            isThorough = true;
        }
    }

    /// <summary>What must be known of an append.</summary>
    /// <param name="isThorough">Also what an insert finds out by itself: most of a bulk write are such rows.</param>
    private static IEnumerable<string> KeysOf(Append append, bool isThorough)
    {
        HashSet<Pseudonym> appendedTo = [.. append.Entries.Select(entry => entry.Tag)];
        foreach (ExpectedVersion expected in append.Expected)
        {
            if (expected.Version > 0) yield return AzureKeys.Version(expected.Tag, expected.Version);
            if (isThorough || !appendedTo.Contains(expected.Tag))
            {
                yield return AzureKeys.Version(expected.Tag, expected.Version + 1);
            }
        }

        if (!isThorough) yield break;

        foreach (NewEntry entry in append.Entries)
        {
            if (entry.Command is { } command) yield return AzureKeys.Command(entry.Tag, command);
        }
    }

    private List<TableTransactionAction> Actions(Judgement judgement, ETag? before)
    {
        TableEntity head = AzureRows.Of(_partition, judgement.Head);
        List<TableTransactionAction> actions =
        [
            before is { } etag
                ? new(TableTransactionActionType.UpdateReplace, head, etag)
                : new(TableTransactionActionType.Add, head),
        ];
        foreach ((long position, NewEntry entry, CommandId? command) in judgement.Entries)
        {
            Guid? group = position == judgement.Head.Position ? _id : null;
            foreach (TableEntity row in AzureRows.Of(_partition, position, entry, command, group))
            {
                actions.Add(new(TableTransactionActionType.Add, row));
            }
        }

        return actions;
    }

    /// <param name="Before">Of the head that it was judged on; null: there was none.</param>
    private sealed record Attempt(Judgement Judgement, ETag? Before, bool WasRefused = false);

    /// <summary>What the appends are as of a head, and what they would write.</summary>
    private sealed class Judgement
    {
        private readonly HashSet<string> _present;
        private readonly Dictionary<Pseudonym, long> _moved = [];
        private readonly HashSet<(Pseudonym Tag, CommandId Command)> _commands = [];

        /// <param name="present">Of the rows that were asked for, those that stand at or before the head.</param>
        public Judgement(BlockHead head, HashSet<string> present, bool isThorough, IReadOnlyList<Append> appends)
        {
            _present = present;
            Head = head;
            IsThorough = isThorough;
            Results = [.. appends.Select(Judge)];
        }

        public bool IsThorough { get; }

        public AppendResult[] Results { get; }

        public bool IsAllAppended => Results.All(result => result.Outcome is AppendOutcome.Appended);

        /// <summary>As all of them leave it.</summary>
        public BlockHead Head { get; private set; }

        /// <summary>With the command that is new with an entry.</summary>
        public List<(long Position, NewEntry Entry, CommandId? Command)> Entries { get; } = [];

        private AppendResult Judge(Append append)
        {
            foreach (NewEntry entry in append.Entries)
            {
                if (entry.Command is { } command && IsKnown(entry.Tag, command))
                {
                    return new(AppendOutcome.Repeated, Head);
                }
            }

            foreach (ExpectedVersion expected in append.Expected)
            {
                if (!IsAt(expected)) return new(AppendOutcome.Conflict, Head);
            }

            long position = Head.Position;
            foreach (NewEntry entry in append.Entries)
            {
                bool isNew = entry.Command is { } command && _commands.Add((entry.Tag, command));
                Entries.Add((++position, entry, isNew ? entry.Command : null));
                _moved[entry.Tag] = entry.Version;
            }

            // Whole milliseconds, as the row keeps them.
            var recordedAt = DateTimeOffset.FromUnixTimeMilliseconds(append.RecordedAt.ToUnixTimeMilliseconds());
            Head = new BlockHead(
                position, append.Entries[^1].Hash, recordedAt > Head.RecordedAt ? recordedAt : Head.RecordedAt);
            return new(AppendOutcome.Appended, Head);
        }

        private bool IsKnown(Pseudonym tag, CommandId command) =>
            _commands.Contains((tag, command)) || _present.Contains(AzureKeys.Command(tag, command));

        private bool IsAt(ExpectedVersion expected) => _moved.TryGetValue(expected.Tag, out long version)
            ? version == expected.Version
            : (expected.Version == 0 || _present.Contains(AzureKeys.Version(expected.Tag, expected.Version)))
                && !_present.Contains(AzureKeys.Version(expected.Tag, expected.Version + 1));
    }
}
