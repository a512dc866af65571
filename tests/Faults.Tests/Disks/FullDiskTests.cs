using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// A full disk is no surprise: what cannot be recorded is not acknowledged, and room is all that it takes.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const int DiskMebibytes = 32;

    /// <summary>What a new server of PostgreSQL takes, and a little more.</summary>
    private const int ServerMebibytes = 80;

    /// <summary>What is recorded before the disk is full.</summary>
    private const int Before = 30;

    /// <summary>So many refused in a row, and it is full indeed: what pages have left is used up.</summary>
    private const int RefusedInARow = 20;

    /// <summary>Far more than pages that are begun can take.</summary>
    private const int SentMax = 2_000;

    private readonly DataFolder _folder = new();
    private int _numbers;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_the_disk_is_full_nothing_is_acknowledged_and_with_room_again_nothing_is_missing()
    {
        using SmallDisk disk = SmallDisk.Mount(DiskMebibytes);
        await RunAsync(disk, disk.Path, store: null);
    }

    [Fact]
    public async Task The_same_holds_for_the_disk_of_PostgreSQL()
    {
        using SmallDisk disk = SmallDisk.Mount(DiskMebibytes, owner: "postgres");
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        foreach (string sql in (string[])
            [
                $"CREATE TABLESPACE small LOCATION '{disk.Path}'", "ALTER SYSTEM SET default_tablespace = 'small'",
                "SELECT pg_reload_conf()",
            ])
        {
            await using NpgsqlCommand command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await RunAsync(disk, _folder.Path, server.ConnectionString);
    }

    [Fact]
    public async Task The_same_holds_when_PostgreSQL_cannot_write_its_log_and_ends()
    {
        using SmallDisk disk = SmallDisk.Mount(ServerMebibytes, owner: "postgres");
        await using PostgresServer server = await PostgresServer.StartInAsync(disk.Path);
        await RunAsync(
            disk, _folder.Path, server.ConnectionString,
            whenFull: () => UseUpLogAsync(server), mend: server.StartAsync);
    }

    /// <summary>Entries alone do not: before their log does, their tables find no room.</summary>
    private static async Task UseUpLogAsync(PostgresServer server)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        while (!server.HasEnded)
        {
            try
            {
                await using NpgsqlCommand command = source.CreateCommand(
                    "SELECT pg_logical_emit_message(true, 'x', 'x'), pg_switch_wal()");
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <param name="mend">When there is room again; null: that is all that it takes.</param>
    private async Task RunAsync(
        SmallDisk disk, string data, string? store, Func<Task>? whenFull = null, Func<Task>? mend = null)
    {
        Dictionary<string, bool> sent = [];
        await using (LedgerProcess process = LedgerProcess.Serve(data, store))
        {
            using Parties parties = await PartiesOfAsync(process, data);
            await Drill.CoverAsync(parties);
            for (int i = 0; i < Before; i++) Assert.True(await RefuseAsync(parties, NextNumber(), sent));

            disk.Fill();
            for (int inARow = 0; inARow < RefusedInARow;)
            {
                Assert.True(sent.Count < SentMax, "It goes on without a disk.");
                inARow = await RefuseAsync(parties, NextNumber(), sent) ? 0 : inARow + 1;
                await CheckAsync(parties, sent);
            }

            if (whenFull is not null)
            {
                await whenFull();
                await CheckAsync(parties, sent);
            }

            disk.MakeRoom();
            if (mend is not null) await mend();
            string[] open = [.. sent.Where(one => !one.Value).Select(one => one.Key)];
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{sent.Count} sent, {open.Length} of them not acknowledged before there was room again.");
            foreach (string number in open)
            {
                Answer? answer = await parties.Operator.TryPostAsync("/v1/opt-outs", RefusalOf(number), number);
                Assert.True(answer is { IsSuccess: true }, $"{answer}");
            }

            await VerifyAsync(parties, sent.Keys);
            process.Terminate();
            Assert.Equal(0, await process.EndAsync());
        }

        await using (LedgerProcess again = LedgerProcess.Serve(data, store))
        {
            using Parties parties = await PartiesOfAsync(again, data);
            await VerifyAsync(parties, sent.Keys);
            again.Terminate();
            Assert.Equal(0, await again.EndAsync());
        }

        (int exitCode, string said) = await LedgerProcess.RunWithAsync(store, "fsck", "--data", data);
        Assert.True(exitCode == 0, said);
    }

    private string NextNumber() => $"+86138000{_numbers++:00000}";

    private static JsonObject RefusalOf(string number) => new()
    {
        ["number"] = number,
        ["scope"] = "everyone",
        ["receivedAt"] = "2025-06-01T10:00:00+08:00",
    };

    /// <returns>Whether it was acknowledged. Else it is not said that it was not done.</returns>
    private static async Task<bool> RefuseAsync(Parties parties, string number, Dictionary<string, bool> sent)
    {
        Answer? answer = await parties.Operator.PostOnceAsync("/v1/opt-outs", RefusalOf(number), number);
        bool isKnownFailure = answer?.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage;
        Assert.True(answer is { IsSuccess: true } || isKnownFailure, $"{answer}");
        return sent[number] = answer!.IsSuccess;
    }

    /// <summary>The last that was acknowledged is known, or nothing is said.</summary>
    private static async Task CheckAsync(Parties parties, Dictionary<string, bool> sent)
    {
        string number = sent.Last(one => one.Value).Key;
        Answer? answer = await parties.Lender.PostOnceAsync("/v1/checks", Asking.QuestionOf(number), null);
        Assert.True(
            answer is { Status: HttpStatusCode.ServiceUnavailable } || IsOptedOut(answer), $"{number}: {answer}");
    }

    private static async Task VerifyAsync(Parties parties, IEnumerable<string> numbers)
    {
        foreach (string number in numbers)
        {
            Answer? check = await parties.Lender.TryPostAsync("/v1/checks", Asking.QuestionOf(number));
            Assert.True(IsOptedOut(check), $"{number}: {check}");
            JsonNode history = await parties.Operator.PostAsync(
                "/v1/numbers/history", new JsonObject { ["number"] = number });
            Assert.Single(history["entries"]!.AsArray());
        }
    }

    private static bool IsOptedOut(Answer? check) =>
        check is { IsSuccess: true } && (string?)check.ReadJson()["reasons"]![0] is "opted_out";

    private static async Task<Parties> PartiesOfAsync(LedgerProcess process, string data)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return DataFolder.PartiesOf(data, address);
    }
}
