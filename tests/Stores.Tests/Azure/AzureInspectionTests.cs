using Azure.Data.Tables;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>What fsck is shown, of rows that were changed behind the store's back.</summary>
public sealed class AzureInspectionTests : IAsyncLifetime
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly NumberBlock Neighbour = new(861_380_001);
    private static readonly Pseudonym Tag = Some.Tag(1);

    private readonly AzurePlace _place = new();
    private AzureLedgerStore _store = null!;
    private AzureInspection _inspection = null!;
    private TableClient _rows = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = (AzureLedgerStore)await _place.OpenAsync();
        _inspection = await AzureInspection.OpenAsync(await _place.SettingAsync(), TemporaryFolder.Master);
        _rows = await _place.LedgerAsync();
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3, Some.Command(1)), Ct);
        await _store.AppendAsync(Some.Append(Neighbour, Tag, after: 0), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _inspection.DisposeAsync();
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_sound_ledger_is_shown_as_it_was_written()
    {
        RawBlock raw = await _inspection.ReadBlockAsync(Block, Ct);

        Assert.Empty(await _inspection.CheckDatabaseAsync(Ct));
        Assert.Equal([Block, Neighbour], await _inspection.ListBlocksAsync(new NumberBlock(long.MinValue), 10, Ct));
        Assert.Equal(3, raw.Head!.Position);
        Assert.Null(raw.Snapshot);
        Assert.Equal(
            (await _store.ReadBlockAsync(Block, 0, 10, Ct)).Select(TextOf),
            raw.Entries.Select(entry => TextOf(entry.ToStored())));
    }

    [Fact]
    public async Task A_block_without_a_head_is_shown_and_an_entry_past_it_too()
    {
        await DeleteAsync(Block, AzureKeys.Head);
        await _rows.AddEntityAsync(
            new TableEntity(AzureKeys.Partition(Neighbour), AzureKeys.Entry(2)) { [AzureRows.Hash] = new byte[3] }, Ct);

        Assert.Equal([Block, Neighbour], await _inspection.ListBlocksAsync(new NumberBlock(0), 10, Ct));
        Assert.Null((await _inspection.ReadBlockAsync(Block, Ct)).Head);
        RawEntry past = (await _inspection.ReadBlockAsync(Neighbour, Ct)).Entries[1];
        Assert.Equal((2, 3, false), (past.Position, past.Hash.Length, past.IsWellFormed));
    }

    [Fact]
    public async Task Lists_that_lead_nowhere_or_astray_are_told()
    {
        await DeleteAsync(Block, AzureKeys.Version(Tag, 3));
        await DeleteAsync(Block, AzureKeys.Command(Tag, Some.Command(1)));
        await _rows.UpsertEntityAsync(
            new TableEntity(AzureKeys.Partition(Neighbour), AzureKeys.Version(Tag, 1)) { [AzureRows.Position] = 7L },
            cancellationToken: Ct);

        IReadOnlyList<string> problems = await _inspection.CheckDatabaseAsync(Ct);

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("position 3", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("position 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_row_makes_the_store_unavailable_and_is_shown_to_fsck()
    {
        await _rows.UpsertEntityAsync(
            new TableEntity(AzureKeys.Partition(Block), AzureKeys.Entry(2)) { [AzureRows.Tag] = "text" },
            TableUpdateMode.Replace, Ct);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ReadBlockAsync(Block, 0, 10, Ct));

        Assert.False((await _inspection.ReadBlockAsync(Block, Ct)).Entries[1].IsWellFormed);
    }

    private static string TextOf(StoredEntry entry) =>
        $"{entry with { Salt = null, Sealed = [] }} {Convert.ToHexString([.. entry.Salt!, .. entry.Sealed])}";

    private async Task DeleteAsync(NumberBlock block, string row) =>
        await _rows.DeleteEntityAsync(AzureKeys.Partition(block), row, cancellationToken: Ct);
}
