using System.CommandLine;

namespace NumberLedger.Cli;

/// <summary>Options that every verb takes.</summary>
internal sealed class Globals
{
    private const string ServerVariable = "NUMBERLEDGER_SERVER";
    private const string DefaultServer = "http://127.0.0.1:5080";

    private readonly Option<string?> _server;
    private readonly Option<string?> _keyFile;
    private readonly Option<string?> _keyOf;
    private readonly Option<bool> _json;
    private readonly Option<string?> _lang;

    public Globals(Lang lang)
    {
        Lang = lang;
        _server = new("--server")
        {
            Recursive = true,
            HelpName = "url",
            Description = lang.Say(
                $"Where the ledger serves. Otherwise {ServerVariable}, otherwise {DefaultServer}.",
                $"账本服务的地址；不写则用环境变量 {ServerVariable}，再不然用 {DefaultServer}。"),
        };
        _server.Validators.Add(result =>
        {
            if (!TryServer(result.GetValueOrDefault<string>(), out _)) result.AddError(ServerMistake("--server"));
        });
        _keyFile = new("--key-file")
        {
            Recursive = true,
            HelpName = "file",
            Description = lang.Say(
                $"The access key, in a file of mode 0600. Otherwise {KeySource.Variable}.",
                $"存有访问密钥的文件，权限须为 0600；不写则用环境变量 {KeySource.Variable}。"),
        };
        _keyOf = new("--key-of")
        {
            Recursive = true,
            HelpName = "role",
            Description = lang.Say(
                "Whose key, of a file with several, as serve writes it: lender, carrier or operator.",
                "密钥文件里有多个密钥时（serve 写出的即是）用谁的：lender、carrier 或 operator。"),
        };
        _json = new("--json")
        {
            Recursive = true,
            Description = lang.Say("Tell the result, or what went wrong, as one JSON object.", "用一个 JSON 对象给出结果或错误。"),
        };
        _lang = new(Lang.OptionName)
        {
            Recursive = true,
            HelpName = $"{Lang.EnglishTag}|{Lang.ChineseTag}",
            Description = lang.Say("The language for people. Otherwise that of the locale.", "显示语言；不写则随系统区域设置。"),
        };
        _lang.AcceptOnlyFromAmong(Lang.EnglishTag, Lang.ChineseTag);
    }

    public Lang Lang { get; }

    public IEnumerable<Option> All => [_server, _keyFile, _keyOf, _json, _lang];

    /// <summary>Runs a verb, and tells its failures.</summary>
    public void SetAction(
        Command command, Func<ParseResult, Session, CancellationToken, Task<int>> verb) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = new Screen(Lang, parsed.GetValue(_json));
            try
            {
                var key = new KeySource(
                    parsed.GetValue(_keyFile), parsed.GetValue(_keyOf), Environment.GetEnvironmentVariable, Lang);
                return await verb(parsed, new Session(ServerOf(parsed), key, screen), cancellationToken);
            }
            catch (Exception cause) when (Failures.Of(cause, Lang, cancellationToken) is { } failure)
            {
                await screen.FailAsync(failure);
                return failure.ExitCode;
            }
        });

    private Uri ServerOf(ParseResult parsed)
    {
        string text = parsed.GetValue(_server)
            ?? (Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? server : DefaultServer);
        return TryServer(text, out Uri? url)
            ? url
            : throw new CliFailure(ExitCodes.Usage, ServerMistake(ServerVariable));
    }

    private string ServerMistake(string what) => Lang.Say(
        $"{what} takes one address, such as {DefaultServer}.", $"{what} 应为一个地址，例如 {DefaultServer}。");

    private static bool TryServer(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { PathAndQuery: "/", UserInfo: "" };
}
