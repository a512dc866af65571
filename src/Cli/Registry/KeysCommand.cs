using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary><c>keys</c>: an operator lists, makes and revokes a party's access keys.</summary>
internal static class KeysCommand
{
    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        return new Command(
            "keys", lang.Say("List, make and revoke a party's access keys (operators).", "查看、发放、吊销参与方的访问密钥（运营者）。"))
        {
            List(globals), Make(globals), Revoke(globals),
        };
    }

    private static Argument<string> Party(Lang lang) => new("party")
    {
        Description = lang.Say("The party's id.", "参与方的名称。"),
    };

    private static string PathOf(string party) => $"/v1/parties/{Uri.EscapeDataString(party)}/keys";

    private static Command List(Globals globals)
    {
        Lang lang = globals.Lang;
        Argument<string> party = Party(lang);
        var command = new Command(
            "list", lang.Say("Which keys it has or had; never the keys themselves.", "列出它有过哪些密钥，不含密钥本身。")) { party };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            using LedgerClient client = session.Connect();
            JsonNode answer = await client.GetAsync(PathOf(parsed.GetRequiredValue(party)), cancellationToken);
            if (session.Screen.Json) Screen.WriteJson(answer);
            else Show(answer["keys"]!.AsArray(), session.Screen);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(JsonArray keys, Screen screen)
    {
        Lang lang = screen.Lang;
        Table table = Screen.NewTable(
            Screen.Head(lang.Say("Key", "密钥")).NoWrap(), Screen.Head(lang.Say("Made", "发放于")).NoWrap(),
            Screen.Head(lang.Say("Revoked", "吊销于")).NoWrap(), Screen.Head(lang.Say("May", "权限")));
        foreach (JsonNode? key in keys)
        {
            string revoked = Instants.Told(key!["revokedAt"]);
            var style = new Style(decoration: revoked.Length == 0 ? Decoration.None : Decoration.Dim);
            table.AddRow(
                new Text(key["keyId"]!.GetValue<string>(), style),
                new Text(Instants.Told(key["addedAt"]), style),
                new Text(revoked, style),
                new Text(string.Join(' ', key["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>())), style));
        }

        screen.Out.Write(table);
    }

    private static Command Make(Globals globals)
    {
        Lang lang = globals.Lang;
        Argument<string> party = Party(lang);
        var scopes = new Option<string[]>("--scope")
        {
            HelpName = "scope",
            AllowMultipleArgumentsPerToken = true,
            Description = lang.Say("What the key may do; all of the party's role, if it is not said.", "密钥的权限，可写多个；不写则为该角色的全部权限。"),
        };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "file",
            Description = lang.Say(
                "Write the key into this new file, mode 0600, instead of standard output.", "把密钥写入这个新文件（权限 0600），而不是标准输出。"),
        };
        var command = new Command(
            "create", lang.Say("Make a key. It is told once, here.", "发放一个密钥；只在这里显示一次。")) { party, scopes, output };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            // Opened before the key is made: one that could not be written down would be lost, and alive.
            string? path = parsed.GetValue(output);
            await using FileStream? file = path is null ? null : Create(path);
            try
            {
                var wish = new JsonObject();
                if (parsed.GetValue(scopes) is { Length: > 0 } chosen)
                {
                    wish["scopes"] = new JsonArray([.. chosen.Select(scope => (JsonNode)scope)]);
                }

                using LedgerClient client = session.Connect();
                JsonNode answer = await client.WriteAsync(
                    HttpMethod.Post, PathOf(parsed.GetRequiredValue(party)), wish, cancellationToken);
                try
                {
                    if (file is not null) await KeepAsync(file, answer);
                    Tell(answer, path, session.Screen);
                }
                catch (IOException cause)
                {
                    throw Lost(lang, answer["keyId"]!.GetValue<string>(), parsed.GetRequiredValue(party), cause);
                }

                return ExitCodes.Ok;
            }
            catch when (file is { Length: 0 })
            {
                File.Delete(path!);
                throw;
            }
        });
        return command;
    }

    /// <summary>It was told once, and nobody has it: it must not stay alive.</summary>
    private static CliFailure Lost(Lang lang, string id, string party, IOException cause) => new(
        ExitCodes.Failed,
        lang.Say(
            $"Key {id} was made, but could not be written down whole ({cause.Message}), and is not told again. "
            + $"Revoke it: {CommandLine.Program} keys revoke {party} {id}. Then make another.",
            $"密钥 {id} 已发放，但没能完整写出（{cause.Message}），也不会再次显示。"
            + $"请先吊销：{CommandLine.Program} keys revoke {party} {id}，再重新发放。"),
        cause: cause);

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static async Task KeepAsync(FileStream file, JsonNode answer)
    {
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer["key"]!.GetValue<string>() + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static void Tell(JsonNode answer, string? path, Screen screen)
    {
        if (path is not null) answer.AsObject().Remove("key");
        if (screen.Json)
        {
            Screen.WriteJson(answer);
        }
        else if (path is null)
        {
            // Alone, so that it can be piped to where it is kept.
            Console.Out.WriteLine(answer["key"]!.GetValue<string>());
        }
        else
        {
            screen.Note($"Key {answer["keyId"]} is in {path}.", $"密钥 {answer["keyId"]} 已写入 {path}。");
        }
    }

    private static Command Revoke(Globals globals)
    {
        Lang lang = globals.Lang;
        Argument<string> party = Party(lang);
        var keyId = new Argument<string>("key-id")
        {
            Description = lang.Say("Of the key: 16 digits, as list shows them.", "密钥编号，16 位，见 list。"),
        };
        var command = new Command(
            "revoke", lang.Say("Revoke a key: it lets nobody in from then on.", "吊销一个密钥，立即失效。")) { party, keyId };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(keyId);
            using LedgerClient client = session.Connect();
            await client.WriteAsync(
                HttpMethod.Delete, $"{PathOf(parsed.GetRequiredValue(party))}/{Uri.EscapeDataString(id)}", null,
                cancellationToken);
            if (session.Screen.Json) Screen.WriteJson(new JsonObject { ["keyId"] = id, ["revoked"] = true });
            else session.Screen.Note($"Key {id} is revoked.", $"密钥 {id} 已吊销。");
            return ExitCodes.Ok;
        });
        return command;
    }
}
