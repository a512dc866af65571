using PhoneNumbers;

namespace NumberLedger.Api;

/// <summary>Which numbers can be a subscriber's.</summary>
internal static class SubscriberNumbers
{
    /// <summary>
    /// False for services that have a number: toll-free, premium rate, shared cost, company-wide, voicemail. What the
    /// metadata does not know may be a subscriber's: plans grow faster than metadata.
    /// </summary>
    public static bool MayBeOne(PhoneNumber number)
    {
        PhoneNumberUtil metadata = PhoneNumberUtil.GetInstance();
        PhoneNumberType type = metadata.GetNumberType(metadata.Parse(number.ToE164(), null));
        return type is not (PhoneNumberType.TOLL_FREE or PhoneNumberType.PREMIUM_RATE or PhoneNumberType.SHARED_COST
            or PhoneNumberType.UAN or PhoneNumberType.VOICEMAIL);
    }
}
