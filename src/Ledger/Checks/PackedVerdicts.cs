using System.Runtime.CompilerServices;

namespace NumberLedger;

/// <summary>
/// <see cref="VerdictRules"/> over packed facts, without a branch: in a file one number's facts say nothing of the
/// next one's, and every second guess of the processor would be wrong.
/// </summary>
/// <remarks>
/// The rules are there, not here: whatever this says, a test compares with them, over any facts. Conditions are 0 or 1,
/// choices are masks of all bits or none.
/// </remarks>
internal static class PackedVerdicts
{
    /// <summary>There is more to know than the packed facts hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreNotAll(PackedRow row, PackedBinding binding) =>
        ((row.Bits & PackedRow.HasDetailBit) | (binding.Bits & PackedBinding.ExpiresBit)) != 0;

    /// <summary>Only if <see cref="AreNotAll"/> says no.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Answer Decide(
        PackedRow row, PackedBinding binding, ushort coveredSince, Question question, Moment moment, int agingDaysMin)
    {
        int reassigned = (ushort)row.Bits;
        int disconnected = (ushort)(row.Bits >> 16);
        int boundOn = (ushort)binding.Bits;
        int purpose = (int)question.Purpose;
        int bound = (int)(binding.Bits >> 27) & 1;
        int onBinding = Bit(question.ConsentedOn == 0);
        int consentedOn = Choose(onBinding, boundOn, question.ConsentedOn);

        int notHeld = Bit(disconnected != 0) & Bit(reassigned < disconnected);
        int dead = notHeld | IsDead(consentedOn, reassigned, disconnected);
        int counts = bound & ~(notHeld | IsDead(boundOn, reassigned, disconnected));

        int role = (int)(binding.Bits >> 20) & 3;
        int released = (int)(binding.Bits >> 22) & 1;
        int thirdParty = Bit(role == (int)BindingRole.Contact)
            & Bit((purpose & (int)(Purposes.Marketing | Purposes.Collection)) != 0);
        int notConsented = Bit(((int)(binding.Bits >> 16) & purpose & (int)Purposes.All) == 0);
        int refused = ((int)(row.Bits >> 32) | (int)(binding.Bits >> 23)) & purpose & (int)Purposes.All;
        int speaks = Bit(coveredSince != 0) & Bit(consentedOn >= coveredSince);
        int own = (released * (int)Reasons.Released) | (thirdParty * (int)Reasons.ThirdPartyContact)
            | (notConsented * (int)Reasons.PurposeNotConsented);
        int living = (own & -counts) | (Bit(refused != 0) * (int)Reasons.OptedOut)
            | ((speaks ^ 1) * (int)Reasons.NoCoverage);

        int gone = Choose(
            Bit(moment.Today - disconnected < agingDaysMin), (int)Reasons.Aging, (int)Reasons.Disconnected);
        int alone = Choose(notHeld, gone, (int)Reasons.Reassigned);
        int reasons = Choose(onBinding & (bound ^ 1), (int)Reasons.NoBinding, Choose(dead, alone, living));

        int implied = (int)(row.Bits >> 36) & 1;
        int tooShort = Bit(reassigned != 0) & Bit(disconnected != 0) & (implied ^ 1)
            & Bit(reassigned - disconnected < agingDaysMin) & Bit((reasons & (int)Answer.Alone) == 0);
        int verdict = (int)Verdict.Allow + Bit(reasons != 0) + Bit(reasons == (int)Reasons.NoCoverage);
        return new Answer((Verdict)verdict, (Reasons)reasons, (Advisories)(tooShort * (int)Advisories.AgingTooShort));
    }

    /// <summary>Of a number that somebody holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IsDead(int consentedOn, int reassigned, int disconnected) =>
        Bit(disconnected >= consentedOn) | Bit(reassigned > consentedOn);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Choose(int condition, int then, int otherwise) =>
        otherwise ^ ((then ^ otherwise) & -condition);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(bool condition) => Unsafe.BitCast<bool, byte>(condition);
}
