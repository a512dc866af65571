using NumberLedger.Terminal;

namespace NumberLedger.Silo;

/// <summary>What the demo says, in two languages.</summary>
internal sealed record DemoWords(
    string Begin, string Loaded, string Ranges, string Events, string Bindings, string OptOuts,
    string Checked,
    string Verdict, string FirstReason, string Story, string Today, string Asked, string Moral, string Results,
    string Serve, bool IsChinese)
{
    public static DemoWords English { get; } = new(
        "A ledger in a fresh folder is given the sample data through its API ...",
        "Loaded ({0:F1} s): {1}", "ranges", "events", "bindings", "opt-outs", "Checked ({0:F1} s): {1:N0} numbers",
        "Verdict", "First reason", "A message that was not sent", "today", "May I send ({0}) to {1}?",
        "The number belongs to somebody else now. The one who consented is gone.",
        "results", "serve  ", IsChinese: false);

    public static DemoWords Chinese { get; } = new(
        "在新文件夹中建立账本，并通过 API 载入样例数据……",
        "已载入（{0:F1} 秒）：{1}", "个号段", "条事件", "条绑定", "条拒收", "已核查（{0:F1} 秒）：{1:N0} 个号码",
        "结论", "首要原因", "一条没有发出的短信", "今天", "可以向 {1} 发送（{0}）吗？",
        "这个号码现在属于别人了，当初同意接收的人已不再使用它。",
        "结果文件", "启动服务", IsChinese: true);

    public string Comma => IsChinese ? "，" : ", ";

    public string InBrackets(string text) => IsChinese ? $"（{text}）" : $" ({text})";

    /// <summary>What an entry of a history says; its kind, if there is no word for it.</summary>
    public string OfKind(string kind) => LedgerWords.OfKind(kind, IsChinese);

    /// <summary>What a verdict or a reason means.</summary>
    public string OfReason(string name) => LedgerWords.OfReason(name, IsChinese);
}
