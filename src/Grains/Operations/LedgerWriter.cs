using System.Security.Cryptography;

namespace NumberLedger.Grains;

/// <summary>Seals what was decided and appends it: the commit point of every write.</summary>
internal sealed class LedgerWriter(ILedgerStore store, StoreCalls calls, Sealer sealer)
{
    /// <summary>A decision is made again after a conflict, so many times in all.</summary>
    public const int AttemptsMax = 16;

    /// <summary>Seals one entry after another onto a chain.</summary>
    public NewEntry Seal(
        NumberBlock block, Pseudonym tag, long version, Hash256 hash, EntryContent content, CommandId? command)
    {
        Span<byte> random = stackalloc byte[EntrySealer.RandomBytes];
        RandomNumberGenerator.Fill(random);
        return sealer.Next(block, tag, version, hash, content, command, random);
    }

    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    public ValueTask<AppendResult> AppendAsync(
        NumberBlock block, ExpectedVersion[] expected, IReadOnlyList<NewEntry> entries, DateTimeOffset recordedAt) =>
        calls.WriteAsync(token => store.AppendAsync(new Append(block, expected, entries, recordedAt), token));

    /// <summary>The same for a group of a file's rows, with more patience.</summary>
    public ValueTask<AppendResult> AppendBulkAsync(
        NumberBlock block, ExpectedVersion[] expected, IReadOnlyList<NewEntry> entries, DateTimeOffset recordedAt) =>
        calls.WriteBulkAsync(token => store.AppendAsync(new Append(block, expected, entries, recordedAt), token));
}
