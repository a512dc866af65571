namespace NumberLedger.Silo;

/// <summary>What the demo says, in two languages.</summary>
internal sealed record DemoWords(
    string Loaded, string Ranges, string Events, string Bindings, string OptOuts, string Checked, string Numbers,
    string Verdict, string FirstReason, string Story, string Today, string Asked, string Moral, string Results,
    string Serve, IReadOnlyDictionary<string, string> Kinds)
{
    public static DemoWords English { get; } = new(
        "Loaded", "ranges", "carrier events", "bindings", "opt-outs", "Checked", "numbers",
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
        });

    public static DemoWords Chinese { get; } = new(
        "已载入", "个号段", "条运营商事件", "条绑定", "条拒收", "已核查", "个号码",
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
        });

    public string Of(string kind) => Kinds.GetValueOrDefault(kind, kind);
}
