using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api.Tests;

/// <summary>Answers are written into a buffer that each thread keeps for the next one.</summary>
public sealed class ReplyTests
{
    [Fact]
    public async Task An_answer_whose_start_has_to_wait_is_not_overwritten_by_the_next_one_of_its_thread()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(http =>
        {
            http.Response.OnStarting(async () =>
            {
                await new TextReply("another's").SendAsync(new DefaultHttpContext());
                await Task.Yield();
            });
            return new TextReply("one's own").SendAsync(http);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("one's own", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
    }

    private sealed class TextReply(string text) : Reply(StatusCodes.Status200OK)
    {
        protected override void WriteBody(IBufferWriter<byte> to) => Encoding.ASCII.GetBytes(text, to);
    }
}
