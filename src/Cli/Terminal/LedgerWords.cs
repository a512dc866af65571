namespace NumberLedger.Terminal;

/// <summary>
/// What the ledger's words mean, for people, in two languages. The words themselves are never translated.
/// </summary>
internal static class LedgerWords
{
    private static readonly Dictionary<string, (string English, string Chinese)> Kinds = new(StringComparer.Ordinal)
    {
        ["bound"] = ("the holder consents", "机主同意接收"),
        ["released"] = ("the binding is ended", "绑定解除"),
        ["opted_out"] = ("the holder refuses", "机主拒收"),
        ["disconnected"] = ("the carrier takes the number back", "运营商收回号码"),
        ["reassigned"] = ("the carrier gives it to somebody else", "运营商把号码分配给新机主"),
        ["ported_in"] = ("the number moves to this carrier", "号码携入该运营商"),
        ["ported_out"] = ("the number leaves this carrier", "号码携出该运营商"),
        ["suspended"] = ("service is suspended", "停机"),
        ["reactivated"] = ("service is resumed", "复机"),
        ["sim_changed"] = ("the SIM is changed", "更换 SIM 卡"),
        ["retracted"] = ("an earlier report was a mistake", "撤回之前的报告"),
        ["erased"] = ("erased; it is only known that it was", "已删除，只知道曾有这条记录"),
    };

    private static readonly Dictionary<string, (string English, string Chinese)> Meanings = new(StringComparer.Ordinal)
    {
        ["allow"] = ("send", "可以发送"),
        ["deny"] = ("do not send", "不可发送"),
        ["unknown"] = ("the record does not say", "记录没有说明"),
        ["bad_line"] = ("could not be asked", "这一行无法核查"),
        ["no_binding"] = ("no consent on record", "没有登记过同意"),
        ["disconnected"] = ("nobody holds the number", "号码无人持有"),
        ["aging"] = ("nobody holds it: resting", "无人持有，冷冻期内"),
        ["reassigned"] = ("somebody else has it now", "号码已属于别人"),
        ["released"] = ("the binding was ended", "绑定已解除"),
        ["binding_expired"] = ("the consent has run out", "同意已过期"),
        ["opted_out"] = ("the holder refused", "机主已拒收"),
        ["third_party_contact"] = ("only named by a borrower", "只是借款人填的联系人"),
        ["purpose_not_consented"] = ("not for this purpose", "用途不在同意之内"),
        ["no_coverage"] = ("no carrier reported then", "当时没有运营商上报"),
        ["suspended"] = ("service is suspended", "已停机"),
        ["sim_changed_recently"] = ("the SIM was changed lately", "最近换过 SIM 卡"),
        ["ported_recently"] = ("the number was ported lately", "最近携号转网"),
        ["aging_too_short"] = ("it rested too short a time", "冷冻期短于规定"),
        ["stale_feed"] = ("the carrier's reports are late", "运营商上报滞后"),
        ["recorded"] = ("new to the ledger", "新记入账本"),
        ["duplicate"] = ("it was so before", "此前已记录"),
        ["refused"] = ("not recorded", "未记录"),
    };

    /// <summary>What an entry of a history says; its kind, if there is no word for it.</summary>
    public static string OfKind(string kind, bool chinese) =>
        Kinds.TryGetValue(kind, out (string English, string Chinese) words) ? Pick(words, chinese) : kind;

    /// <summary>What a verdict, a reason or an advisory means; empty, if there is no word for it.</summary>
    public static string OfReason(string name, bool chinese) =>
        Meanings.TryGetValue(name, out (string English, string Chinese) words) ? Pick(words, chinese) : "";

    private static string Pick((string English, string Chinese) words, bool chinese) =>
        chinese ? words.Chinese : words.English;
}
