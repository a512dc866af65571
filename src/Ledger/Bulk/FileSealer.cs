using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>Fills with random bytes that nobody can foresee. The ledger draws nothing itself.</summary>
public delegate void RandomBytes(Span<byte> into);

/// <summary>Seals files at rest: uploads and results are full of phone numbers.</summary>
/// <remarks>
/// <code>
/// file  = "NLF1" | salt, 16 random bytes | frames
/// Kfile = HKDF-SHA256(master, info "nl/file/1")
/// key   = HMAC-SHA256(Kfile, salt)
/// frame = nonce, 12 random bytes | AES-256-GCM(key, at most 65,536 bytes of content; AAD) | 16-byte tag
/// AAD   = name of the file, ASCII | index of the frame from 0, 8 bytes big-endian | 1 for the last frame, otherwise 0
/// </code>
/// So a file that was changed, cut, put together from parts or given another name does not open. The nonce is drawn,
/// not counted: nothing has to be remembered. 16 GiB are 262,144 frames, far from where random nonces of one key meet.
/// Thread-safe.
/// </remarks>
public sealed class FileSealer(MasterKey master)
{
    private readonly byte[] _key = master.Derive("nl/file/1");

    /// <summary>A small file in memory.</summary>
    public byte[] Seal(string name, ReadOnlySpan<byte> content, RandomBytes random)
    {
        int frames = Math.Max(1, (content.Length + FileLayout.FrameContent - 1) / FileLayout.FrameContent);
        byte[] file = new byte[FileLayout.HeaderSize + content.Length + frames * FileLayout.FrameOverhead];
        WriteHeader(file, random);
        using FrameCipher cipher = CipherOf(name, file);
        for (int frame = 0; frame < frames; frame++)
        {
            bool isLast = frame == frames - 1;
            int from = frame * FileLayout.FrameContent;
            ReadOnlySpan<byte> part = isLast ? content[from..] : content.Slice(from, FileLayout.FrameContent);
            cipher.Seal(frame, isLast, part, random, file.AsSpan((int)FileLayout.StartOf(frame)));
        }

        return file;
    }

    /// <exception cref="BrokenFileException">It is not what was sealed under this name.</exception>
    public byte[] Open(string name, ReadOnlySpan<byte> file)
    {
        long frames = FileLayout.FramesIn(file.Length);
        if (frames == 0 || file.Length < FileLayout.StartOf(frames - 1) + FileLayout.FrameOverhead)
        {
            throw new BrokenFileException(name, "it is cut.");
        }

        using FrameCipher cipher = CipherOf(name, file);
        byte[] content = new byte[FileLayout.ContentIn(file.Length)];
        for (int frame = 0; frame < frames; frame++)
        {
            bool isLast = frame == frames - 1;
            ReadOnlySpan<byte> rest = file[(int)FileLayout.StartOf(frame)..];
            cipher.Open(
                frame, isLast, isLast ? rest : rest[..FileLayout.FrameSize],
                content.AsSpan(frame * FileLayout.FrameContent));
        }

        return content;
    }

    internal static void WriteHeader(Span<byte> header, RandomBytes random)
    {
        FileLayout.Magic.CopyTo(header);
        random(header[FileLayout.Magic.Length..FileLayout.HeaderSize]);
    }

    /// <param name="header">The file's first bytes; more may follow.</param>
    internal FrameCipher CipherOf(string name, ReadOnlySpan<byte> header)
    {
        if (header.Length < FileLayout.HeaderSize || !header.StartsWith(FileLayout.Magic))
        {
            throw new BrokenFileException(name, "it does not begin as a sealed file does.");
        }

        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, header[FileLayout.Magic.Length..FileLayout.HeaderSize], key);
        return new FrameCipher(name, key);
    }
}
