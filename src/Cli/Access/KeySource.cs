using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>Where the access key comes from: a file that only its owner may read, or the environment.</summary>
/// <param name="File">Of <c>--key-file</c>; it has precedence over the environment.</param>
/// <param name="Of">
/// Whose key of a file with several, as <c>serve --keys-out</c> writes it: lender, carrier, operator.
/// </param>
internal sealed record KeySource(string? File, string? Of, Func<string, string?> Environment, Lang Lang)
{
    public const string Variable = "NUMBERLEDGER_KEY";

    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Where it was looked for, for people.</summary>
    public string Place => File ?? Variable;

    /// <exception cref="CliFailure">There is none, or it cannot be used; how to mend it is in the message.</exception>
    public AccessKey Read()
    {
        string text = File is not null ? ReadFile(File) : ReadVariable();
        return AccessKey.TryParse(text.Trim(), out AccessKey key)
            ? key
            : throw Unusable(
                $"{Place} does not hold an access key: nl_ and 88 hexadecimal digits, the last of which are a checksum. Copy it again.",
                $"{Place} 里不是访问密钥：应为 nl_ 加 88 位十六进制数字，末尾几位是校验码。请重新复制。");
    }

    private string ReadVariable()
    {
        if (Of is not null)
        {
            throw Unusable(
                "--key-of chooses from a file: name it with --key-file.", "--key-of 从文件中选择密钥：请用 --key-file 指定文件。");
        }

        return Environment(Variable) is { Length: > 0 } key
            ? key
            : throw Unusable(
                $"There is no access key. Put it into the environment as {Variable}, or into a file of mode 0600 and name that with --key-file.",
                $"没有访问密钥。请设置环境变量 {Variable}，或把密钥存入权限为 0600 的文件，并用 --key-file 指定。");
    }

    private string ReadFile(string path)
    {
        string text;
        try
        {
            // Judged before it is read: a key that others could read is to be replaced, not used.
            if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & OthersMay) != UnixFileMode.None)
            {
                throw Unusable(
                    $"{path} can be read by others. Remedy: chmod 600 {path}. If somebody may have read it, have the key revoked.",
                    $"{path} 能被其他用户读取。请执行 chmod 600 {path}；如果可能已被人看到，请吊销这个密钥。");
            }

            text = System.IO.File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            string why = Failures.Of(cause, Lang, CancellationToken.None)!.Message;
            throw Unusable($"The key cannot be read. {why}", $"无法读取密钥。{why}");
        }

        return text.TrimStart().StartsWith('{') ? OfSeveral(path, text) : text;
    }

    private string OfSeveral(string path, string text)
    {
        JsonObject? keys = null;
        try
        {
            keys = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Told below.
        }

        string names = string.Join(", ", keys?.Select(pair => pair.Key) ?? []);
        if (names.Length == 0)
        {
            throw Unusable($"{path} is not a file of keys.", $"{path} 不是密钥文件。");
        }

        if (Of is null)
        {
            throw Unusable(
                $"{path} holds keys of several: {names}. Choose one with --key-of.",
                $"{path} 里有多个密钥：{names}。请用 --key-of 选一个。");
        }

        return keys![Of] is JsonObject named && named["key"] is JsonValue value && value.TryGetValue(out string? key)
            ? key
            : throw Unusable(
                $"{path} holds no key of {Of}; it has: {names}.", $"{path} 里没有 {Of} 的密钥，只有：{names}。");
    }

    private CliFailure Unusable(string english, string chinese) => new(ExitCodes.Usage, Lang.Say(english, chinese));
}
