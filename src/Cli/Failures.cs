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
                $"The ledger cannot be reached: {cause.Message}. numberledger doctor tells more.",
                $"无法连接账本：{cause.Message}。可用 numberledger doctor 检查。")),
        OutputException => new(
            ExitCodes.Failed,
            lang.Say(
                $"Standard output takes no more ({cause.Message}): what was written there is not whole.",
                $"标准输出无法再写入（{cause.Message}），已写出的内容不完整。")),
        IOException or UnauthorizedAccessException => new(ExitCodes.Failed, cause.Message),
        System.Text.Json.JsonException => new(
            ExitCodes.Failed,
            lang.Say("The server answered, and not as a ledger does. Is --server right?", "服务器的回答不像是账本的。--server 写对了吗？")),
        _ => null,
    };
}
