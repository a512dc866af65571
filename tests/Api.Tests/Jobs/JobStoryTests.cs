using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A file becomes a job, is followed, taken and deleted; over HTTP.</summary>
public sealed class JobStoryTests(JobHost host) : IClassFixture<JobHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lender", "Scrub", "scrub", "/v1/scrubs")]
    [InlineData("carrier", "CarrierFile", "carrier_file", "/v1/carrier-files")]
    [InlineData("lender", "BindingFile", "binding_file", "/v1/bindings/files")]
    public async Task A_file_is_sent_followed_taken_and_deleted(string role, string kind, string word, string path)
    {
        const string File = "first\nwait\nlast\n";
        TestParty party = await host.NewPartyAsync(role);

        Received accepted = await JobHost.SendAsync(party, Enum.Parse<FileKind>(kind), File).ShouldBeAsync(202);
        string id = accepted.Text("id");
        string job = $"{path}/{id}";
        Assert.Equal(job, accepted.Headers.Location?.ToString());
        Assert.Matches("^job_[0-9a-f]{32}$", id);
        Assert.Equal(word, accepted.Text("kind"));
        await host.Gates.ReachedAsync(party.Id);

        Received running = await party.GetAsync(job).ShouldBeAsync(200);
        Assert.Equal("running", running.Text("status"));
        Assert.Equal(File.Length, running.At("bytes")!.GetValue<long>());
        Assert.Equal("first\n".Length, running.At("bytesRead")!.GetValue<long>());
        Assert.Equal(1, running.At("rows")!.GetValue<long>());
        Assert.Equal("""{"allow":1}""", running.At("counts")!.ToJsonString());
        Assert.Null(running.At("endedAt"));
        await party.GetAsync(job + "/results").ShouldBeAsync(409, "job-unfinished");
        Received list = await party.GetAsync(path).ShouldBeAsync(200);
        Assert.Equal(id, list.Text("jobs/0/id"));

        Task<List<(string Name, Received Data)>> following = party.FollowAsync(job);
        host.Gates.Open(party.Id);
        List<(string Name, Received Data)> events = await following;
        Assert.All(events.SkipLast(1), told => Assert.Equal("progress", told.Name));
        Assert.Equal("end", events[^1].Name);
        Assert.Equal("finished", events[^1].Data.Text("status"));
        Assert.Equal(3, events[^1].Data.At("rows")!.GetValue<long>());
        Assert.NotNull(events[^1].Data.At("endedAt"));

        Received results = await party.GetAsync(job + "/results").ShouldBeAsync(200);
        byte[] answer = FakeWork.AnswerTo(File);
        string digest = Convert.ToHexStringLower(SHA256.HashData(answer));
        Assert.Equal("text/csv", results.ContentType);
        Assert.Equal($"{answer.Bytes()}#end,allow=3,rows=3,sha256={digest}\n", results.Body);
        await WaitAsync(() => !host.Files.Contains($"{id}.input.sealed")); // Nobody needs it any more.

        await party.DeleteAsync(job).ShouldBeAsync(204);
        await party.GetAsync(job).ShouldBeAsync(404, "job-unknown");
        await party.DeleteAsync(job).ShouldBeAsync(404, "job-unknown");
        Assert.DoesNotContain(host.Files, file => file.StartsWith(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_hears_of_a_job()
    {
        TestParty owner = await host.NewPartyAsync("lender");
        TestParty other = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(owner, FileKind.Scrub, "a\n").ShouldBeAsync(202)).Text("id");
        await owner.EndAsync($"/v1/scrubs/{id}");

        foreach (string job in new[] { $"/v1/scrubs/{id}", $"/v1/bindings/files/{id}" })
        {
            TestParty asks = job.StartsWith("/v1/scrubs", StringComparison.Ordinal) ? other : owner;
            await asks.GetAsync(job).ShouldBeAsync(404, "job-unknown");
            await asks.GetAsync(job + "/events").ShouldBeAsync(404, "job-unknown");
            await asks.GetAsync(job + "/results").ShouldBeAsync(404, "job-unknown");
            await asks.DeleteAsync(job).ShouldBeAsync(404, "job-unknown");
        }

        Assert.Equal("""{"jobs":[]}""", (await other.GetAsync("/v1/scrubs").ShouldBeAsync(200)).Body);
        await owner.GetAsync($"/v1/scrubs/{id}/results").ShouldBeAsync(200);
    }

    [Fact]
    public async Task A_job_that_is_deleted_while_it_runs_stops_at_once_and_leaves_nothing()
    {
        TestParty party = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(party, FileKind.BindingFile, "a\nwait\n").ShouldBeAsync(202)).Text("id");
        await host.Gates.ReachedAsync(party.Id);
        using HttpResponseMessage following = await party.BeginToFollowAsync($"/v1/bindings/files/{id}");

        await party.DeleteAsync($"/v1/bindings/files/{id}").ShouldBeAsync(204);

        Assert.Equal("cancelled", (await following.EventsAsync())[^1].Data.Text("status"));
        await party.GetAsync($"/v1/bindings/files/{id}").ShouldBeAsync(404, "job-unknown");

        // The next one has its turn, although nobody opened the gate.
        string next = (await JobHost.SendAsync(party, FileKind.BindingFile, "b\n").ShouldBeAsync(202)).Text("id");
        Assert.Equal("finished", (await party.EndAsync($"/v1/bindings/files/{next}")).Text("status"));
        Assert.DoesNotContain(host.Files, file => file.StartsWith(id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("refuse", "region-unknown", "The header is not one.")]
    [InlineData("throw +8613800001234", "internal", null)]
    [InlineData("full", "storage-full", null)]
    public async Task A_job_without_an_answer_says_why(string line, string code, string? detail)
    {
        TestParty party = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(party, FileKind.Scrub, line + "\n").ShouldBeAsync(202)).Text("id");

        Received ended = await party.EndAsync($"/v1/scrubs/{id}");

        Assert.Equal("failed", ended.Text("status"));
        Assert.Equal(code, ended.Text("failure/code"));
        if (detail is not null) Assert.Equal(detail, ended.Text("failure/detail"));
        await party.GetAsync($"/v1/scrubs/{id}/results").ShouldBeAsync(409, "job-failed");
        await WaitAsync(() => !host.Files.Any(file => file.StartsWith(id, StringComparison.Ordinal)));
        Assert.DoesNotContain(host.Logs.Lines, logged => logged.Contains("13800001234", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_read_to_a_limit_has_an_answer_up_to_there()
    {
        TestParty party = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(party, FileKind.Scrub, "a\nstop\nb\n").ShouldBeAsync(202)).Text("id");

        Received ended = await party.EndAsync($"/v1/scrubs/{id}");

        Assert.Equal("stopped", ended.Text("status"));
        Assert.Equal("rows-max", ended.Text("stopped"));
        Received results = await party.GetAsync($"/v1/scrubs/{id}/results").ShouldBeAsync(200);
        Assert.StartsWith("got a\n#end,", results.Body, StringComparison.Ordinal);
        Assert.Contains("stopped=rows-max", results.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_a_job_that_has_ended_are_its_end_alone()
    {
        TestParty party = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(party, FileKind.Scrub, "a\n").ShouldBeAsync(202)).Text("id");
        await party.EndAsync($"/v1/scrubs/{id}");

        List<(string Name, Received Data)> events = await party.FollowAsync($"/v1/scrubs/{id}");

        Assert.Equal("end", Assert.Single(events).Name);
    }

    [Fact]
    public async Task An_answer_comes_compressed_to_who_takes_it_so()
    {
        TestParty party = await host.NewPartyAsync("lender");
        string id = (await JobHost.SendAsync(party, FileKind.Scrub, "a\n").ShouldBeAsync(202)).Text("id");
        await party.EndAsync($"/v1/scrubs/{id}");
        Received plain = await party.GetAsync($"/v1/scrubs/{id}/results").ShouldBeAsync(200);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/scrubs/{id}/results");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using HttpResponseMessage response = await party.Client.SendAsync(request, Ct);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(
            await response.Content.ReadAsStreamAsync(Ct), CompressionMode.Decompress);
        Assert.Equal(plain.Body, await new StreamReader(unpacked).ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task A_job_goes_on_after_a_restart()
    {
        TestParty party = await host.NewPartyAsync("carrier");
        string id = (await JobHost.SendAsync(party, FileKind.CarrierFile, "a\nwait\nb\n").ShouldBeAsync(202))
            .Text("id");
        await host.Gates.ReachedAsync(party.Id);

        host.Gates.Renew(party.Id);
        await host.RestartAsync();

        party = host.PartyOf(party.Id, party.Key);
        await host.Gates.ReachedAsync(party.Id);
        Assert.Equal("running", (await party.GetAsync($"/v1/carrier-files/{id}").ShouldBeAsync(200)).Text("status"));
        host.Gates.Open(party.Id);
        Assert.Equal("finished", (await party.EndAsync($"/v1/carrier-files/{id}")).Text("status"));
        Received results = await party.GetAsync($"/v1/carrier-files/{id}/results").ShouldBeAsync(200);
        Assert.StartsWith("got a\ngot wait\ngot b\n#end,allow=3,", results.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_left_of_an_upload_that_breaks_off()
    {
        TestParty party = await host.NewPartyAsync("lender");
        string[] before = host.Files;

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            JobHost.SendAsync(party, FileKind.Scrub, new StreamContent(new BreakingStream())));
        await WaitAsync(
            () => host.Files.Except(before).All(name => !name.Contains(".input", StringComparison.Ordinal)));

        Assert.Equal("""{"jobs":[]}""", (await party.GetAsync("/v1/scrubs").ShouldBeAsync(200)).Body);
        string ours = $"Error {typeof(ProblemMiddleware).FullName}";
        Assert.DoesNotContain(host.Logs.Lines, line => line.StartsWith(ours, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_does_not_unpack_is_refused_and_not_kept()
    {
        TestParty party = await host.NewPartyAsync("lender");
        byte[] packed = Pack(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n")));

        byte[][] broken = ["no gzip at all"u8.ToArray(), packed[..^20], [.. packed[..500], .. packed[520..]]];
        foreach (byte[] file in broken)
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentEncoding.Add("gzip");
            await JobHost.SendAsync(party, FileKind.Scrub, content).ShouldBeAsync(400, "body-malformed");
        }

        Assert.Equal("""{"jobs":[]}""", (await party.GetAsync("/v1/scrubs").ShouldBeAsync(200)).Body);
    }

    [Fact]
    public async Task No_byte_of_a_file_or_of_its_answer_is_in_the_clear()
    {
        const string Canary = "+8613811112222";
        TestParty party = await host.NewPartyAsync("carrier");
        string lines = string.Concat(Enumerable.Repeat($"{Canary},disconnected\n", 5_000));
        string id = (await JobHost.SendAsync(party, FileKind.CarrierFile, $"{lines}wait\n{lines}").ShouldBeAsync(202))
            .Text("id");
        await host.Gates.ReachedAsync(party.Id);

        AssertSealed(".1.output", ".input");
        host.Gates.Open(party.Id);
        await party.EndAsync($"/v1/carrier-files/{id}");
        await WaitAsync(() => !host.Files.Contains($"{id}.input.sealed"));
        AssertSealed(".1.output");
        Received results = await party.GetAsync($"/v1/carrier-files/{id}/results").ShouldBeAsync(200);
        Assert.Contains($"got {Canary}", results.Body, StringComparison.Ordinal);

        void AssertSealed(params string[] suffixes)
        {
            string[] files = [.. host.Files.Where(file => file.StartsWith(id, StringComparison.Ordinal))];
            Assert.Equal(suffixes.Select(suffix => $"{id}{suffix}.sealed"), files.Order(StringComparer.Ordinal));
            foreach (string file in files)
            {
                byte[] bytes = File.ReadAllBytes(host.FilePath(file));
                Assert.True(bytes.AsSpan().IndexOf("1381111"u8) < 0, file);
                Assert.True(bytes.AsSpan().IndexOf("disconnected"u8) < 0, file);
            }
        }
    }

    [Fact]
    public async Task A_party_keeps_so_many_jobs_and_no_more()
    {
        TestParty party = await host.NewPartyAsync("lender");
        for (int i = 0; i < Limits.JobsPerPartyMax; i++)
        {
            FileKind kind = i % 2 == 0 ? FileKind.Scrub : FileKind.BindingFile;
            await JobHost.SendAsync(party, kind, "a\n").ShouldBeAsync(202);
        }

        await JobHost.SendAsync(party, FileKind.Scrub, "a\n").ShouldBeAsync(409, "jobs-too-many");
        Received list = await party.GetAsync("/v1/scrubs").ShouldBeAsync(200);
        await party.DeleteAsync($"/v1/scrubs/{list.Text("jobs/0/id")}").ShouldBeAsync(204);
        await JobHost.SendAsync(party, FileKind.Scrub, "a\n").ShouldBeAsync(202);
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    /// <summary>For what the server does after it has answered, or its client has gone.</summary>
    private static async Task WaitAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(10, Ct);
    }

    /// <summary>A hundred kilobytes, and then no more, without an end.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private int _left = 100_000;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0) throw new IOException("The line is dead.");

            int read = Math.Min(_left, buffer.Length);
            _left -= read;
            buffer.Span[..read].Fill((byte)'a');
            return new(read);
        }
    }
}
