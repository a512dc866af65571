namespace NumberLedger;

/// <summary>Where things lie in a sealed file. docs/reference/jobs.md has it to the byte.</summary>
/// <remarks>
/// Every frame but the last holds <see cref="FrameContent"/> bytes, so the frame of any byte is found by division. The
/// last holds 0 to <see cref="FrameContent"/>, and is there even if the file is empty.
/// </remarks>
internal static class FileLayout
{
    public const int SaltSize = 16;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    /// <summary>The salt comes behind the four bytes that name the format.</summary>
    public const int HeaderSize = 4 + SaltSize;

    public const int FrameContent = 64 * 1024;
    public const int FrameOverhead = NonceSize + TagSize;
    public const int FrameSize = FrameContent + FrameOverhead;

    public static ReadOnlySpan<byte> Magic => "NLF1"u8;

    public static long StartOf(long frame) => HeaderSize + frame * FrameSize;

    /// <summary>Frames in a file of so many bytes, the last one included; 0 if there is none.</summary>
    public static long FramesIn(long fileLength) =>
        fileLength <= HeaderSize ? 0 : (fileLength - HeaderSize + FrameSize - 1) / FrameSize;

    /// <summary>Bytes that were sealed in a file of so many.</summary>
    public static long ContentIn(long fileLength) =>
        Math.Max(0, fileLength - HeaderSize - FramesIn(fileLength) * FrameOverhead);
}
