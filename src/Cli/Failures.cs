namespace NumberLedger.Cli;

/// <summary>What went wrong, in words and as an exit code. Of a bug nothing: it is shown with its stack.</summary>
internal static class Failures
{
    public static CliFailure? Of(Exception cause, Lang lang, CancellationToken cancellationToken) => cause switch
    {
        CliFailure failure => failure,
        OperationCanceledException when cancellationToken.IsCancellationRequested =>
            new(ExitCodes.Interrupted, lang.Say("Interrupted.", "已中断。")),
        HttpRequestException or TimeoutException => new(
            ExitCodes.Unavailable,
            lang.Say(
                $"The ledger cannot be reached: {NetworkWords.Of(cause, lang)}. numberledger doctor tells more.",
                $"无法连接账本：{NetworkWords.Of(cause, lang)}。可用 numberledger doctor 检查。")),
        OutputException => new(
            ExitCodes.Failed,
            lang.Say(
                $"Standard output takes no more ({cause.Message}): what was written there is not whole.",
                $"标准输出无法再写入（{cause.Message}），已写出的内容不完整。")),
        FileNotFoundException { FileName: { } file } => new(
            ExitCodes.Failed, lang.Say($"There is no file {file}.", $"找不到文件 {file}。")),
        // .NET puts the path between quotes, and has no other place for it.
        DirectoryNotFoundException => new(
            ExitCodes.Failed,
            lang.Say($"There is no such folder: {PathIn(cause)}", $"文件夹不存在：{PathIn(cause)}")),
        UnauthorizedAccessException => new(
            ExitCodes.Failed, lang.Say($"This may not be opened: {PathIn(cause)}", $"没有权限打开：{PathIn(cause)}")),
        IOException when cause.Message.EndsWith("already exists.", StringComparison.Ordinal) => new(
            ExitCodes.Failed,
            lang.Say(
                $"{PathIn(cause)} is there already, and is not written over.", $"{PathIn(cause)} 已存在，不会覆盖。")),
        IOException when cause.Message.Contains("used by another process", StringComparison.Ordinal) => new(
            ExitCodes.Failed,
            lang.Say(
                $"{PathIn(cause)} is in use by another run. Wait for it, or name another -o.",
                $"{PathIn(cause)} 正被另一次运行使用。请等它结束，或用 -o 写别的文件。")),
        IOException => new(ExitCodes.Failed, cause.Message),
        System.Text.Json.JsonException => new(
            ExitCodes.Failed,
            lang.Say("The server answered, and not as a ledger does. Is --server right?", "服务器的回答不像是账本的。--server 写对了吗？")),
        _ => null,
    };

    private static string PathIn(Exception cause) =>
        cause.Message.Split('\'') is { Length: >= 3 } parts ? string.Join('\'', parts[1..^1]) : cause.Message;
}
