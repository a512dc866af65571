using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Files as jobs, with the ledger behind them.</summary>
public sealed class FileJobTests(ApiHost host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_answers_as_the_request_would_have(bool packed)
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);
        string file = "customer,number\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"C-{i},{block[i]}\n"));

        Received atOnce = await SendAsync(lender, "/v1/scrubs", file, packed).ShouldBeAsync(200);
        Received job = await SendAsync(lender, "/v1/scrubs?async=true", file, packed).ShouldBeAsync(202);
        Received ended = await lender.EndAsync(job.Headers.Location!.ToString());

        Assert.Equal("finished", ended.Text("status"));
        Assert.Equal(5_000, ended.At("rows")!.GetValue<long>());
        Assert.Equal(1, ended.At("counts/allow")!.GetValue<long>());
        Assert.Equal(file.Length, ended.At("bytesRead")!.GetValue<long>());
        Received results = await lender.GetAsync(job.Headers.Location + "/results").ShouldBeAsync(200);
        Assert.Equal(atOnce.Body, results.Body);
    }

    [Fact]
    public async Task A_carriers_file_is_recorded_by_its_job_and_what_was_refused_is_the_answer()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string file = "eventId,kind,number,effectiveOn\n"
            + string.Concat(Enumerable.Range(0, 500).Select(i => $"e{i},disconnected,{block[i]},2026-03-01\n"))
            + "e500,disconnected,+1,2026-03-01\n";

        Received job = await SendAsync(carrier, "/v1/carrier-files?async=true", file, packed: false).ShouldBeAsync(202);
        Received ended = await carrier.EndAsync(job.Headers.Location!.ToString());

        Assert.Equal("carrier_file", ended.Text("kind"));
        Assert.Equal("finished", ended.Text("status"));
        Assert.Equal(500, ended.At("counts/recorded")!.GetValue<long>());
        Received results = await carrier.GetAsync(job.Headers.Location + "/results").ShouldBeAsync(200);
        Assert.StartsWith("line,code,remedy,row\n502,number-too-short,", results.Body, StringComparison.Ordinal);
        Received check = await lender.PostAsync(
            "/v1/checks", new { number = block[7], purpose = "marketing", consentedOn = "2026-02-01" }).ShouldBeAsync(200);
        Assert.Equal("deny", check.Text("verdict"));
        Received again = await SendAsync(carrier, "/v1/carrier-files?async=true", file, packed: true).ShouldBeAsync(202);
        ended = await carrier.EndAsync(again.Headers.Location!.ToString());
        Assert.Equal(500, ended.At("counts/duplicate")!.GetValue<long>());
    }

    [Fact]
    public async Task A_header_that_cannot_be_used_fails_the_job_with_its_code()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received job = await SendAsync(lender, "/v1/scrubs?async=true", "customer\nC-1\n", packed: false)
            .ShouldBeAsync(202);
        Received ended = await lender.EndAsync(job.Headers.Location!.ToString());

        Assert.Equal("failed", ended.Text("status"));
        Assert.Equal("column-required", ended.Text("failure/code"));
    }

    [Fact]
    public async Task A_compressed_file_that_was_cut_off_is_not_taken_for_whole()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        byte[] cut = Pack("number\n" + string.Concat(Enumerable.Repeat("+8613800001234\n", 1_000)))[..^9];

        await SendAsync(lender, "/v1/scrubs?async=true", cut, packed: true).ShouldBeAsync(400, "body-malformed");
        await SendAsync(lender, "/v1/scrubs", cut, packed: true).ShouldBeAsync(400, "body-malformed");

        Assert.Equal("""{"jobs":[]}""", (await lender.GetAsync("/v1/scrubs").ShouldBeAsync(200)).Body);
    }

    private static Task<Received> SendAsync(TestParty party, string path, string file, bool packed) =>
        SendAsync(party, path, packed ? Pack(file) : Encoding.UTF8.GetBytes(file), packed);

    private static async Task<Received> SendAsync(TestParty party, string path, byte[] file, bool packed)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        if (packed) content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await party.Client.PostAsync(path, content, Ct);
        return await Received.OfAsync(response);
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
