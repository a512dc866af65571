using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NumberLedger.Stores.Tests;

/// <summary>What becomes of a request.</summary>
public enum Fate
{
    /// <summary>It is passed on, and its answer back.</summary>
    Passed,

    /// <summary>It is carried out, and its answer is lost with the connection.</summary>
    AnswerLost,

    /// <summary>It is carried out, and answered by nothing but that it was taken.</summary>
    AnswerEmptied,

    /// <summary>It is not carried out, and answered with 503, as by a partition that has too much to do.</summary>
    Busy,

    /// <summary>It is neither passed on nor answered.</summary>
    Held,
}

/// <summary>Stands between a store and the service, and decides what becomes of each request.</summary>
internal sealed class AzureProxy(int server) : TestProxy
{
    private static readonly byte[] EndOfHeaders = [.. "\r\n\r\n"u8];

    private readonly List<Func<Task<string>>> _held = [];

    /// <summary>Asked for each request by its first line.</summary>
    public Func<string, Fate> FateOf { get; set; } = _ => Fate.Passed;

    /// <summary>Done after a request was carried out, and before its answer is lost.</summary>
    public Func<Task> BeforeLoss { get; set; } = () => Task.CompletedTask;

    public bool HasHeld
    {
        get
        {
            lock (_held) return _held.Count > 0;
        }
    }

    public static bool IsTransaction(string request) => request.Contains("/$batch", StringComparison.Ordinal);

    /// <summary>Passes on what was held, late.</summary>
    /// <returns>The answers.</returns>
    public async Task<string[]> PassOnHeldAsync()
    {
        var answers = new List<string>();
        foreach (Func<Task<string>> late in _held) answers.Add(await late());
        return [.. answers];
    }

    /// <summary>One request of each connection.</summary>
    protected override async Task ServeAsync(Socket client)
    {
        try
        {
            byte[] request = await ReadAsync(client);
            if (request.Length == 0) return;

            await AnswerAsync(client, request, FateOf(Encoding.ASCII.GetString(request).Split('\r')[0]));
        }
        catch (Exception closed) when (IsEnd(closed))
        {
            // The client did not wait, or the test is over.
        }
    }

    private async Task AnswerAsync(Socket client, byte[] request, Fate fate)
    {
        switch (fate)
        {
            case Fate.Busy:
                await client.SendAsync(
                    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                break;
            case Fate.Held:
                lock (_held) _held.Add(async () => Encoding.ASCII.GetString(await SendAsync(request)));
                await client.ReceiveAsync(new byte[1], Closed); // Until the client has enough.
                break;
            case Fate.AnswerLost:
                await SendAsync(request);
                await BeforeLoss();
                client.LingerState = new LingerOption(true, 0); // A reset, not an end.
                break;
            case Fate.AnswerEmptied:
                await SendAsync(request);
                await client.SendAsync(Encoding.ASCII.GetBytes(
                    "HTTP/1.1 202 Accepted\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n"));
                break;
            default:
                await client.SendAsync(await SendAsync(request));
                break;
        }
    }

    /// <summary>To the service, by a connection that ends with the answer.</summary>
    private async Task<byte[]> SendAsync(byte[] request)
    {
        using var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await connected.ConnectAsync(IPAddress.Loopback, server, Closed);
        int firstLine = request.AsSpan().IndexOf("\r\n"u8) + 2;
        byte[] sent = [.. request[..firstLine], .. "Connection: close\r\n"u8, .. request[firstLine..]];
        await connected.SendAsync(sent, Closed);
        var answer = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await connected.ReceiveAsync(buffer, Closed) is > 0 and int read) answer.Write(buffer, 0, read);
        return answer.ToArray();
    }

    /// <returns>Headers and body; empty if the connection ends before.</returns>
    private async Task<byte[]> ReadAsync(Socket client)
    {
        var request = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        long length = long.MaxValue;
        while (request.Length < length)
        {
            if (await client.ReceiveAsync(buffer, Closed) is not (> 0 and int read)) return [];

            request.Write(buffer, 0, read);
            int headers = request.GetBuffer().AsSpan(0, (int)request.Length).IndexOf(EndOfHeaders);
            if (headers >= 0 && length == long.MaxValue)
            {
                length = headers + EndOfHeaders.Length
                    + BodyLength(Encoding.ASCII.GetString(request.GetBuffer(), 0, headers));
            }
        }

        return request.ToArray();
    }

    private static long BodyLength(string headers)
    {
        const string Name = "Content-Length:";
        string? line = headers.Split("\r\n").FirstOrDefault(
            line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : long.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture);
    }
}
