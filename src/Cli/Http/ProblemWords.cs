namespace NumberLedger.Cli;

/// <summary>
/// The problems that somebody at a terminal meets most, in Chinese. In English, and for all others, the server's own
/// words are shown.
/// </summary>
internal static class ProblemWords
{
    private static readonly Dictionary<string, (string Title, string Remedy)> Chinese = new(StringComparer.Ordinal)
    {
        ["credential-missing"] = ("请求没有带访问密钥。", "请设置环境变量 NUMBERLEDGER_KEY，或用 --key-file 指定密钥文件。"),
        ["credential-invalid"] = ("账本不认识这个访问密钥，或它已被吊销。", "请换用贵方有效的密钥；运营者可以重新发放。"),
        ["scope-missing"] = ("这个访问密钥没有做这件事的权限。", "请换用有此权限的密钥；numberledger doctor 会列出密钥的权限。"),
        ["too-many-in-flight"] = ("贵方同时进行的请求太多。", "请等前面的请求得到回答后再试。"),
        ["too-many-files"] = ("同时处理的文件太多。", "请等其中一个结束后再试。"),
        ["region-unknown"] = ("不认识这个地区代码。", "请用 ISO 3166-1 的两位大写字母，例如 CN。"),
        ["number-missing"] = ("号码是空的。", "请按 E.164 写，例如 +8613800001234。"),
        ["number-no-plus"] = ("号码不是以加号开头。", "请写上国家码，例如 +8613800001234；本国写法请加 --region CN。"),
        ["number-not-a-digit"] = ("号码里有不是数字的字符。", "请只写加号和数字，不要空格和连字符。"),
        ["number-too-short"] = ("号码位数不够，不可能存在。", "请看看是不是少写了数字。"),
        ["number-too-long"] = ("号码位数太多，不可能存在。", "请看看是不是多写了数字。"),
        ["number-unknown-calling-code"] = ("没有这样的国家码。", "请检查开头几位数字。"),
        ["consent-in-future"] = ("同意的日期在将来。", "请检查日期。"),
        ["consent-too-early"] = ("同意的日期早于账本的日历。", "日历从 1950-01-01 开始。"),
        ["day-malformed"] = ("日期写法不对。", "请写成 2026-03-01 这样。"),
        ["instant-malformed"] = ("时刻写法不对。", "请写成 2026-03-01T09:30:00+08:00 这样，带时区。"),
        ["not-granted"] = ("没有贷款机构授权给贵方。", "贷款机构只能为自己查询。"),
        ["columns-too-many"] = ("文件的列太多。", "一行最多 256 列。"),
        ["column-reserved"] = ("文件里已经有账本要添加的列。", "请把 verdict、reason、advisories、as_of 等列改名或删除。"),
        ["media-type-unsupported"] = ("账本不接受这种格式的文件。", "请用 UTF-8 的 CSV 或 NDJSON。"),
        ["party-unknown"] = ("账本里没有这个参与方。", "请检查名称。"),
        ["key-unknown"] = ("这个参与方没有这样的密钥。", "请用 numberledger keys list 查看。"),
        ["keys-too-many"] = ("这个参与方的有效密钥已达上限。", "请先吊销一个。"),
        ["feeds-too-many"] = ("贵方单独报告的号段已达上限。", "请合并成更大的号段再报告。"),
        ["scope-of-other-role"] = ("这项权限不属于该参与方的角色。", "请只选该角色的权限，或不写 --scope。"),
        ["job-unknown"] = ("贵方没有这样的任务。", "请检查任务编号；任务结束七天后会被删除。"),
        ["job-unfinished"] = ("任务还没有结束。", "请稍后再取结果。"),
        ["not-ready"] = ("服务器还没有准备好，或不再服务。", "请稍后再试。"),
        ["ledger-unavailable"] = ("账本现在无法回答。", "请稍后再试。"),
        ["internal"] = ("服务器内部出错。", "请把 traceId 告诉运营者。"),
    };

    public static string? Title(string code, Lang lang) =>
        lang.IsChinese && Chinese.TryGetValue(code, out (string Title, string Remedy) words) ? words.Title : null;

    public static string? Remedy(string code, Lang lang) =>
        lang.IsChinese && Chinese.TryGetValue(code, out (string Title, string Remedy) words) ? words.Remedy : null;
}
