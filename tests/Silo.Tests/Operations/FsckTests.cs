using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Operations;

/// <summary>Whatever is done to the rows of a ledger, fsck says where.</summary>
public class FsckTests
{
    /// <summary>What is done to the block, and what must be found: kind and position, in fsck's order.</summary>
    public static TheoryData<string, string> Tampering => new()
    {
        // One bit.
        { "UPDATE events SET sealed = flip(sealed, 30) WHERE block > 0 AND seq = 4", "BytesChanged 4" },
        { "UPDATE events SET sealed = flip(sealed, 0) WHERE block > 0 AND seq = 4", "BytesChanged 4" },
        { "UPDATE events SET hash = flip(hash, 31) WHERE block > 0 AND seq = 4", "HashChanged 4" },
        { "UPDATE events SET hash = flip(hash, 0) WHERE block > 0 AND seq = 12", "HeadWrong 12, HashChanged 12" },
        { "UPDATE events SET salt = flip(salt, 5) WHERE block > 0 AND seq = 4", "DoesNotOpen 4" },
        { "UPDATE events SET tag = flip(tag, 0) WHERE block > 0 AND seq = 10", "VersionOutOfOrder 10, DoesNotOpen 10" },
        { "UPDATE events SET tag = flip(tag, 0) WHERE block > 0 AND seq = 4",
            "VersionOutOfOrder 4, DoesNotOpen 4, VersionOutOfOrder 6" },
        { "UPDATE events SET sealed = flip(sealed, 40) WHERE block = 0 AND seq = 1", "BytesChanged 1" },
        { "UPDATE heads SET hash = flip(hash, 9) WHERE block > 0", "HeadWrong 12" },

        // Cut short, cleared.
        { "UPDATE events SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE block > 0 AND seq = 4", "BytesChanged 4" },
        { "UPDATE events SET sealed = x'' WHERE block > 0 AND seq = 4", "BytesChanged 4" },
        { "UPDATE events SET hash = substr(hash, 1, 31) WHERE block > 0 AND seq = 4", "RowMalformed 4, VersionOutOfOrder 6" },
        { "UPDATE events SET tag = x'00' WHERE block > 0 AND seq = 10", "RowMalformed 10" },
        { "UPDATE events SET cmd = x'00' WHERE block > 0 AND seq = 10", "RowMalformed 10" },
        { "UPDATE events SET salt = x'00' WHERE block > 0 AND seq = 4", "RowMalformed 4, DoesNotOpen 4" },
        { "UPDATE events SET salt = NULL WHERE block > 0 AND seq = 4", "SaltMissing 4" },

        // Removed.
        { "DELETE FROM events WHERE block > 0 AND seq = 4", "PositionsMissing 4, VersionOutOfOrder 6" },
        { "DELETE FROM events WHERE block > 0 AND seq IN (9, 10)", "PositionsMissing 9" },
        { "DELETE FROM events WHERE block > 0 AND seq = 12", "PositionsMissing 12" },
        { "DELETE FROM events WHERE block > 0", "PositionsMissing 1" },
        { "DELETE FROM events WHERE block = 0", "PositionsMissing 1" },
        { "DELETE FROM heads WHERE block > 0", "StoreDegraded, HeadMissing" },
        { "DELETE FROM events WHERE block > 0; DELETE FROM heads WHERE block > 0", "StoreDegraded" },

        // Swapped, moved, repeated.
        { "UPDATE events SET seq = CASE seq WHEN 4 THEN -6 WHEN 6 THEN -4 ELSE seq END WHERE block > 0; UPDATE events SET seq = -seq WHERE seq < 0",
            "VersionOutOfOrder 4, VersionOutOfOrder 6, VersionOutOfOrder 8" },
        { "UPDATE events SET sealed = (SELECT sealed FROM events e WHERE e.block = events.block AND e.seq = 3) WHERE block > 0 AND seq = 2",
            "BytesChanged 2" },
        { "UPDATE events SET version = version + 7 WHERE block > 0 AND seq = 8", "VersionOutOfOrder 8, DoesNotOpen 8" },
        { "UPDATE events SET block = block + 1 WHERE block > 0; UPDATE heads SET block = block + 1 WHERE block > 0",
            "StoreDegraded, BytesChanged 1, BytesChanged 2, BytesChanged 3, DoesNotOpen 4, DoesNotOpen 5, DoesNotOpen 6, "
                + "DoesNotOpen 7, DoesNotOpen 8, BytesChanged 9, DoesNotOpen 10, BytesChanged 11, DoesNotOpen 12" },
        { "UPDATE events SET seq = 20 WHERE block > 0 AND seq = 12", "PositionsMissing 12, PastHead 13" },
        { "UPDATE events SET block = 9223372036854775807 WHERE block > 0 AND seq = 12",
            "PositionsMissing 12, HeadMissing, PositionsMissing 1, VersionOutOfOrder 12, DoesNotOpen 12" },
        { "UPDATE events SET cmd = (SELECT cmd FROM events e WHERE e.block = events.block AND e.seq = 2) WHERE block > 0 AND seq = 4",
            "CommandRepeated 4" },

        // Rolled back.
        { "UPDATE heads SET seq = 11, hash = (SELECT hash FROM events WHERE events.block = heads.block AND seq = 11) WHERE block > 0",
            "StoreDegraded, PastHead 12" },
        { "UPDATE heads SET seq = 11, hash = (SELECT hash FROM events WHERE events.block = heads.block AND seq = 11) WHERE block > 0; "
            + "DELETE FROM events WHERE block > 0 AND seq = 12", "StoreDegraded, HeadWrong 11" },
        { "UPDATE heads SET seq = 999999999999 WHERE block > 0", "PositionsMissing 13" },
        { "UPDATE heads SET at = at - 1 WHERE block > 0", "HeadWrong 12" },
        { "UPDATE heads SET at = at + 1 WHERE block > 0", "HeadWrong 12" },
    };

    [Fact]
    public async Task A_ledger_that_nobody_touched_is_sound()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        FsckReport report = await ledger.FsckAsync();

        Assert.Empty(report.Findings);
        Assert.Equal((2, 14, 4), (report.Blocks, report.Entries, report.Numbers));
    }

    [Theory, MemberData(nameof(Tampering))]
    public async Task Tampering_is_found_where_it_was_done(string sql, string expected)
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        ledger.Execute(sql);

        FsckReport report = await ledger.FsckAsync();
        Assert.Equal(expected, string.Join(", ", report.Findings.Select(InShort)));
        Assert.All(report.Findings, finding => Assert.DoesNotContain("+86", finding.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_as_the_ledger_saves_it_is_sound()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await ledger.SaveSnapshotAsync();

        FsckReport report = await ledger.FsckAsync();

        Assert.Empty(report.Findings);
        Assert.Equal((2, 14, 4), (report.Blocks, report.Entries, report.Numbers));
    }

    [Theory]
    [InlineData("UPDATE snapshots SET sealed = flip(sealed, 60)", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET sealed = flip(sealed, 0)", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET sealed = substr(sealed, 1, 50)", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET seq = 11", "SnapshotWrong 11")]
    [InlineData("UPDATE snapshots SET seq = 13", "SnapshotWrong 13")]
    [InlineData("UPDATE snapshots SET hash = flip(hash, 3)", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET hash = x'00'", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET block = block + 1", "SnapshotWrong 12")]
    [InlineData("UPDATE snapshots SET block = 0", "SnapshotWrong 12")]
    public async Task A_changed_snapshot_is_found(string sql, string expected)
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await ledger.SaveSnapshotAsync();

        ledger.Execute(sql);

        Finding finding = Assert.Single((await ledger.FsckAsync()).Findings);
        Assert.Equal(expected, InShort(finding));
        Assert.Contains("Nothing is lost", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_forgot_something_under_the_right_key_and_position_is_found_and_gone_once_dropped()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await ledger.SaveSnapshotAsync(forgetting: true);

        Finding finding = Assert.Single((await ledger.FsckAsync()).Findings);
        int dropped = SqliteLedgerStore.DropSnapshots(ledger.Folder);

        Assert.Equal("SnapshotWrong 12", InShort(finding));
        Assert.Equal(1, dropped);
        Assert.Empty((await ledger.FsckAsync()).Findings);
    }

    [Fact]
    public async Task A_checkpoint_that_was_removed_or_exchanged_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        using SmallLedger other = await SmallLedger.MakeAsync();

        File.Copy(
            Path.Combine(other.Folder, "ledger.checkpoint"), Path.Combine(ledger.Folder, "ledger.checkpoint"),
            overwrite: true);
        Finding exchanged = Assert.Single((await ledger.FsckAsync()).Findings);
        File.Delete(Path.Combine(ledger.Folder, "ledger.checkpoint"));
        Finding removed = Assert.Single((await ledger.FsckAsync()).Findings);

        Assert.Equal((FindingKind.StoreDegraded, FindingKind.StoreDegraded), (exchanged.Kind, removed.Kind));
    }

    [Fact]
    public async Task A_damaged_page_of_the_database_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        string database = Path.Combine(ledger.Folder, "ledger.db");
        byte[] bytes = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        bytes.AsSpan(4_096).Fill(0xA5);
        await File.WriteAllBytesAsync(database, bytes, TestContext.Current.CancellationToken);

        FsckReport report = await ledger.FsckAsync();

        Assert.Contains(
            report.Findings, finding => finding.Kind is FindingKind.StoreDegraded or FindingKind.DatabaseDamaged);
    }

    [Fact]
    public async Task A_wrong_master_key_is_one_finding_and_not_one_for_every_entry()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        FsckReport report = await ledger.FsckAsync(new MasterKey(new byte[MasterKey.Size]));

        Assert.Equal("StoreDegraded, WrongKey", string.Join(", ", report.Findings.Select(InShort)));
    }

    [Fact]
    public async Task An_entry_in_another_numbers_record_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        await ledger.AppendAsync(SmallLedger.Bound(new(2026, 1, 1)), offset: 42, recordOf: 1_234, SmallLedger.Now);

        Assert.Equal("WrongRecord 13", InShort(Assert.Single((await ledger.FsckAsync()).Findings)));
    }

    [Fact]
    public async Task An_event_of_the_registry_in_a_numbers_record_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        await ledger.AppendAsync(new LedgerEvent.KeyRevoked("k"), offset: 1_234, recordOf: 1_234, SmallLedger.Now);

        Assert.Equal("WrongRecord 13", InShort(Assert.Single((await ledger.FsckAsync()).Findings)));
    }

    [Fact]
    public async Task An_entry_recorded_before_the_one_it_follows_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        await ledger.AppendAsync(
            SmallLedger.Bound(new(2026, 1, 1)), offset: 1_234, recordOf: 1_234, SmallLedger.Now.AddYears(-1));

        Assert.Equal("TimeWentBack 13", InShort(Assert.Single((await ledger.FsckAsync()).Findings)));
    }

    [Fact]
    public async Task A_revocation_of_a_key_that_was_never_made_does_not_fold_and_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        await ledger.AppendAsync(NumberBlock.Registry, new LedgerEvent.KeyRevoked("nobody's"), SmallLedger.Now);

        Assert.Equal("FoldFails 3", InShort(Assert.Single((await ledger.FsckAsync()).Findings)));
    }

    [Fact]
    public async Task A_consent_of_a_day_that_no_index_can_hold_does_not_fold_and_is_found()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        await ledger.AppendAsync(SmallLedger.Bound(new(1900, 1, 1)), offset: 7, recordOf: 7, SmallLedger.Now);

        Assert.Equal("FoldFails", InShort(Assert.Single((await ledger.FsckAsync()).Findings)));
    }

    [Fact]
    public async Task A_ledger_that_is_running_is_left_alone()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await using SqliteLedgerStore running = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => ledger.FsckAsync());

        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
    }

    private static string InShort(Finding finding) =>
        finding.Position is { } position ? $"{finding.Kind} {position}" : $"{finding.Kind}";
}
