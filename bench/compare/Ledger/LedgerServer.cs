using System.Net;
using System.Text.Json;

namespace NumberLedger.Bench.Compare;

/// <summary>The ledger in a process of its own (<see cref="BenchHost"/>), and the files that are sent to it.</summary>
/// <remarks>Files go through curl, as PostgreSQL's go through psql: what a client costs is part of both.</remarks>
internal sealed class LedgerServer : IDisposable
{
    private readonly HttpClient _http;
    private readonly Child _server;
    private readonly string _folder;

    public LedgerServer(string folder, int port)
    {
        _folder = folder;
        string url = $"http://127.0.0.1:{port}";
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10) };
        _server = Child.Start(folder + ".log", "TERM", Environment.ProcessPath!, "host", url, folder);
        Wait.Until(IsReady, () => _server.HasExited, "The ledger");
        using var keys = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "keys.json")));
        foreach (string role in (string[])["lender", "carrier"])
        {
            string key = keys.RootElement.GetProperty(role).GetProperty("key").GetString()!;
            File.WriteAllText(HeadersOf(role), $"Authorization: Bearer {key}\nContent-Type: text/csv\nExpect:\n");
            if (role == "lender") _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    public HttpClient Lender => _http;

    /// <summary>Of the process, bytes.</summary>
    public long ResidentBytes => long.Parse(
        File.ReadLines($"/proc/{_server.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;

    public void Scrub(string questions, string answers) => Send("/v1/scrubs", "lender", questions, answers);

    public void Echo(string questions, string answers) => Send("/echo", "lender", questions, answers);

    public void Report(string events, string answers) => Send("/v1/carrier-files", "carrier", events, answers);

    public void Dispose()
    {
        _server.Dispose();
        _http.Dispose();
    }

    private void Send(string path, string role, string file, string answers)
    {
        File.Delete(answers);
        Child.Run(
            "curl", "--silent", "--show-error", "--fail-with-body", "--header", "@" + HeadersOf(role), "--request",
            "POST", "--upload-file", file, "--output", answers, new Uri(_http.BaseAddress!, path).ToString());
    }

    private string HeadersOf(string role) => Path.Combine(_folder, role + ".headers");

    private bool IsReady()
    {
        try
        {
            using HttpResponseMessage answer = _http.GetAsync("/health/ready").GetAwaiter().GetResult();
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
