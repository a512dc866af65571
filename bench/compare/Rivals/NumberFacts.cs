using System.Buffers.Binary;

namespace NumberLedger.Bench.Compare;

/// <summary>What Redis holds of a number, and how a client of its own decides from it.</summary>
/// <remarks>
/// 5 bytes: day of the last disconnect, day of the last reassignment, 2 bytes each, little-endian, 0 for none, counted
/// from 1950; purposes refused of everyone.
/// </remarks>
internal readonly record struct NumberFacts(ushort Disconnected, ushort Reassigned, Purposes Refused)
{
    public const int Size = 5;

    public static NumberFacts Of(Life life) => new(
        Days.Pack(life.LastDisconnected), Days.Pack(life.Reassigned), life.Counted(life.RefusedOfEveryone));

    public static NumberFacts Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
        (Purposes)bytes[4]);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Disconnected);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Reassigned);
        bytes[4] = (byte)Refused;
    }

    /// <param name="coveredSince">0: nobody reports on the number.</param>
    /// <returns>Verdict and reason, as they stand in the file.</returns>
    public ReadOnlySpan<byte> Decide(
        Purposes purpose, ushort consentedOn, ushort coveredSince, ushort today, int agingDaysMin)
    {
        if (Disconnected > Reassigned)
        {
            return today - Disconnected < agingDaysMin ? "deny,aging"u8 : "deny,disconnected"u8;
        }

        if (Disconnected >= consentedOn || Reassigned > consentedOn) return "deny,reassigned"u8;
        if ((Refused & purpose) != Purposes.None) return "deny,opted_out"u8;
        return coveredSince == 0 || coveredSince > consentedOn ? "unknown,no_coverage"u8 : "allow,"u8;
    }
}
