using System.Text.Json;
using System.Text.Json.Nodes;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A carrier sends a month of it at once, and gets back what was refused.</summary>
public sealed class CarrierFileTests(ApiHost host)
{
    private const string Path = "/v1/carrier-files";
    private const string FeedIncomplete =
        "stopped=feed-incomplete,\"detail=Lines were refused, so no feed is taken to be complete. "
        + "Mend them, and send the whole file again.\"";
    private static int _exchanges = 200;

    [Fact]
    public async Task A_file_in_the_form_of_the_FCC_comes_back_as_the_lines_that_were_refused_and_counts()
    {
        (TestParty carrier, string exchange) = await NewAmericanCarrierAsync();
        string file =
            $"TESTCO,{exchange}0001,2026-08-01\n"
            + $"TESTCO,{exchange}0002,2026-08-01,batch-7\r\n"
            + "\n"
            + $"TESTCO,{exchange}00,2026-08-01\n"
            + $"\"TESTCO\",\"{exchange}0003\",\"2026-08-02\"\n"
            + $"TESTCO,{exchange}0004,2026-13-01\n"
            + "TESTCO,2125550100,2026-08-01\n"
            + $"T,{exchange}0005,2026-08-01\n"
            + $"TESTCO,{exchange}0006\n"
            + $"TESTCO,{exchange}0007,2026-08-01,b,\"c,\"\"d\"\"\"\n"
            + $"TESTCO,{exchange}0001,2026-08-01\n"
            + $"TESTCO,{exchange}0008,2026-08-01";

        ReceivedFile answer = (await carrier.SendFileAsync(Path, file)).ShouldBe(200);

        Assert.Equal("text/csv", answer.ContentType);
        Assert.Equal(
            "line,code,remedy,row\n"
            + $"4,number-too-short,\"Look for missing digits.\",\"TESTCO,{exchange}00,2026-08-01\"\n"
            + $"6,day-malformed,\"Write it as year-month-day: 2026-03-01.\",\"TESTCO,{exchange}0004,2026-13-01\"\n"
            + "7,number-not-held,\"Only the carrier whose range holds it, or to which it was ported, may. "
            + "Send ported_in first if it came to you.\",\"TESTCO,2125550100,2026-08-01\"\n"
            + $"8,text-malformed,\"The company id has 3 to 10 letters and digits.\",\"T,{exchange}0005,2026-08-01\"\n"
            + $"9,fields-missing,\"Three fields, or four.\",\"TESTCO,{exchange}0006\"\n"
            + $"10,fields-too-many,\"Three fields, or four.\",\"TESTCO,{exchange}0007,2026-08-01,b,\"\"c,\"\"\"\"d\"\"\"\"\"\"\"\n",
            answer.Lines);
        Assert.Equal(
            "#end,rows=11,recorded=4,duplicate=1,refused=6,code.day-malformed=1,code.fields-missing=1,"
            + "code.fields-too-many=1,code.number-not-held=1,code.number-too-short=1,code.text-malformed=1,sha256=…",
            answer.Trailer);
    }

    [Fact]
    public async Task The_same_file_again_is_all_duplicate_and_its_numbers_are_disconnected()
    {
        (TestParty carrier, string exchange) = await NewAmericanCarrierAsync();
        string file = $"TESTCO,{exchange}0001,2026-08-01\nTESTCO,{exchange}0002,2026-08-02\n";

        ReceivedFile first = await carrier.SendFileAsync(Path, file);
        ReceivedFile again = await carrier.SendFileAsync(Path, file);

        Assert.Equal("#end,rows=2,recorded=2,duplicate=0,refused=0,sha256=…", first.Trailer);
        Assert.Equal("#end,rows=2,recorded=0,duplicate=2,refused=0,sha256=…", again.Trailer);
        Received history = await carrier.PostAsync("/v1/numbers/history", new { number = $"+1{exchange}0002" })
            .ShouldBeAsync(200);
        Assert.Single(history.Json["entries"]!.AsArray());
        Assert.Equal("2026-08-02", history.Text("entries/0/effectiveOn"));
    }

    [Fact]
    public async Task A_dry_run_judges_every_line_and_records_nothing()
    {
        (TestParty carrier, string exchange) = await NewAmericanCarrierAsync();
        string file = $"TESTCO,{exchange}0001,2026-08-01\nTESTCO,{exchange}0001,2026-08-01\nTESTCO,2125550100,2026-08-01\n";

        ReceivedFile dry = await carrier.SendFileAsync(Path + "?dryRun=true&completeThrough=2026-08-31", file);
        ReceivedFile real = await carrier.SendFileAsync(Path, file);

        Assert.Equal(dry.Lines, real.Lines);
        Assert.Equal(
            "#end,rows=3,recorded=1,duplicate=1,refused=1,code.number-not-held=1,dryRun=true,sha256=…,"
            + FeedIncomplete, dry.Trailer);
        Assert.Equal(
            "#end,rows=3,recorded=1,duplicate=1,refused=1,code.number-not-held=1,sha256=…", real.Trailer);
    }

    [Fact]
    public async Task Lines_of_every_form_are_told_what_the_API_tells()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string day = Moments.DaysAgo(2);
        object[] events =
        [
            new { eventId = "ok", kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "ok", kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "a", kind = "suspended", number = "+86138000", effectiveOn = day },
            new { eventId = "b", kind = "suspended", number = block[1], effectiveOn = "2026-02-30" },
            new { eventId = "c", kind = "vanished", number = block[1], effectiveOn = day },
            new { kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = new string('x', 129), kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "d", kind = "suspended", number = block[1] },
            new { eventId = "e", kind = "suspended", number = block[1], effectiveOn = day, retracts = "ok" },
            new { eventId = "f", kind = "retracted", number = block[1] },
            new { eventId = "g", kind = "retracted", number = block[1], retracts = "ok" },
            new { eventId = "h", kind = "feed_alive", from = block.To, to = block.From, completeThrough = day },
            new { eventId = "i", kind = "feed_alive", from = block.From, to = block.To, completeThrough = day },
            new { eventId = "i", kind = "feed_alive", from = block.From, to = block.To, completeThrough = day },
            new
            {
                eventId = "l", kind = "feed_alive", from = block.From, to = block.To,
                completeThrough = Moments.DaysAgo(-3),
            },
            new { eventId = "j", kind = "disconnected", number = block[1], effectiveOn = Moments.DaysAgo(-3) },
            new { eventId = "k", kind = "disconnected", number = block[1], effectiveOn = "1949-12-31" },
            new { eventId = "ok", kind = "reactivated", number = block[1], effectiveOn = day },
            new { eventId = "m", kind = "ported_out", number = block[4], effectiveOn = day, otherCarrier = "other" },
            new { eventId = "n", kind = "disconnected", number = ApiHost.NewBlock()[1], effectiveOn = day },
        ];
        JsonObject[] objects = [.. events.Select(each => JsonSerializer.SerializeToNode(each)!.AsObject())];
        string[] columns = ["eventId", "kind", "number", "effectiveOn", "otherCarrier", "retracts", "from", "to", "completeThrough"];
        string csv = string.Join(',', columns) + "\n" + string.Concat(objects.Select(
            each => string.Join(',', columns.Select(name => each[name]?.GetValue<string>())) + "\n"));
        string ndjson = string.Concat(objects.Select(each => each.ToJsonString() + "\n"));

        // Before anything is recorded, so that all three judge the same.
        ReceivedFile fromCsv = await carrier.SendFileAsync(Path + "?dryRun=true", csv, accept: FileSending.Ndjson);
        ReceivedFile fromNdjson = await carrier.SendFileAsync(Path + "?dryRun=true", ndjson, FileSending.Ndjson);
        Received api = await carrier.PostAsync("/v1/carrier-events", new { events }).ShouldBeAsync(200);

        (int Line, string Code, string Remedy)[] told =
        [
            .. api.Json["results"]!.AsArray().Select((result, i) => (i, result!))
                .Where(one => one.Item2["status"]!.GetValue<string>() == "refused")
                .Select(one => (one.i + 1, (string)one.Item2["code"]!, (string)one.Item2["detail"]!)),
        ];
        Assert.Equal(told, ReadRefused(fromNdjson));
        Assert.Equal(told, ReadRefused(fromCsv).Select(one => (one.Line - 1, one.Code, one.Remedy)));
        int recorded = api.Json["results"]!.AsArray().Count(r => r!["status"]!.GetValue<string>() == "recorded");
        Assert.Contains($"\"rows\":20,\"recorded\":{recorded},\"duplicate\":2,", fromNdjson.Trailer);
        Assert.Equal(fromNdjson.Trailer[..60], fromCsv.Trailer[..60]);
    }

    [Fact]
    public async Task Lines_that_are_no_events_come_back_with_a_reason_and_never_stop_the_file()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string good = $$"""{"eventId":"e","kind":"disconnected","number":"{{block[1]}}","effectiveOn":"2026-03-01"}""";
        string file =
            "{\"eventId\":\"a\"\n[]\n{} {}\n\n \t\n{\"eventId\":\"\\ud800\"}\n"
            + good[..^1] + ",\"more\":1}\n" + good[..^1] + ",\"kind\":\"disconnected\"}\n"
            + new string('x', 70_000) + "\n" + good + "\r\n";

        ReceivedFile answer = await carrier.SendFileAsync(Path, file, FileSending.Ndjson);

        Assert.Equal(
            [
                (1, "line-malformed"), (2, "line-malformed"), (3, "line-malformed"), (6, "line-malformed"),
                (7, "member-unknown"), (8, "member-duplicated"), (9, "line-too-long"),
            ],
            ReadRefused(answer).Select(one => (one.Line, one.Code)));
        Assert.StartsWith(
            "{\"end\":{\"rows\":8,\"recorded\":1,\"duplicate\":0,\"refused\":7,\"codes\":{", answer.Trailer);
    }

    [Theory]
    [InlineData("eventId,kind,number,color\n", "column-unknown")]
    [InlineData("eventId,kind,number,kind\n", "column-duplicated")]
    [InlineData("eventId,number\n", "column-required")]
    [InlineData("phone,day\n", "column-unknown")]
    public async Task A_header_that_cannot_be_used_is_refused_before_anything_is_recorded(string file, string code)
    {
        TestParty carrier = await host.NewPartyAsync("carrier");

        ReceivedFile answer = (await carrier.SendFileAsync(Path, file)).ShouldBe(400);

        Assert.Equal(code, JsonNode.Parse(answer.Text)!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Columns_stand_in_any_order_and_a_mark_quotes_compression_and_national_numbers_are_taken()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string file =
            "\uFEFFnumber,\"effectiveOn\",eventId,kind\r\n"
            + $"\"{block[1][3..]}\",2026-03-01,\"a\nb,\"\"c\"\"\",disconnected\r\n"
            + $"{block[2]},2026-03-01,e2,disconnected\r\n";

        ReceivedFile answer = await carrier.SendFileAsync(Path + "?region=CN", file, gzip: true);

        // An id with a line break is no id; it is told by the line that it begins on.
        Assert.Equal("line,code,remedy,row\n2,text-malformed,", answer.Lines[..38]);
        Assert.Equal("#end,rows=2,recorded=1,duplicate=0,refused=1,code.text-malformed=1,sha256=…", answer.Trailer);
    }

    [Fact]
    public async Task An_empty_file_may_say_that_the_feeds_are_complete()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", new
        {
            number = block[1],
            purposes = new[] { "marketing" },
            role = "borrower",
            consentedAt = Moments.NoonDaysAgo(9),
        }).ShouldBeAsync(201);

        ReceivedFile answer = await carrier.SendFileAsync($"{Path}?completeThrough={Moments.Today}", "");
        ReceivedFile again = await carrier.SendFileAsync($"{Path}?completeThrough={Moments.Today}", "");
        Received check = await lender.PostAsync(
            "/v1/checks", new { number = block[1], purpose = "marketing" }).ShouldBeAsync(200);

        Assert.Equal("#end,rows=0,recorded=0,duplicate=0,refused=0,sha256=…", answer.Trailer);
        Assert.Equal(answer.Text, again.Text);
        Assert.Equal(Moments.Today, check.Text("feed/completeThrough"));
    }

    [Fact]
    public async Task No_feed_is_complete_by_a_file_of_which_a_line_was_refused()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(block[5], Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);
        string columns = "eventId,kind,number,effectiveOn\n";
        string good = $"a,disconnected,{block[1]},{Moments.DaysAgo(3)}\n";

        ReceivedFile partly = await carrier.SendFileAsync(
            $"{Path}?completeThrough={Moments.Today}", columns + good + $"b,disconnected,{block[2]},soon\n");
        Received before = await CheckAsync();
        ReceivedFile whole = await carrier.SendFileAsync($"{Path}?completeThrough={Moments.Today}", columns + good);
        Received after = await CheckAsync();

        Assert.EndsWith("sha256=…," + FeedIncomplete, partly.Trailer);
        Assert.Null(before.At("feed/completeThrough"));
        Assert.Equal("#end,rows=1,recorded=0,duplicate=1,refused=0,sha256=…", whole.Trailer);
        Assert.Equal(Moments.Today, after.Text("feed/completeThrough"));

        async Task<Received> CheckAsync() => await lender.PostAsync(
            "/v1/checks", new { number = block[5], purpose = "marketing" }).ShouldBeAsync(200);
    }

    [Fact]
    public async Task Feeds_cannot_be_complete_for_a_day_to_come()
    {
        (TestParty carrier, _) = await host.NewCarrierAsync();

        ReceivedFile answer = (await carrier.SendFileAsync(
            $"{Path}?completeThrough={Moments.DaysAgo(-2)}", "TESTCO,2065550100,2026-08-01\n")).ShouldBe(422);

        Assert.Equal("complete-through-in-future", JsonNode.Parse(answer.Text)!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_carriers_send_carrier_files()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        (await lender.SendFileAsync(Path, "")).ShouldBe(403);
    }

    private static IEnumerable<(int Line, string Code, string Remedy)> ReadRefused(ReceivedFile answer) =>
        answer.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Select(line => ((int)line["line"]!, (string)line["code"]!, (string)line["remedy"]!));

    /// <summary>A carrier with a block of American numbers: area code and exchange.</summary>
    private async Task<(TestParty Carrier, string Exchange)> NewAmericanCarrierAsync()
    {
        TestParty carrier = await host.NewPartyAsync("carrier");
        string exchange = $"206{Interlocked.Increment(ref _exchanges)}";
        await host.Operator.PostAsync("/v1/ranges", new
        {
            carrier = carrier.Id,
            from = $"+1{exchange}0000",
            to = $"+1{exchange}9999",
            trackedSince = "2020-01-01",
        }).ShouldBeAsync(201);
        return (carrier, exchange);
    }
}
