using System.Net;
using System.Net.Sockets;

namespace NumberLedger.Stores.Tests;

/// <summary>Can keep back what a PostgreSQL says after a commit.</summary>
internal sealed class AnswerProxy(EndPoint server) : TestProxy
{
    private static readonly byte[] Committed = [.. "COMMIT\0"u8];

    private int _losing;

    /// <summary>The next commit is done, and its answer is lost with the connection.</summary>
    public void LoseNextCommit() => Volatile.Write(ref _losing, 1);

    protected override async Task ServeAsync(Socket client)
    {
        using var connected = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connected.ConnectAsync(server);
        await Task.WhenAny(CopyAsync(client, connected, canLose: false), CopyAsync(connected, client, canLose: true));
    }

    private async Task CopyAsync(Socket from, Socket to, bool canLose)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, Closed) is > 0 and int read)
            {
                if (canLose && buffer.AsSpan(0, read).IndexOf(Committed) >= 0
                    && Interlocked.Exchange(ref _losing, 0) == 1)
                {
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), Closed);
            }
        }
        catch (Exception closed) when (IsEnd(closed))
        {
            // One of the two ends is gone.
        }
    }
}
