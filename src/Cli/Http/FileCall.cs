using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace NumberLedger.Cli;

/// <summary>A request whose answer is read while its body is still being sent, over HTTP/1.1.</summary>
/// <remarks>
/// Not by HttpClient: over HTTP/1.1 it sends all of the body before it hands out the answer. The ledger answers while
/// it reads and keeps no answer that nobody takes, so with a file larger than what the sockets hold both would wait for
/// ever. Over HTTP/2 HttpClient could, but a server without TLS speaks HTTP/1.1 only.
/// </remarks>
internal sealed class FileCall : IAsyncDisposable
{
    private const int BlockBytes = 256 * 1024;

    // Room for the size of a chunk before it (8 digits, CR, LF), and for the line end after it.
    private const int ChunkHeadBytes = 10;
    private const int ChunkTailBytes = 2;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly Stream _connection;
    private readonly CancellationTokenSource _stopSending;
    private readonly Task _sending;

    // Set before the connection is closed because of it.
    private volatile InputException? _inputFailure;

    private FileCall(Stream connection, FileBody body, FileMeter? meter, CancellationToken cancellationToken)
    {
        _connection = connection;
        _stopSending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sending = Task.Run(() => SendBodyAsync(body, meter, _stopSending.Token), CancellationToken.None);
    }

    public ResponseHead Head { get; private set; } = null!;

    public ResponseBody Body { get; private set; } = null!;

    /// <summary>
    /// Connects, sends the head, goes on sending the body, and comes back with the head of the answer.
    /// </summary>
    /// <param name="meter">Told of every block of the body that is on its way; null for nobody.</param>
    /// <exception cref="HttpRequestException">Nobody answers there, or not in HTTP.</exception>
    /// <exception cref="InputException">The file could not be read any more.</exception>
    public static async Task<FileCall> StartAsync(
        Uri url, IEnumerable<(string Name, string Value)> headers, FileBody body, FileMeter? meter,
        CancellationToken cancellationToken)
    {
        Stream connection = await ConnectAsync(url, cancellationToken);
        try
        {
            await connection.WriteAsync(HeadOf(url, headers, body.Length), cancellationToken);
        }
        catch (Exception cause)
        {
            await connection.DisposeAsync();
            if (cause is IOException) throw new HttpRequestException(cause.Message, cause);
            throw;
        }

        var call = new FileCall(connection, body, meter, cancellationToken);
        try
        {
            await call.ReadHeadAsync(cancellationToken);
            // Of an answer that is no success the rest of the file is nobody's business.
            if (!call.Head.IsSuccess) await call._stopSending.CancelAsync();
            return call;
        }
        catch (Exception cause)
        {
            await call.DisposeAsync();
            call.ThrowIfInputFailed();
            if (cause is IOException) throw new HttpRequestException(cause.Message, cause);
            throw;
        }
    }

    /// <summary>Why an answer ended early, if it was our own file that could not be read.</summary>
    /// <exception cref="InputException">That is why.</exception>
    public void ThrowIfInputFailed()
    {
        if (_inputFailure is { } failure) throw failure;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopSending.CancelAsync();
        await _connection.DisposeAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopSending.Dispose();
    }

    private static async Task<Stream> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            // A server that is gone without a word is noticed, however long a file is silent.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(new DnsEndPoint(url.IdnHost, url.Port), patience.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (url.Scheme != Uri.UriSchemeHttps) return stream;

            var secure = new SslStream(stream);
            stream = secure;
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, patience.Token);
            return secure;
        }
        catch (Exception cause)
        {
            await (stream?.DisposeAsync() ?? default);
            socket.Dispose();
            if (cause is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new HttpRequestException("no connection in time", cause);
            }

            if (cause is SocketException or System.Security.Authentication.AuthenticationException)
            {
                throw new HttpRequestException(cause.Message, cause);
            }

            throw;
        }
    }

    private static byte[] HeadOf(Uri url, IEnumerable<(string Name, string Value)> headers, long? length)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        foreach ((string name, string value) in headers) head.Append($"{name}: {value}\r\n");
        head.Append(length is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n")
            : "Transfer-Encoding: chunked\r\n");
        head.Append("Connection: close\r\n\r\n");
        return Encoding.ASCII.GetBytes(head.ToString());
    }

    private async Task ReadHeadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ResponseHead.BytesMax];
        int count = 0;
        while (true)
        {
            int end = buffer.AsSpan(0, count).IndexOf(HeadEnd);
            if (end >= 0)
            {
                Head = ResponseHead.Parse(buffer.AsSpan(0, end));
                int after = end + HeadEnd.Length;
                if (!Head.IsInterim)
                {
                    Body = new ResponseBody(_connection, Head, buffer.AsSpan(after, count - after));
                    return;
                }

                buffer.AsSpan(after, count - after).CopyTo(buffer);
                count -= after;
                continue;
            }

            if (count == buffer.Length) throw new IOException("What answers there does not speak HTTP/1.1.");

            int read = await _connection.ReadAsync(buffer.AsMemory(count), cancellationToken);
            if (read == 0) throw new EndOfStreamException("The connection ended before an answer.");
            count += read;
        }
    }

    private async Task SendBodyAsync(FileBody body, FileMeter? meter, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkHeadBytes + BlockBytes + ChunkTailBytes];
        long left = body.Length ?? long.MaxValue;
        foreach (Stream part in body.Parts)
        {
            while (left > 0)
            {
                Memory<byte> room = buffer.AsMemory(ChunkHeadBytes, (int)Math.Min(BlockBytes, left));
                int count = await ReadInputAsync(part, room, cancellationToken);
                if (count == 0) break;

                await _connection.WriteAsync(
                    body.Length is null ? Chunk(buffer, count) : room[..count], cancellationToken);
                left -= count;
                meter?.Sent(room.Span[..count]);
            }
        }

        if (body.Length is null) await _connection.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
        else if (left > 0) throw await AbortAsync("The file became shorter while it was sent.", null);
    }

    private static Memory<byte> Chunk(byte[] buffer, int count)
    {
        string size = count.ToString("x", CultureInfo.InvariantCulture) + "\r\n";
        int from = ChunkHeadBytes - size.Length;
        Encoding.ASCII.GetBytes(size, buffer.AsSpan(from));
        "\r\n"u8.CopyTo(buffer.AsSpan(ChunkHeadBytes + count));
        return buffer.AsMemory(from, size.Length + count + ChunkTailBytes);
    }

    private async ValueTask<int> ReadInputAsync(Stream part, Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            // A terminal or a pipe that is silent is not waited for, once nobody wants it: such a read does not end.
            return await part.ReadAsync(into, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw await AbortAsync(cause.Message, cause);
        }
    }

    /// <summary>The server must not take half a file for a whole one, nor we wait for its answer.</summary>
    private async Task<InputException> AbortAsync(string why, Exception? cause)
    {
        var failure = new InputException(why, cause);
        _inputFailure = failure;
        await _connection.DisposeAsync();
        return failure;
    }
}
