using System.Text;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A store that fails while a file is recorded.</summary>
public sealed class FileInTroubleTests(FaultyHost host) : IClassFixture<FaultyHost>
{
    private const int Lines = 20_000;

    [Fact]
    public async Task It_ends_with_a_trailer_that_says_so_and_sent_again_it_is_recorded_once()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        var file = new StringBuilder("number,kind,effectiveOn,eventId\n");
        for (int i = 0; i < Lines; i++) file.Append($"{block[i % 10_000]},suspended,2026-03-01,e{i}\n");
        int appends = 0;
        host.Store.BeforeEach(
            StoreOperation.Append,
            token => Interlocked.Increment(ref appends) > 5 ? Testing.Faults.Unavailable(token) : Task.CompletedTask);

        ReceivedFile stopped = (await carrier.SendFileAsync("/v1/carrier-files", file.ToString())).ShouldBe(200);
        host.Store.Heal();
        ReceivedFile whole = await carrier.SendFileAsync("/v1/carrier-files", file.ToString());
        ReceivedFile again = await carrier.SendFileAsync("/v1/carrier-files", file.ToString());

        Assert.Contains(",stopped=ledger-unavailable,", stopped.Trailer);
        Assert.StartsWith($"#end,rows={Lines},recorded=", whole.Trailer);
        Assert.Contains(",refused=0,", whole.Trailer);
        Assert.DoesNotContain("duplicate=0,", whole.Trailer); // Some were recorded before it failed.
        Assert.Equal($"#end,rows={Lines},recorded=0,duplicate={Lines},refused=0,sha256=…", again.Trailer);
        Received history = await carrier.PostAsync("/v1/numbers/history", new { number = block[7] }).ShouldBeAsync(200);
        Assert.Equal(Lines / 10_000, history.Json["entries"]!.AsArray().Count);
    }
}
