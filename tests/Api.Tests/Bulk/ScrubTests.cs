using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>Every line of a file comes back with what a single check would say.</summary>
public sealed class ScrubTests(ApiHost host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_comes_back_as_it_was_with_its_answer()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();

        ReceivedFile answer = await lender.SendFileAsync(
            "/v1/scrubs", $"id,number,note\r\n1,{block[1]},\"a, b\"\r\n\r\n2,{block[2]},x\r\n3,nobody,y\r\n");

        answer.ShouldBe(200);
        Assert.Equal("text/csv", answer.ContentType);
        Assert.Equal(
            [
                "id,number,note,verdict,reason,advisories,as_of\r",
                $"1,{block[1]},\"a, b\",allow,,,{block.Key}:2\r",
                $"2,{block[2]},x,deny,no_binding,,{block.Key}:2\r",
                "3,nobody,y,bad_line,\"line 5: number-no-plus: "
                + "Send it in E.164 form, with the calling code, or name the region of national numbers: ?region=CN.\",,\r",
            ],
            answer.Answered());
        Assert.StartsWith(
            "#end,rows=3,allow=1,deny=1,unknown=0,bad=1,reason.no_binding=1,sha256=", answer.Trailer,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_that_pauses_for_longer_than_other_bodies_may_is_not_cut_off()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        using SlowFile file = await SlowFile.BeginAsync(lender, "/v1/scrubs");
        await file.WriteAsync($"number\n{block[1]}\n");
        await file.ReadUntilAsync($"{block[1]},allow");

        // The server looks once a second whether a body has come too slowly for five.
        await Task.Delay(TimeSpan.FromSeconds(7.5), Ct);
        await file.WriteAsync($"{block[2]}\n");
        await file.EndAsync();

        Assert.Contains("#end,rows=2,", await file.ReadUntilAsync("sha256="), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_names_of_columns_make_a_long_answer_and_it_comes_whole()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        string name = new('x', 60_000);
        string file = $"number,{name}\n" + string.Concat(Enumerable.Repeat($"{block[1]},1\n2,\n", 600));

        ReceivedFile answer = await lender.SendFileAsync("/v1/scrubs", file, accept: FileSending.Ndjson);

        Assert.StartsWith(
            """{"end":{"rows":1200,"allow":600,"deny":0,"unknown":0,"bad":600,""", answer.ShouldBe(200).Trailer);
        string[] lines = answer.Answered();
        Assert.Equal(1_200, lines.Length);
        string allowed = $$"""{"number":"{{block[1]}}","{{name}}":"1","verdict":"allow",""";
        Assert.All(
            lines.Where((_, i) => i % 2 == 0), line => Assert.StartsWith(allowed, line, StringComparison.Ordinal));
        Assert.Contains("\"line\":1201,", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_answered_as_its_numbers_are_one_by_one()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        for (int i = 0; i < 40; i++)
        {
            string purpose = i % 2 == 0 ? "marketing" : "collection";
            await lender.PostAsync("/v1/bindings", new
            {
                number = block[i],
                purposes = new[] { purpose },
                role = i % 5 == 0 ? "contact" : "borrower",
                consentedAt = "2025-03-01T10:00:00+08:00",
            }).ShouldBeAsync(201);
            if (i % 3 == 0) await ReportAsync(carrier, block[i], "disconnected", "2025-06-01");
            if (i % 6 == 0) await ReportAsync(carrier, block[i], "reassigned", "2025-10-01");
            if (i % 7 == 0) await ReportAsync(carrier, block[i], "suspended", Moments.Today);
            if (i % 8 != 0) continue;
            await lender.PostAsync("/v1/opt-outs", new { number = block[i], scope = "lender" }).ShouldBeAsync(201);
        }

        var lines = new List<(string Number, string Purpose, string Date)>();
        for (int i = 0; i < 60; i++)
        {
            foreach (string date in new[] { "", "2019-01-01", "2025-07-01", "2025-11-01" })
            {
                lines.Add((block[i], "marketing", date));
            }
        }

        ReceivedFile answer = await lender.SendFileAsync(
            "/v1/scrubs", "purpose,date,number\n" + string.Concat(lines.Select(line => $"{line.Purpose},{line.Date},{line.Number}\n")));

        string[] answered = [.. answer.ShouldBe(200).Answered().Skip(1)];
        Received checks = await lender.PostAsync("/v1/checks/batch", new
        {
            checks = lines.Select(line => new
            {
                number = line.Number,
                purpose = line.Purpose,
                consentedOn = line.Date.Length > 0 ? line.Date : null,
            }),
        }).ShouldBeAsync(200);
        for (int i = 0; i < lines.Count; i++)
        {
            JsonNode one = checks.At($"results/{i}")!;
            string expected = $"{one["verdict"]},{string.Join('|', one["reasons"]!.AsArray())},"
                + $"{string.Join('|', one["advisories"]!.AsArray())},{one["asOf"]!["block"]}:{one["asOf"]!["position"]}";
            Assert.EndsWith($"{lines[i].Number},{expected}", answered[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Types_and_compression_are_chosen_for_both_ways()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        string allow = $"\"verdict\":\"allow\",\"reasons\":[],\"advisories\":[],\"as_of\":\"{block.Key}:2\"}}";

        ReceivedFile ndjson = await lender.SendFileAsync(
            "/v1/scrubs", $"{{ \"number\":\"{block[1]}\", \"x\":{{\"y\":1}} }}\n", FileSending.Ndjson, gzip: true);
        ReceivedFile toNdjson = await lender.SendFileAsync(
            "/v1/scrubs", $"number,x\n{block[1]},\"a\"\"b\"\n", accept: FileSending.Ndjson);
        ReceivedFile toCsv = await lender.SendFileAsync(
            "/v1/scrubs", $"{{\"number\":\"{block[1]}\"}}\n", FileSending.Ndjson, accept: "text/csv, application/x-ndjson;q=0");

        Assert.Equal([$"{{ \"number\":\"{block[1]}\", \"x\":{{\"y\":1}},{allow}"], ndjson.ShouldBe(200).Answered());
        Assert.Equal([$"{{\"number\":\"{block[1]}\",\"x\":\"a\\\"b\",{allow}"], toNdjson.ShouldBe(200).Answered());
        Assert.Equal(
            [
                "number,row,verdict,reason,advisories,as_of",
                $"{block[1]},\"{{\"\"number\"\":\"\"{block[1]}\"\"}}\",allow,,,{block.Key}:2",
            ],
            toCsv.ShouldBe(200).Answered());
        Assert.All(
            [ndjson, toNdjson],
            file => Assert.Equal(1, JsonNode.Parse(file.Trailer)!["end"]!["allow"]!.GetValue<int>()));
    }

    [Fact]
    public async Task National_numbers_a_default_purpose_and_a_byte_order_mark_are_taken()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();

        ReceivedFile answer = await lender.SendFileAsync(
            "/v1/scrubs?region=CN&purpose=collection", $"\uFEFFnumber\n{block[1][3..]}\n{block[1][3..6]} {block[1][6..]}\n");

        Assert.Equal(
            [
                "\uFEFFnumber,verdict,reason,advisories,as_of",
                $"{block[1][3..]},deny,purpose_not_consented,,{block.Key}:2",
                $"{block[1][3..6]} {block[1][6..]},deny,purpose_not_consented,,{block.Key}:2",
            ],
            answer.ShouldBe(200).Answered());
    }

    [Theory]
    [InlineData("fcc-rnd", "fcc_rnd", "yes", "no", "no_data")]
    [InlineData("camara", "camara", "true", "false", "out_of_range")]
    [InlineData("aliyun", "aliyun", "1", "2", "0")]
    public async Task A_registrys_answer_stands_beside_ours(
        string rule, string column, string old, string present, string before)
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await ReportAsync(carrier, block[1], "disconnected", "2025-06-01");
        await ReportAsync(carrier, block[1], "reassigned", "2025-10-01");

        ReceivedFile answer = await lender.SendFileAsync(
            $"/v1/scrubs?rule={rule}", $"number,date\n{block[1]},2025-03-01\n{block[1]},2025-12-01\n{block[2]},2019-01-01\n{block[1]},\n");

        string[] answered = answer.ShouldBe(200).Answered();
        Assert.EndsWith($",as_of,{column}", answered[0], StringComparison.Ordinal);
        Assert.Equal([old, present, before, ""], answered.Skip(1).Select(line => line.Split(',')[^1]));
    }

    [Theory]
    [InlineData("", "header-missing")]
    [InlineData("phone,purpose\n", "column-required")]
    [InlineData("number,verdict\n", "column-reserved")]
    [InlineData("number,number\n", "column-duplicated")]
    [InlineData("\"number\n+86", "quote-malformed")]
    public async Task A_header_that_cannot_be_used_is_refused(string file, string code)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        (await lender.SendFileAsync("/v1/scrubs", file)).ShouldBe(400, code);
    }

    [Theory]
    [InlineData("/v1/scrubs?purpose=sms", FileSending.Csv, null, 400, "parameter-malformed")]
    [InlineData("/v1/scrubs?rule=fcc_rnd", FileSending.Csv, null, 400, "parameter-malformed")]
    [InlineData("/v1/scrubs?dryRun=true", FileSending.Csv, null, 400, "parameter-unknown")]
    [InlineData("/v1/scrubs?region=XX", FileSending.Csv, null, 400, "region-unknown")]
    [InlineData("/v1/scrubs?onBehalfOf=somebody", FileSending.Csv, null, 403, "not-granted")]
    [InlineData("/v1/scrubs", "text/plain", null, 415, "file-type-unsupported")]
    [InlineData("/v1/scrubs", "text/csv; charset=gbk", null, 415, "file-type-unsupported")]
    [InlineData("/v1/scrubs", FileSending.Csv, "application/pdf", 406, "not-acceptable")]
    public async Task A_request_that_cannot_be_meant_is_refused(
        string path, string type, string? accept, int status, string code)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        (await lender.SendFileAsync(path, "number\n", type, accept)).ShouldBe(status, code);
    }

    [Fact]
    public async Task Answers_come_back_while_the_file_still_arrives()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        using SlowFile file = await SlowFile.BeginAsync(lender, "/v1/scrubs");

        await file.WriteAsync($"number\n{block[1]}\n");
        await file.ReadUntilAsync($"{block[1]},allow");
        await file.WriteAsync($"{block[2]}\n");
        await file.ReadUntilAsync($"{block[2]},deny");
        await file.EndAsync();

        Assert.Contains("#end,rows=2,", await file.ReadUntilAsync("sha256="), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_meanwhile_stops_the_file()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        Received keys = await host.Operator.GetAsync($"/v1/parties/{lender.Id}/keys").ShouldBeAsync(200);
        using SlowFile file = await SlowFile.BeginAsync(lender, "/v1/scrubs");
        await file.WriteAsync($"number\n{block[1]}\n");
        await file.ReadUntilAsync($"{block[1]},allow");

        await host.Operator.DeleteAsync($"/v1/parties/{lender.Id}/keys/{keys.Text("keys/0/keyId")}").ShouldBeAsync(204);
        await file.WriteAsync($"{block[1]}\n");

        string answer = await file.ReadUntilAsync("stopped=credential-revoked");
        Assert.Contains("#end,rows=1,", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_unpack_any_more_ends_with_a_trailer_that_says_so()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/scrubs");
        request.Content = new ByteArrayContent("number\n"u8.ToArray());
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(FileSending.Csv);
        request.Content.Headers.ContentEncoding.Add("gzip");

        using HttpResponseMessage response = await lender.Client.SendAsync(request, Ct);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("body-malformed", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_many_chunks_comes_back_in_its_order()
    {
        (TestParty lender, TestBlock block) = await BoundAsync();
        const int Lines = 150_000;
        var file = new StringBuilder("number,id\n");
        for (int i = 0; i < Lines; i++) file.Append(CultureInfo.InvariantCulture, $"{block[i % 10_000]},{i}\n");

        ReceivedFile answer = await lender.SendFileAsync("/v1/scrubs", file.ToString());

        string[] answered = [.. answer.ShouldBe(200).Answered().Skip(1)];
        Assert.Equal(
            Enumerable.Range(0, Lines),
            answered.Select(line => int.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
        Assert.StartsWith("#end,rows=150000,allow=15,deny=149985,", answer.Trailer, StringComparison.Ordinal);
    }

    /// <summary>A lender that is bound to the second number of a block.</summary>
    private async Task<(TestParty Lender, TestBlock Block)> BoundAsync()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", new
        {
            number = block[1],
            purposes = new[] { "marketing" },
            role = "borrower",
            consentedAt = "2025-03-01T10:00:00+08:00",
        }).ShouldBeAsync(201);
        return (lender, block);
    }

    private static async Task ReportAsync(TestParty carrier, string number, string kind, string on)
    {
        Received answer = await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new[] { new { eventId = $"{kind}-{on}", kind, number, effectiveOn = on } },
        }).ShouldBeAsync(200);
        Assert.Equal("recorded", answer.Text("results/0/status"));
    }
}
