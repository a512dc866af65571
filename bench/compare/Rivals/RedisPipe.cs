using System.Buffers.Text;
using System.Net.Sockets;

namespace NumberLedger.Bench.Compare;

/// <summary>
/// One connection to Redis over its Unix socket, with commands written and replies read as bytes: there is no faster
/// client, because there is nothing between the file and the socket.
/// </summary>
internal sealed class RedisPipe : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly NetworkStream _stream;
    private readonly byte[] _in = new byte[BufferBytes];
    private int _start, _end;

    public RedisPipe(string socket)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(socket));
        _stream = new NetworkStream(_socket);
    }

    public void Send(ReadOnlySpan<byte> commands) => _stream.Write(commands);

    /// <summary>Reads the first line of a reply, without its type: the count of a list, the length of a text.</summary>
    /// <returns>-1 for nil.</returns>
    public int ReadLength(char type)
    {
        while (true)
        {
            ReadOnlySpan<byte> held = _in.AsSpan(_start, _end - _start);
            int end = held.IndexOf((byte)'\n');
            if (end < 0)
            {
                Fill();
                continue;
            }

            if (held[0] != type) throw new InvalidOperationException("Redis answered something else.");
            if (type == '+' || !Utf8Parser.TryParse(held[1..], out int length, out _)) length = 0;
            _start += end + 1;
            return length;
        }
    }

    /// <summary>The bytes of a text, valid until the next read; its line ending is passed over.</summary>
    public ReadOnlySpan<byte> ReadText(int length)
    {
        while (_end - _start < length + 2) Fill();
        ReadOnlySpan<byte> text = _in.AsSpan(_start, length);
        _start += length + 2;
        return text;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _in.AsSpan(_start, _end - _start).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
        }

        int read = _stream.Read(_in, _end, _in.Length - _end);
        if (read == 0) throw new EndOfStreamException("Redis closed the connection.");
        _end += read;
    }
}
