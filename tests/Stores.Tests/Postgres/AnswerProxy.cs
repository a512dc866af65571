using System.Net;
using System.Net.Sockets;

namespace NumberLedger.Stores.Tests;

/// <summary>Stands between a client and a server, and can keep back what the server says after a commit.</summary>
internal sealed class AnswerProxy : IDisposable
{
    private static readonly byte[] Committed = [.. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _server;
    private readonly CancellationTokenSource _closed = new();
    private int _losing;

    public AnswerProxy(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAllAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next commit is done, and its answer is lost with the connection.</summary>
    public void LoseNextCommit() => Volatile.Write(ref _losing, 1);

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
        _closed.Dispose();
    }

    private static bool IsEnd(Exception closed) =>
        closed is OperationCanceledException or SocketException or ObjectDisposedException;

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_closed.Token));
        }
        catch (Exception closed) when (IsEnd(closed))
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await server.ConnectAsync(_server);
            await Task.WhenAny(CopyAsync(client, server, canLose: false), CopyAsync(server, client, canLose: true));
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool canLose)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _closed.Token) is > 0 and int read)
            {
                if (canLose && buffer.AsSpan(0, read).IndexOf(Committed) >= 0
                    && Interlocked.Exchange(ref _losing, 0) == 1)
                {
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _closed.Token);
            }
        }
        catch (Exception closed) when (IsEnd(closed))
        {
            // One of the two ends is gone.
        }
    }
}
