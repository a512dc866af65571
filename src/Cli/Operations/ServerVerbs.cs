namespace NumberLedger.Cli;

/// <summary>
/// The verbs of the server's program, so that one help shows all there are. <c>./run</c> has the same list.
/// </summary>
internal static class ServerVerbs
{
    private static readonly (string Name, string English, string Chinese)[] Verbs =
    [
        ("serve", "Run the ledger: store, grains and API in one process.", "运行账本：存储、grain 和 API 在一个进程里。"),
        ("demo", "Show the ledger at work on the sample data, then stop.", "用样例数据演示账本，然后结束。"),
        ("seed", "Write sample data: carriers, their events, bindings, refusals and a campaign list.",
            "生成样例数据：运营商及其事件、绑定、拒收和一份发送名单。"),
        ("fsck", "Verify every position, chain, seal and index of a ledger.", "核对账本的每个位置、每条链、每个封存条目和索引。"),
        ("store", "Decide about the store of a stopped ledger.", "对已停止的账本的存储作出决定。"),
        ("restore", "Put a ledger back from a backup, all of it verified first.", "用备份恢复账本；先核对全部内容。"),
    ];

    public static IEnumerable<string> Names => Verbs.Select(verb => verb.Name);

    /// <summary>A backup is the client's business, unless it is of a folder.</summary>
    public static bool Are(string[] args) =>
        Verbs.Any(verb => verb.Name == args.FirstOrDefault())
        || (args.FirstOrDefault() is "backup"
            && args.Any(arg => arg is "--data" || arg.StartsWith("--data=", StringComparison.Ordinal)));

    public static IEnumerable<(string Name, string Description)> All(Lang lang) =>
        Verbs.Select(verb => (verb.Name, lang.Say(verb.English, verb.Chinese)));
}
