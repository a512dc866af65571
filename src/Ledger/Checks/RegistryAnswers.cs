namespace NumberLedger;

/// <summary>How three existing registries answer "recycled since that day?" on the same facts as ours.</summary>
/// <remarks>
/// The table with the cases side by side is in docs/reference/rules.md. <em>Nobody holds it</em> is read before the
/// other cases.
/// </remarks>
public static class RegistryAnswers
{
    /// <summary>
    /// All that <see cref="Of"/> may say. Silos tell each other places in this list: words are added at its end.
    /// </summary>
    public static IReadOnlyList<string> Words { get; } =
        ["yes", "no", "no_data", "not_found", "true", "false", "out_of_range", "0", "1", "2", "3"];

    /// <summary>How one of them would answer, as its own texts have it.</summary>
    public static string Of(RegistryRule rule, in HolderFacts holder, ushort day) => rule switch
    {
        RegistryRule.FccRnd => Fcc(holder, day) switch
        {
            FccAnswer.Yes => "yes",
            FccAnswer.No => "no",
            _ => "no_data",
        },
        RegistryRule.Camara when holder.CoveredSince == 0 => "not_found",
        RegistryRule.Camara => Camara(holder, day) switch
        {
            true => "true",
            false => "false",
            null => "out_of_range",
        },
        RegistryRule.Aliyun => Aliyun(holder, day) switch
        {
            AliyunAnswer.Recycled => "1",
            AliyunAnswer.NotRecycled => "2",
            AliyunAnswer.Cancelled => "3",
            _ => "0",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such registry."),
    };

    /// <summary>FCC Reassigned Numbers Database: was it permanently disconnected on or after that day?</summary>
    public static FccAnswer Fcc(in HolderFacts holder, ushort day)
    {
        if (!holder.SpeaksAbout(day)) return FccAnswer.NoData;

        int ended = holder.EndIsImplied && holder.IsHeld ? holder.Reassigned - 1 : holder.Disconnected;
        return ended != 0 && ended >= day ? FccAnswer.Yes : FccAnswer.No;
    }

    /// <summary>
    /// CAMARA NumberRecycling: true unless the present holder held it on that day; null: cannot be evaluated.
    /// </summary>
    public static bool? Camara(in HolderFacts holder, ushort day) =>
        holder.IsDead(day) ? true : holder.SpeaksAbout(day) ? false : null;

    /// <summary>Aliyun 二次号: as above, but a start equal to the assignment counts as recycled.</summary>
    public static AliyunAnswer Aliyun(in HolderFacts holder, ushort day)
    {
        if (!holder.IsHeld) return AliyunAnswer.Cancelled;
        if (!holder.SpeaksAbout(day)) return AliyunAnswer.Unknown;

        return holder.IsDead(day) || holder.Reassigned == day ? AliyunAnswer.Recycled : AliyunAnswer.NotRecycled;
    }
}

/// <summary>Which registry.</summary>
public enum RegistryRule : byte
{
    FccRnd = 1,
    Camara = 2,
    Aliyun = 3,
}

public enum FccAnswer : byte
{
    No,
    Yes,
    NoData,
}

/// <summary>Values as in DescribePhoneTwiceTelVerify.</summary>
public enum AliyunAnswer : byte
{
    Unknown = 0,
    Recycled = 1,
    NotRecycled = 2,
    Cancelled = 3,
}
