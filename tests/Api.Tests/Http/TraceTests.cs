using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests;

/// <summary>What a caller tells the operator, so that both speak of one request.</summary>
public class TraceTests(ApiHost host)
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("/v1/parties")]
    [InlineData("/v1/nowhere")]
    public async Task A_problem_names_the_trace_that_the_caller_began(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using HttpResponseMessage response =
            await host.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(TraceId, (await Received.OfAsync(response)).Text("traceId"));
    }

    [Fact]
    public async Task A_problem_without_a_trace_of_the_callers_has_one_of_ours()
    {
        Received first = await host.Anonymous.SendAsync("GET", "/v1/parties", null);
        Received second = await host.Anonymous.SendAsync("GET", "/v1/parties", null);

        Assert.Matches("^[0-9a-f]{32}$", first.Text("traceId"));
        Assert.NotEqual(first.Text("traceId"), second.Text("traceId"));
    }
}
