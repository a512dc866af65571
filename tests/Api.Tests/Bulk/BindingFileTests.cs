using System.Text.Json.Nodes;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A lender brings its bindings.</summary>
public sealed class BindingFileTests(ApiHost host)
{
    private const string Path = "/v1/bindings/files";
    private const string Header =
        "number,purposes,role,consented_at,expires_at,evidence_kind,evidence_reference,evidence_digest\n";

    [Fact]
    public async Task A_mixed_file_binds_what_it_can_and_comes_back_with_the_rest()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string consented = Moments.NoonDaysAgo(9);
        string file = Header
            + $"{block[1]},marketing servicing,borrower,{consented},,web_form,form-1,sha256:ab\n"
            + $"{block[2]},,borrower,{consented},,,,\n"
            + $"{block[3]},marketing gossip,borrower,{consented},,,,\n"
            + $"{block[4]},marketing,borrower,yesterday,,,,\n"
            + $"{block[5]},marketing,borrower,{consented},,,form-2,\n"
            + $"{block[6]},marketing,contact,{Moments.NoonDaysAgo(-2)},,,,\n"
            + $"{block[1]},marketing,borrower,{Moments.NoonDaysAgo(10)},,,,\n"
            + $"{block[7]},collection,guarantor,{consented},{Moments.NoonDaysAgo(-90)},,,\n";

        ReceivedFile answer = (await lender.SendFileAsync(Path, file)).ShouldBe(200);
        ReceivedFile again = await lender.SendFileAsync(Path, file);

        Assert.Equal(
            [
                "3,member-required", "4,value-unknown", "5,instant-malformed", "6,member-required",
                "7,consent-in-future", "8,consent-older",
            ],
            answer.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => string.Join(',', line.Split(',')[..2])));
        Assert.Contains(
            $"8,consent-older,\"Nothing needs to be sent: the later consent stands.\",\"{block[1]},marketing,",
            answer.Lines);
        Assert.StartsWith("#end,rows=8,recorded=2,duplicate=0,refused=6,", answer.Trailer);
        Assert.StartsWith("#end,rows=8,recorded=0,duplicate=2,refused=6,", again.Trailer);
        await AssertCheckAsync(lender, block[1], "servicing", "allow");
        await AssertCheckAsync(lender, block[7], "collection", "allow");
        await AssertCheckAsync(lender, block[2], "marketing", "deny");
    }

    [Fact]
    public async Task A_number_that_stands_twice_in_a_file_is_bound_once_more_by_none_of_its_repetitions()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string file = Header
            + $"{block[1]},marketing,borrower,{Moments.NoonDaysAgo(9)},,,,\n"
            + $"{block[1]},servicing,borrower,{Moments.NoonDaysAgo(8)},,,,\n";

        ReceivedFile first = (await lender.SendFileAsync(Path, file)).ShouldBe(200);
        ReceivedFile again = (await lender.SendFileAsync(Path, file)).ShouldBe(200);

        Assert.StartsWith("#end,rows=2,recorded=2,duplicate=0,refused=0,", first.Trailer);
        Assert.StartsWith("#end,rows=2,recorded=0,duplicate=2,refused=0,", again.Trailer);
        await AssertCheckAsync(lender, block[1], "servicing", "allow");
        await AssertCheckAsync(lender, block[1], "marketing", "deny");
    }

    [Fact]
    public async Task Objects_are_taken_as_the_API_takes_them()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string binding =
            $$"""
            {"number":"{{block[1]}}","purposes":["marketing"],"role":"borrower","consentedAt":"{{Moments.NoonDaysAgo(3)}}"}
            """;

        ReceivedFile answer = await lender.SendFileAsync(
            Path, binding + "\n" + binding.Replace("borrower", "friend") + "\n", FileSending.Ndjson);
        Received single = await lender.PostTextAsync("/v1/bindings", binding).ShouldBeAsync(201);

        JsonNode refused = JsonNode.Parse(answer.Lines)!;
        Assert.Equal((2, "value-unknown"), ((int)refused["line"]!, (string)refused["code"]!));
        Assert.Equal(binding.Replace("borrower", "friend"), (string)refused["row"]!);
        Assert.Equal(
            "{\"end\":{\"rows\":2,\"recorded\":1,\"duplicate\":0,\"refused\":1,\"codes\":{\"value-unknown\":1},\"sha256\":\"…\"}}",
            answer.Trailer);
        Assert.Equal("active", single.Text("status"));
        Received history = await lender.PostAsync("/v1/numbers/history", new { number = block[1] }).ShouldBeAsync(200);
        Assert.Single(history.Json["entries"]!.AsArray());
    }

    [Theory]
    [InlineData("", "header-missing")]
    [InlineData("number,purposes,role\n", "column-required")]
    public async Task A_file_needs_a_header_that_can_be_used(string file, string code)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        ReceivedFile answer = (await lender.SendFileAsync(Path, file)).ShouldBe(400);

        Assert.Equal(code, JsonNode.Parse(answer.Text)!["code"]!.GetValue<string>());
    }

    private static async Task AssertCheckAsync(TestParty lender, string number, string purpose, string verdict)
    {
        Received check = await lender.PostAsync("/v1/checks", new { number, purpose }).ShouldBeAsync(200);
        Assert.Equal(verdict, check.Text("verdict"));
    }
}
