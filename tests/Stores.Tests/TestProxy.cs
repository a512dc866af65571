using System.Net;
using System.Net.Sockets;

namespace NumberLedger.Stores.Tests;

/// <summary>Stands between a client and a server, on a free port, until the end of a test.</summary>
internal abstract class TestProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();

    protected TestProxy()
    {
        _listener.Start();
        _ = AcceptAllAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The test is over.</summary>
    protected CancellationToken Closed => _closed.Token;

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
        _closed.Dispose();
    }

    /// <summary>One connection; any other may be served at the same time.</summary>
    protected abstract Task ServeAsync(Socket client);

    /// <summary>Of a connection, or of the test.</summary>
    protected static bool IsEnd(Exception closed) =>
        closed is OperationCanceledException or SocketException or ObjectDisposedException;

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true) _ = ServeAndCloseAsync(await _listener.AcceptSocketAsync(Closed));
        }
        catch (Exception closed) when (IsEnd(closed))
        {
            // The end of the test.
        }
    }

    private async Task ServeAndCloseAsync(Socket client)
    {
        using (client) await ServeAsync(client);
    }
}
