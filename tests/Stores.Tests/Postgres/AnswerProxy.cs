using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NumberLedger.Stores.Tests;

/// <summary>Can keep back what a PostgreSQL says when something was committed.</summary>
internal sealed class AnswerProxy(EndPoint server) : TestProxy
{
    private byte[]? _losing;

    /// <summary>The next such statement is carried out, and its answer is lost with the connection.</summary>
    /// <param name="said">What the answer calls it: "COMMIT", or "UPDATE 1" of one that commits itself.</param>
    public void LoseNext(string said) => Volatile.Write(ref _losing, Encoding.ASCII.GetBytes(said + '\0'));

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
                if (canLose && Volatile.Read(ref _losing) is { } said && buffer.AsSpan(0, read).IndexOf(said) >= 0
                    && Interlocked.CompareExchange(ref _losing, null, said) == said)
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
