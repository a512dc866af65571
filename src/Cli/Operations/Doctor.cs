using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>Looks at a server from where its client is, with the client's key.</summary>
/// <remarks>
/// No call of the API says what a key may do. But scopes are judged before bodies: an empty object is answered with 400
/// or 422 where the key may call, with 403 where it may not, and records nothing anywhere.
/// </remarks>
internal sealed class Doctor(Session session)
{
    /// <summary>A consent or a refusal that is later than the ledger's clock by more is refused.</summary>
    private static readonly TimeSpan ClocksMayDiffer = TimeSpan.FromMinutes(5);

    private static readonly (string Scope, HttpMethod Method, string Path)[] Probes =
    [
        (Scopes.CheckNumbers, HttpMethod.Post, "/v1/checks"),
        (Scopes.CheckRecycling, HttpMethod.Post, "/number-recycling/v0.2/check"),
        (Scopes.WriteBindings, HttpMethod.Post, "/v1/bindings"),
        (Scopes.ReadBindings, HttpMethod.Get, "/v1/bindings?limit=1"),
        (Scopes.WriteOptOuts, HttpMethod.Post, "/v1/opt-outs"),
        (Scopes.WriteCarrierEvents, HttpMethod.Post, "/v1/carrier-events"),
        (Scopes.ReadHistory, HttpMethod.Post, "/v1/numbers/history"),
        (Scopes.ManageParties, HttpMethod.Get, "/v1/parties"),
        (Scopes.ManageRanges, HttpMethod.Post, "/v1/ranges"),
        (Scopes.ReadRanges, HttpMethod.Get, "/v1/ranges"),
        // With a parameter that it does not know: otherwise it would send all of the ledger.
        (Scopes.MakeBackups, HttpMethod.Get, "/v1/backup?limit=0"),
    ];

    private readonly Lang _lang = session.Lang;

    private string Address => session.Server.GetLeftPart(UriPartial.Authority);

    public async Task<List<Symptom>> ExamineAsync(CancellationToken cancellationToken)
    {
        List<Symptom> symptoms = [];
        (AccessKey? key, Symptom ofKey) = LookAtKey();
        using var client = new LedgerClient(session.Server, key, _lang);
        try
        {
            using HttpResponseMessage live = await client.TryAsync(
                HttpMethod.Get, "/health/live", null, null, cancellationToken);
            // Not of the first call, which connects, and compiles this program.
            long asked = Stopwatch.GetTimestamp();
            Symptom ready = await ReadyAsync(client, cancellationToken);
            symptoms.Add(Server(live, Stopwatch.GetElapsedTime(asked)));
            symptoms.Add(ready);
            if (live.Headers.Date is { } date) symptoms.Add(Clock(date));
            symptoms.Add(ofKey);
            if (key is not null) symptoms.Add(await ScopesAsync(client, cancellationToken));
        }
        catch (Exception cause) when (cause is HttpRequestException or TimeoutException)
        {
            string why = NetworkWords.Of(cause, _lang);
            symptoms.Add(new Symptom(
                "server", _lang.Say("server", "服务器"),
                _lang.Say($"{Address} does not answer: {why}", $"{Address} 没有应答：{why}"),
                ExitCodes.Unavailable,
                _lang.Say(
                    "Start it: ./run serve. Or name another with --server or NUMBERLEDGER_SERVER.",
                    "请启动服务：./run serve；或用 --server、NUMBERLEDGER_SERVER 指定别的地址。")));
            symptoms.Add(ofKey);
        }

        if (session.Server.Scheme == Uri.UriSchemeHttp && !session.Server.IsLoopback)
        {
            symptoms.Add(new Symptom(
                "transport", _lang.Say("transport", "传输"),
                _lang.Say("Key and numbers cross the network unencrypted.", "密钥和号码在网络上未加密传输。"),
                ExitCodes.Findings,
                _lang.Say("Name an https address: a proxy before the ledger ends TLS.", "请用 https 地址：由账本前面的代理处理 TLS。")));
        }

        return symptoms;
    }

    private Symptom Server(HttpResponseMessage live, TimeSpan took)
    {
        string title = _lang.Say("server", "服务器");
        string time = took.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        return live.IsSuccessStatusCode
            ? new("server", title, _lang.Say($"{Address} answers in {time} ms.", $"{Address} 有应答，{time} 毫秒。"))
            : new("server", title,
                _lang.Say(
                    $"{Address} answered {(int)live.StatusCode}, not as a ledger does.",
                    $"{Address} 回答了 {(int)live.StatusCode}，不像是账本。"),
                ExitCodes.Unavailable,
                _lang.Say("See that --server names the ledger.", "请检查 --server 是否指向账本。"));
    }

    private async Task<Symptom> ReadyAsync(LedgerClient client, CancellationToken cancellationToken)
    {
        string title = _lang.Say("ready", "就绪");
        using HttpResponseMessage ready = await client.TryAsync(
            HttpMethod.Get, "/health/ready", null, null, cancellationToken);
        if (ready.IsSuccessStatusCode) return new("ready", title, _lang.Say("It serves.", "正常服务。"));

        string body = await ready.Content.ReadAsStringAsync(cancellationToken);
        return new("ready", title,
            _lang.Say($"It does not serve: {DetailOf(body)}", $"不在服务：{DetailOf(body)}"), ExitCodes.Unavailable,
            _lang.Say("Wait, if it has just started. Otherwise its operator's log says more.", "如果刚启动，请稍候；否则请运营者查看日志。"));
    }

    private static string DetailOf(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["detail"]?.ToString() ?? body;
        }
        catch (JsonException)
        {
            return body.Length > 200 ? body[..200] : body;
        }
    }

    /// <summary>To a second: the server's date has no more.</summary>
    private Symptom Clock(DateTimeOffset date)
    {
        TimeSpan apart = (TimeProvider.System.GetUtcNow() - date).Duration();
        string seconds = Math.Floor(apart.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture);
        string title = _lang.Say("clocks", "时钟");
        return apart < ClocksMayDiffer
            ? new("clocks", title, _lang.Say($"{seconds} s apart.", $"相差 {seconds} 秒。"))
            : new("clocks", title,
                _lang.Say($"{seconds} s apart. The ledger refuses what is later than its own now.", $"相差 {seconds} 秒。晚于账本当前时间的内容会被拒绝。"),
                ExitCodes.Findings,
                _lang.Say("Set the clock of this machine, or of the server, by NTP.", "请用 NTP 校准本机或服务器的时钟。"));
    }

    private (AccessKey? Key, Symptom Symptom) LookAtKey()
    {
        string title = _lang.Say("key", "密钥");
        try
        {
            AccessKey key = session.Key.Read();
            return (key, new("key", title, _lang.Say($"{key.Id}, from {session.Key.Place}.", $"{key.Id}，来自 {session.Key.Place}。")));
        }
        catch (CliFailure failure)
        {
            return (null, new("key", title, failure.Message, ExitCodes.Findings));
        }
    }

    private async Task<Symptom> ScopesAsync(LedgerClient client, CancellationToken cancellationToken)
    {
        string title = _lang.Say("may", "权限");
        List<string> granted = [];
        foreach ((string scope, HttpMethod method, string path) in Probes)
        {
            JsonNode? body = method == HttpMethod.Post ? new JsonObject() : null;
            using HttpResponseMessage answer = await client.TryAsync(method, path, body, null, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                return new("scopes", title,
                    _lang.Say("The ledger does not know the key, or it was revoked.", "账本不认识这个密钥，或它已被吊销。"),
                    ExitCodes.Findings,
                    _lang.Say(
                        "Use a live key: an operator makes one with numberledger keys create.",
                        "请换用有效的密钥：运营者可用 numberledger keys create 发放。"));
            }

            if ((int)answer.StatusCode >= 500)
            {
                return new("scopes", title,
                    _lang.Say(
                        $"Not known: the ledger cannot answer now ({(int)answer.StatusCode}).",
                        $"不得而知：账本现在无法回答（{(int)answer.StatusCode}）。"),
                    ExitCodes.Unavailable,
                    _lang.Say("Ask again later. Its operator's log says more.", "请稍后再试；详情见运营者的日志。"));
            }

            if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound)) granted.Add(scope);
        }

        return granted.Count > 0
            ? new("scopes", title, $"{string.Join(' ', granted)}{RoleOf(granted)}")
            : new("scopes", title, _lang.Say("Nothing.", "没有任何权限。"), ExitCodes.Findings,
                _lang.Say("Ask the operator for a key with scopes.", "请向运营者要有权限的密钥。"));
    }

    /// <summary>
    /// The role whose every scope the key has, if that can be known: the API does not tell the party, and what is all
    /// that one role may is for another role a part.
    /// </summary>
    private string RoleOf(List<string> granted)
    {
        PartyRole[] mayBe = [.. Enum.GetValues<PartyRole>().Where(role => granted.All(Scopes.Of(role).Contains))];
        if (mayBe is not [var only] || Scopes.Of(only).Length != granted.Count) return "";

        string name = only.ToString().ToLowerInvariant();
        return _lang.Say($" (all that a party of role {name} may)", $"（角色 {name} 的全部权限）");
    }
}
