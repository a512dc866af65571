using System.Globalization;
using System.Net.Sockets;
using System.Text;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A file that arrives as the test says, and whose answer is read meanwhile.</summary>
/// <remarks>HttpClient gives no answer over HTTP/1.1 before all of a body is sent.</remarks>
internal sealed class SlowFile : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly StringBuilder _read = new();

    private SlowFile(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public static async Task<SlowFile> BeginAsync(TestParty party, string path)
    {
        Uri server = party.Client.BaseAddress!;
        var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        var file = new SlowFile(tcp);
        await file.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {party.Key}\r\n"
            + $"Content-Type: {FileSending.Csv}\r\nTransfer-Encoding: chunked\r\n\r\n");
        return file;
    }

    public Task WriteAsync(string text) => SendAsync(string.Create(
        CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));

    public Task EndAsync() => SendAsync("0\r\n\r\n");

    /// <summary>The answer up to and with a text, head and chunk sizes included.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        byte[] buffer = new byte[4096];
        while (!_read.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count = await _stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(count > 0, $"The answer ended before '{text}': {_read}");
            _read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return _read.ToString();
    }

    public void Dispose() => _tcp.Dispose();

    private async Task SendAsync(string text) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
}
