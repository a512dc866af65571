using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Operations;

/// <summary>An operator copies the ledger away while it serves.</summary>
public sealed class BackupTests(ApiHost host, FaultyHost elsewhere, HeldHost held)
    : IClassFixture<FaultyHost>, IClassFixture<HeldHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_what_was_answered_before_it_was_asked_for_and_is_of_this_ledgers_key()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        TestBlock block = ApiHost.NewBlock();
        await lender.PostAsync("/v1/opt-outs", new { number = block[1], scope = "lender" }).ShouldBeAsync(201);

        using HttpResponseMessage answer = await AskAsync(host, Ct);
        await using Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        using BackupReader reader = await BackupReader.OpenAsync(
            body, host.Services.GetRequiredService<MasterKey>(), Ct);
        var blocks = new HashSet<NumberBlock>();
        await foreach (BackupPart part in reader.ReadPartsAsync(Ct)) blocks.Add(part.Block);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/vnd.numberledger.backup", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".nlbackup", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.True(PhoneNumber.TryParse(block[1], out PhoneNumber number));
        Assert.Contains(NumberBlock.Of(number), blocks);
        Assert.Contains(NumberBlock.Registry, blocks);
    }

    [Fact]
    public async Task Two_may_run_at_once_and_who_leaves_makes_room()
    {
        held.Store.Hold();
        using var leaves = new CancellationTokenSource();
        Task<HttpResponseMessage> first = AskAsync(held, leaves.Token);
        Task<HttpResponseMessage> second = AskAsync(held, Ct);
        await held.Store.NextHeld();
        await held.Store.NextHeld();

        await held.Operator.GetAsync("/v1/backup").ShouldBeAsync(429, "too-many-backups");
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task isHeld = held.Store.NextHeld();
        Task<HttpResponseMessage> third;
        do
        {
            third = AskAsync(held, Ct); // It leaves when the server finds out.
        }
        while (await Task.WhenAny(third, isHeld) == third
            && (await third).StatusCode is HttpStatusCode.TooManyRequests);

        held.Store.Release();

        foreach (Task<HttpResponseMessage> asked in new[] { second, third })
        {
            using HttpResponseMessage answer = await asked;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_finished_is_broken_off_and_the_operators_log_says_why()
    {
        using var broken = held.Store.Break();

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(held, Ct));

        Assert.Contains(held.Logs.Lines, line => line.Contains(
            "the backup was broken off. Block 0, position ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_is_backed_up_in_another_way_says_so()
    {
        Received refused = await elsewhere.Operator.GetAsync("/v1/backup").ShouldBeAsync(409, "backup-elsewhere");

        Assert.Contains("pg_basebackup", refused.Text("detail"), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> AskAsync(ApiHost host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/backup");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {host.Operator.Key}");
        return await host.Anonymous.SendAsync(request, cancellationToken);
    }
}
