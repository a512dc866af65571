using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger;

/// <summary>Seals and opens the frames of one file. See <see cref="FileSealer"/>. Not thread-safe.</summary>
internal sealed class FrameCipher : IDisposable
{
    private readonly string _name;
    private readonly AesGcm _aes;

    // The name stands for good; index and whether it is the last are written behind it for each frame.
    private readonly byte[] _aad;

    public FrameCipher(string name, ReadOnlySpan<byte> key)
    {
        _name = name;
        _aes = new AesGcm(key, FileLayout.TagSize);
        _aad = new byte[name.Length + sizeof(long) + 1];
        Encoding.ASCII.GetBytes(name, _aad);
    }

    /// <param name="into">Takes <see cref="FileLayout.FrameOverhead"/> bytes more than the content has.</param>
    public void Seal(long frame, bool isLast, ReadOnlySpan<byte> content, RandomBytes random, Span<byte> into)
    {
        Span<byte> nonce = into[..FileLayout.NonceSize];
        random(nonce);
        Span<byte> body = into.Slice(FileLayout.NonceSize, content.Length);
        Span<byte> tag = into.Slice(FileLayout.NonceSize + content.Length, FileLayout.TagSize);
        _aes.Encrypt(nonce, content, body, tag, AadOf(frame, isLast));
    }

    /// <returns>How many bytes of content the frame holds.</returns>
    /// <exception cref="BrokenFileException">It was not sealed as this frame of this file.</exception>
    public int Open(long frame, bool isLast, ReadOnlySpan<byte> framed, Span<byte> into)
    {
        int length = framed.Length - FileLayout.FrameOverhead;
        if (length < 0) throw new BrokenFileException(_name, $"frame {frame} is cut.");

        try
        {
            _aes.Decrypt(
                framed[..FileLayout.NonceSize], framed[FileLayout.NonceSize..^FileLayout.TagSize],
                framed[^FileLayout.TagSize..], into[..length], AadOf(frame, isLast));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new BrokenFileException(_name, $"frame {frame} does not open: changed, cut, or another master key.");
        }

        return length;
    }

    public void Dispose() => _aes.Dispose();

    private byte[] AadOf(long frame, bool isLast)
    {
        BinaryPrimitives.WriteInt64BigEndian(_aad.AsSpan(_aad.Length - sizeof(long) - 1), frame);
        _aad[^1] = isLast ? (byte)1 : (byte)0;
        return _aad;
    }
}
