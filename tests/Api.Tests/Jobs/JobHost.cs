using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>
/// The program with works of our own, and a way to send them files: what the files say is not what is tested here.
/// </summary>
public sealed class JobHost : ApiHost
{
    private const string Uploads = "/test-uploads/";

    internal FakeWork.Gates Gates { get; } = new();

    /// <summary>Names of the files at rest.</summary>
    public string[] Files =>
        [.. new DirectoryInfo(Path.Combine(Folder.FullName, "files")).GetFiles().Select(file => file.Name)];

    public string FilePath(string name) => Path.Combine(Folder.FullName, "files", name);

    /// <summary>Sends a file as a job.</summary>
    internal static async Task<Received> SendAsync(TestParty party, FileKind kind, string file) =>
        await SendAsync(party, kind, new StringContent(file));

    internal static async Task<Received> SendAsync(TestParty party, FileKind kind, HttpContent file)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Uploads}{kind}/{party.Id}") { Content = file };
        using HttpResponseMessage response =
            await party.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    protected override void Customize(WebApplicationBuilder builder)
    {
        builder.Services.RemoveAll<IFileWork>();
        foreach (FileKind kind in Enum.GetValues<FileKind>())
        {
            builder.Services.AddSingleton<IFileWork>(new FakeWork(kind, Gates));
        }

        builder.Services.AddSingleton<IStartupFilter>(new UploadFilter());
    }

    /// <summary>Takes the party's word for who it is; the real calls have their own tests.</summary>
    private sealed class UploadFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map(Uploads.TrimEnd('/'), uploads => uploads.Run(async http =>
            {
                string[] path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
                var order = new FileOrder(
                    Enum.Parse<FileKind>(path[0]), path[1], "key", FileFormat.Csv, FileFormat.Csv, null,
                    Purposes.Marketing, null, false, null);
                Stream body = http.Request.Headers.ContentEncoding == "gzip"
                    ? new GZipStream(http.Request.Body, CompressionMode.Decompress)
                    : http.Request.Body;
                Reply reply = await http.RequestServices.GetRequiredService<JobUploads>().AcceptAsync(
                    http, path[1], order, body, http.RequestAborted);
                await reply.SendAsync(http);
            }));
            next(app);
        };
    }
}

internal static class Following
{
    /// <summary>Reads a job's events to the end of the stream.</summary>
    /// <returns>Each event's name, and its data.</returns>
    public static async Task<List<(string Name, Received Data)>> FollowAsync(this TestParty party, string job)
    {
        using HttpResponseMessage response = await party.BeginToFollowAsync(job);
        return await response.EventsAsync();
    }

    /// <summary>From here on the stream tells whatever becomes of the job.</summary>
    public static async Task<HttpResponseMessage> BeginToFollowAsync(this TestParty party, string job)
    {
        HttpResponseMessage response = await party.Client.GetAsync(
            job + "/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return response;
    }

    public static async Task<List<(string Name, Received Data)>> EventsAsync(this HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(part => part != ":").Select(part =>
            {
                string[] lines = part.Split('\n');
                Assert.Equal(2, lines.Length);
                return (lines[0]["event: ".Length..],
                    new Received(200, lines[1]["data: ".Length..], response.Headers, null, []));
            }),
        ];
    }

    /// <summary>The job as it ended.</summary>
    public static async Task<Received> EndAsync(this TestParty party, string job) =>
        (await party.FollowAsync(job)) is [.., ("end", var last)] ? last : throw new InvalidOperationException("No end.");

    public static string Bytes(this byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
