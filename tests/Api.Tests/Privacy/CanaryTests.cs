using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using NumberLedger.Api.Tests.Access;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;

namespace NumberLedger.Api.Tests.Privacy;

/// <summary>
/// One number and one key go through every operation, as they should and as they should not, and are looked for
/// everywhere after.
/// </summary>
public sealed class CanaryTests(CanaryTests.TraceHost host) : IClassFixture<CanaryTests.TraceHost>
{
    private const string Number = "+8613877766554";
    private const string Digits = "13877766554";

    private readonly List<Received> _answers = [];

    [Fact]
    public async Task A_number_and_a_key_are_found_nowhere_but_where_they_were_asked_for()
    {
        using var telemetry = new Telemetry();
        (TestParty carrier, TestParty lender) = await SetUpAsync();
        string secret = lender.Key[^72..];

        await UseAsync(lender, carrier);
        foreach (string role in AccessTable.Roles) await MisuseAsync(await host.NewPartyAsync(role), lender.Key);
        await MisuseAsync(lender, lender.Key);

        // What follows would pass if nothing had been said, done or recorded.
        Assert.Contains(host.Logs.Lines, line => line.StartsWith("Trace", StringComparison.Ordinal));
        Assert.Contains(telemetry.Told, told => told.Contains("/v1/bindings/release", StringComparison.Ordinal));
        Assert.Contains(_answers, answer => answer.Body.Contains("+86*******6554", StringComparison.Ordinal));
        byte[][] files = [.. await host.ReadStoreAsync()];
        Assert.Contains(files, file => Holds(file, BigEndian(861_387_776).AsSpan(4)));

        foreach (string canary in new[] { Digits, secret })
        {
            Assert.DoesNotContain(host.Logs.Lines, line => line.Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(telemetry.Told, told => told.Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(_answers, answer => answer.Body.Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(
                _answers, answer => answer.Headers.ToString().Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(files, file => Holds(file, Encoding.UTF8.GetBytes(canary)));
        }

        long number = long.Parse(Number);
        Assert.DoesNotContain(files, file => Holds(file, BigEndian(number).AsSpan(2)));
        Assert.DoesNotContain(files, file => Holds(file, LittleEndian(number).AsSpan(0, 6)));
        Assert.DoesNotContain(files, file => Holds(file, Convert.FromHexString(secret).AsSpan(0, 32)));
    }

    private async Task<(TestParty Carrier, TestParty Lender)> SetUpAsync()
    {
        TestParty carrier = await host.NewPartyAsync("carrier");
        TestParty lender = await host.NewPartyAsync("lender");
        await host.Operator.PostAsync("/v1/ranges", new
        {
            carrier = carrier.Id,
            from = Number[..10] + "0000",
            to = Number[..10] + "9999",
            trackedSince = "2020-01-01",
        }).ShouldBeAsync(201);
        return (carrier, lender);
    }

    /// <summary>As it should be used, with an idempotency key that a careless client made of the number.</summary>
    private async Task UseAsync(TestParty lender, TestParty carrier)
    {
        object binding = LenderStoryTests.BindingOf(Number, Moments.NoonDaysAgo(9));
        var check = new { number = Number, purpose = "marketing" };
        var happened = new { eventId = "e", kind = "suspended", number = Number, effectiveOn = Moments.DaysAgo(1) };
        (TestParty By, string Path, object? Body)[] calls =
        [
            (lender, "/v1/bindings", binding),
            (lender, "/v1/bindings", binding),
            (lender, "/v1/bindings?region=CN", LenderStoryTests.BindingOf("138 7776 6554", Moments.NoonDaysAgo(8))),
            (lender, "/v1/bindings/batch", new { bindings = new[] { binding } }),
            (lender, "/v1/bindings", null),
            (lender, "/v1/checks", check),
            (lender, "/v1/checks/batch", new { checks = new[] { check } }),
            (lender, "/number-recycling/v0.2/check", new { phoneNumber = Number, specifiedDate = "2024-01-01" }),
            (lender, "/number-recycling/v0.3rc1/check", new { phoneNumber = Number, specifiedDate = "2025-01-01" }),
            (carrier, "/v1/carrier-events", new { events = new[] { happened, happened } }),
            (carrier, "/v1/ranges", null),
            (lender, "/v1/opt-outs", new { number = Number, scope = "lender" }),
            (host.Operator, "/v1/opt-outs", new { number = Number, scope = "everyone" }),
            (lender, "/v1/bindings/release", new { number = Number }),
            (lender, "/v1/numbers/history", new { number = Number }),
            (carrier, "/v1/numbers/history", new { number = Number }),
            (host.Operator, "/v1/numbers/history", new { number = Number }),
            (host.Operator, $"/v1/parties/{lender.Id}/keys", null),
            (host.Operator, "/v1/parties", null),
            (host.Operator, "/v1/ranges", null),
        ];

        foreach ((TestParty by, string path, object? body) in calls)
        {
            Received answer = body is null
                ? await by.GetAsync(path)
                : await by.PostAsync(path, body, $"{path}-{Number}");
            Assert.True(answer.Status is 200 or 201, $"{path}: {answer.Body}");
            _answers.Add(answer);
        }
    }

    /// <summary>By whoever it is, in every place where it does not belong.</summary>
    private async Task MisuseAsync(TestParty party, string key)
    {
        foreach (AccessTable.Row row in AccessTable.Rows)
        {
            string bearer = $"Bearer {party.Key}";
            string[] bodies =
            [
                $$"""{"number":"{{Number}}","phoneNumber":"{{Number}}","{{Number}}":"{{key}}","{{key}}":1}""",
                $$"""{"number":["{{Number}}"],"purpose":"{{Number}}","role":"{{key}}","id":"{{Number}}"}""",
                $$"""{"number":"{{Number}}","purpose":"{{key}}","consentedOn":"{{Number}}"}""",
                $$"""{"number":"{{Number}}","purpose":"marketing","onBehalfOf":"{{Number}}"}""",
                $$"""{"number":"{{Number}}x","scope":"{{Number}}","lender":"{{Number}}","purposes":["{{Number}}"]}""",
                $$"""{"carrier":"{{Number}}","from":"{{Number}}","to":"{{Number}}","trackedSince":"{{Number}}"}""",
                $$"""{"phoneNumber":"{{Number}}","specifiedDate":"{{Number}}"}""",
                $$"""{"number":"{{Number}}",""",
                $"\"{Number}\"",
            ];
            foreach (string body in bodies) await KeepAsync(row.Method, row.Path, bearer, body);
            await KeepAsync(row.Method, $"{row.Path}?number={Number}&{Number}={key}&region={Number}", bearer);
            await KeepAsync(row.Method, $"{row.Path}?limit={Number}&cursor={key}", bearer);
            await KeepAsync(row.Method, $"{row.Path}/{Number}/{key}", bearer);
            await KeepAsync("PUT", row.Path, bearer);
            await KeepAsync(row.Method, row.Path, $"Bearer {Number}");
            await KeepAsync(row.Method, row.Path, $"Bearer {key}x");
            await KeepAsync(row.Method, row.Path, $"Basic {key}");
        }

        await KeepAsync("DELETE", $"/v1/parties/{Number}/keys/{key}", $"Bearer {host.Operator.Key}");
        await KeepAsync("GET", $"/v1/parties/{Number}/keys", $"Bearer {host.Operator.Key}");
    }

    private async Task KeepAsync(string method, string path, string credential, string body = "{}") =>
        _answers.Add(await host.Anonymous.SendAsync(method, path, credential, body));

    private static bool Holds(byte[] file, ReadOnlySpan<byte> bytes) => file.AsSpan().IndexOf(bytes) >= 0;

    private static byte[] BigEndian(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] LittleEndian(long value) => [.. BigEndian(value).Reverse()];

    /// <summary>Tells everything that it can tell.</summary>
    public sealed class TraceHost : ApiHost
    {
        protected override void Customize(WebApplicationBuilder builder) =>
            builder.Logging.SetMinimumLevel(LogLevel.Trace);

        /// <summary>What is on disk.</summary>
        public async Task<IEnumerable<byte[]>> ReadStoreAsync()
        {
            var files = new List<byte[]>();
            foreach (FileInfo file in Folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                if (file.Name is "ledger.lock") continue; // Nobody else may open it, which is all that it is for.

                await using FileStream stream = file.Open(new FileStreamOptions { Share = FileShare.ReadWrite });
                byte[] bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
                files.Add(bytes);
            }

            return files;
        }
    }
}
