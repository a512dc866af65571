namespace NumberLedger.Cli;

/// <summary>
/// The problems that somebody at a terminal meets most, in Chinese; and in English what to do where this program has a
/// verb or an option for it. For all others the server's own words are shown, which speak of the API.
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
        ["header-missing"] = ("文件没有写列名的首行。", "请以 number,purpose,date 这样的一行开头。"),
        ["column-required"] = ("文件缺少必需的列。", "请在首行写出列名，区分大小写。"),
        ["column-unknown"] = ("文件里有账本不认识的列。", "请删除这一列，或改正列名。"),
        ["column-duplicated"] = ("文件里有两列同名。", "请给其中一列改名。"),
        ["line-too-long"] = ("这一行太长。", "一行最多 65536 字节。"),
        ["quote-malformed"] = ("引号没有成对，或后面不是逗号。", "请补上引号；字段里的引号要写两个。"),
        ["fields-missing"] = ("这一行的字段比列少。", "空字段也要写出来；含逗号的字段要加引号。"),
        ["fields-too-many"] = ("这一行的字段比列多。", "含逗号的字段要加引号。"),
        ["line-malformed"] = ("这一行不是一个 JSON 对象。", "请每行写一个对象。"),
        ["member-required"] = ("缺少必需的内容。", "请补上。"),
        ["member-unknown"] = ("有账本不认识的内容。", "请删除，或改正名称。"),
        ["value-unknown"] = ("有一个值不在可选值之中。", "请改用可选的值。"),
        ["parameter-malformed"] = ("有一个选项的值不能用。", "请改用可选的值。"),
        ["body-malformed"] = ("内容无法识别。", "请检查文件是否完整。"),
        ["body-too-large"] = ("文件太大。", "请分成几个文件。"),
        ["number-not-held"] = ("这个号码当天不归贵方上报。", "只有持有该号段或携入该号码的运营商可以上报。"),
        ["effective-in-future"] = ("日期晚于明天（UTC）。", "请在发生之后再上报，最早提前一天。"),
        ["event-id-reused"] = ("事件编号已用于该号码的另一个事件。", "新事件请用新编号。"),
        ["complete-through-in-future"] = ("不能声明将来的日期已上报完整。", "请写今天（UTC）或更早的日期。"),
        ["jobs-too-many"] = ("贵方保存的任务已达上限。", "请先用 numberledger jobs list 查看、jobs delete 删除；最多 100 个，已结束的也算。"),
        ["job-bytes-too-many"] = ("贵方任务的文件和结果占用空间已达上限。", "请先用 numberledger jobs delete 删除任务，或不加 --job 发送。"),
        ["storage-full"] = ("服务器没有空间保存文件或结果。", "请告诉运营者，并用 numberledger jobs delete 删除不需要的任务，或不加 --job 发送。"),
        ["too-many-backups"] = ("同时进行的备份太多。", "请等其中一个结束后再试。"),
        ["backup-elsewhere"] = (
            "这个账本存在数据库里，要用别的方式备份。",
            "PostgreSQL 请用 pg_basebackup 或 pg_dump；Azure Tables 请先用 store copy 复制到文件夹，再备份。见 docs/operating/backup.md。"),
        ["job-failed"] = ("任务失败，没有结果。", "请重新发送文件。"),
        ["column-reserved"] = ("文件里已经有账本要添加的列。", "请把 verdict、reason、advisories、as_of 等列改名或删除。"),
        ["media-type-unsupported"] = ("账本不接受这种格式的文件。", "请用 UTF-8 的 CSV 或 NDJSON。"),
        ["party-unknown"] = ("账本里没有这个参与方。", "请检查名称。"),
        ["key-unknown"] = ("这个参与方没有这样的密钥。", "请用 numberledger keys list 查看。"),
        ["keys-too-many"] = ("这个参与方的有效密钥已达上限。", "请先吊销一个。"),
        ["feeds-too-many"] = ("贵方单独报告的号段已达上限。", "请合并成更大的号段再报告。"),
        ["scope-of-other-role"] = ("这项权限不属于该参与方的角色。", "请只选该角色的权限，或不写 --scope。"),
        ["job-unknown"] = ("贵方没有这样的任务。", "请用 numberledger jobs list 查看；任务结束七天后会被删除。"),
        ["job-unfinished"] = ("任务还没有结束。", "请用 --resume 等待结果。"),
        ["not-ready"] = ("服务器还没有准备好，或不再服务。", "请稍后再试。"),
        ["ledger-unavailable"] = ("账本现在无法回答。", "请稍后再试。"),
        ["internal"] = ("服务器内部出错。", "请把 traceId 告诉运营者。"),
    };

    /// <summary>The server's own words name what it is about.</summary>
    private static readonly string[] Named =
        ["column-required", "column-unknown", "value-unknown", "parameter-malformed"];

    private static readonly Dictionary<string, string> EnglishRemedies = new(StringComparer.Ordinal)
    {
        ["credential-missing"] = "Set NUMBERLEDGER_KEY, or name a file that holds the key with --key-file.",
        ["scope-missing"] = "Use a key that may; numberledger doctor shows what yours may do.",
        ["number-no-plus"] = "Write it with its country's code: +8613800001234. For national numbers add --region CN.",
        ["key-unknown"] = "See which there are: numberledger keys list PARTY.",
        ["scope-of-other-role"] = "Leave --scope out for all of the role's, or name some of them.",
        ["job-unknown"] = "See which there are: numberledger jobs list. A job is gone seven days after it ended.",
        ["job-unfinished"] = "Wait for it: --resume does.",
        ["jobs-too-many"] = "Delete one first: numberledger jobs list shows them, jobs delete JOB deletes. "
            + "100 are kept, those that ended included.",
        ["job-bytes-too-many"] = "Delete one first: numberledger jobs list shows them, jobs delete JOB deletes. "
            + "Or send the file without --job, which keeps nothing.",
        ["storage-full"] = "Tell the operator, and delete jobs that you do not need: numberledger jobs list. "
            + "Or send the file without --job, which keeps nothing.",
    };

    public static string? Title(string code, Lang lang) =>
        lang.IsChinese && Chinese.TryGetValue(code, out (string Title, string Remedy) words) ? words.Title : null;

    /// <param name="told">What the server says of it.</param>
    public static string Remedy(string code, Lang lang, string told)
    {
        if (!lang.IsChinese) return EnglishRemedies.GetValueOrDefault(code, told);
        if (!Chinese.TryGetValue(code, out (string Title, string Remedy) words)) return told;

        return told.Length > 0 && Named.Contains(code) ? $"{words.Remedy}服务器说明：{told}" : words.Remedy;
    }
}
