namespace NumberLedger.Silo;

/// <summary>What the demo says, in two languages.</summary>
internal sealed record DemoWords(
    string Begin, string Loaded, string Ranges, string Events, string Bindings, string OptOuts,
    string Checked, string Numbers,
    string Verdict, string FirstReason, string Story, string Today, string Asked, string Moral, string Results,
    string Serve, IReadOnlyDictionary<string, string> Kinds, IReadOnlyDictionary<string, string> Meanings)
{
    public static DemoWords English { get; } = new(
        "A ledger in a fresh folder is given the sample data through its API ...",
        "Loaded", "ranges", "events", "bindings", "opt-outs", "Checked", "numbers",
        "Verdict", "First reason", "A message that was not sent", "today", "May I send ({0}) to {1}?",
        "The number belongs to somebody else now. The one who consented is gone.",
        "results", "serve  ",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bound"] = "the holder consents",
            ["released"] = "the binding is ended",
            ["opted_out"] = "the holder refuses",
            ["disconnected"] = "the carrier takes the number back",
            ["reassigned"] = "the carrier gives it to somebody else",
            ["ported_in"] = "the number moves to this carrier",
            ["ported_out"] = "the number leaves this carrier",
            ["suspended"] = "service is suspended",
            ["reactivated"] = "service is resumed",
            ["sim_changed"] = "the SIM is changed",
            ["retracted"] = "an earlier report was a mistake",
        },
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["allow"] = "send",
            ["deny"] = "do not send",
            ["unknown"] = "the record does not say",
            ["no_binding"] = "no consent on record",
            ["disconnected"] = "nobody holds the number",
            ["aging"] = "nobody holds it: resting",
            ["reassigned"] = "somebody else has it now",
            ["released"] = "the binding was ended",
            ["binding_expired"] = "the consent has run out",
            ["opted_out"] = "the holder refused",
            ["third_party_contact"] = "only named by a borrower",
            ["purpose_not_consented"] = "not for this purpose",
            ["no_coverage"] = "no carrier reported then",
        });

    public static DemoWords Chinese { get; } = new(
        "在新文件夹中建立账本，并通过 API 载入样例数据……",
        "已载入", "个号段", "条事件", "条绑定", "条拒收", "已核查", "个号码",
        "结论", "首要原因", "一条没有发出的短信", "今天", "可以向 {1} 发送（{0}）吗？",
        "这个号码现在属于别人了，当初同意接收的人已不再使用它。",
        "结果文件", "启动服务",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bound"] = "机主同意接收",
            ["released"] = "绑定解除",
            ["opted_out"] = "机主拒收",
            ["disconnected"] = "运营商收回号码",
            ["reassigned"] = "运营商把号码分配给新机主",
            ["ported_in"] = "号码携入该运营商",
            ["ported_out"] = "号码携出该运营商",
            ["suspended"] = "停机",
            ["reactivated"] = "复机",
            ["sim_changed"] = "更换 SIM 卡",
            ["retracted"] = "撤回之前的报告",
        },
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["allow"] = "可以发送",
            ["deny"] = "不可发送",
            ["unknown"] = "记录没有说明",
            ["no_binding"] = "没有登记过同意",
            ["disconnected"] = "号码无人持有",
            ["aging"] = "无人持有，冷冻期内",
            ["reassigned"] = "号码已属于别人",
            ["released"] = "绑定已解除",
            ["binding_expired"] = "同意已过期",
            ["opted_out"] = "机主已拒收",
            ["third_party_contact"] = "只是借款人填的联系人",
            ["purpose_not_consented"] = "用途不在同意之内",
            ["no_coverage"] = "当时没有运营商上报",
        });

    /// <summary>What an entry of a history says; its kind, if there is no word for it.</summary>
    public string OfKind(string kind) => Kinds.GetValueOrDefault(kind, kind);

    /// <summary>What a verdict or a reason means.</summary>
    public string OfReason(string name) => Meanings.GetValueOrDefault(name, "");
}
