using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary><c>jobs</c>: what the server keeps of files that were sent with <c>--job</c>.</summary>
internal static class JobsCommand
{
    /// <summary>By the names that the verbs have which send the files.</summary>
    private static readonly (string Kind, string Path)[] Kinds =
    [
        ("scrub", "/v1/scrubs"),
        ("carrier", "/v1/carrier-files"),
        ("bindings", "/v1/bindings/files"),
    ];

    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        return new Command("jobs", lang.Say("List and delete jobs that the server keeps.", "查看、删除服务器保存的任务。"))
        {
            List(globals), Delete(globals),
        };
    }

    private static Command List(Globals globals)
    {
        Lang lang = globals.Lang;
        var kind = new Argument<string?>("kind")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = lang.Say(
                "scrub, carrier or bindings; all that the key may see, if it is not said.",
                "scrub、carrier 或 bindings；不写则列出密钥可见的全部任务。"),
        };
        kind.AcceptOnlyFromAmong([.. Kinds.Select(known => known.Kind)]);
        var command = new Command(
            "list", lang.Say(
                "Jobs of your party, the latest first; 100 are kept.",
                "贵方的任务，最近的在前；最多保存 100 个。")) { kind };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            string? chosen = parsed.GetValue(kind);
            using LedgerClient client = session.Connect();
            List<JsonNode> jobs = [];
            await EachAsync(Kinds.Where(known => chosen is null || chosen == known.Kind), "scope-missing", async path =>
            {
                JsonNode answer = await client.GetAsync(path, cancellationToken);
                jobs.AddRange(answer["jobs"]!.AsArray().Select(job => job!.DeepClone()));
                return false;
            });
            jobs = [.. jobs.OrderByDescending(Made)];
            if (session.Screen.Json) Screen.WriteJson(new JsonObject { ["jobs"] = new JsonArray([.. jobs]) });
            else Show(jobs, session.Screen);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Delete(Globals globals)
    {
        Lang lang = globals.Lang;
        var job = new Argument<string>("job")
        {
            Description = lang.Say("The job's id, as list shows it.", "任务编号，见 list。"),
        };
        // What has dots or slashes could be taken for another address.
        job.Validators.Add(result =>
        {
            string id = result.GetValueOrDefault<string>();
            if (id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')) return;

            result.AddError(lang.Say(
                "A job's id is job_ and 32 digits, as jobs list shows it.", "任务编号为 job_ 加 32 位，见 jobs list。"));
        });
        var command = new Command(
            "delete", lang.Say(
                "Cancel a job if it runs, and delete its file and its answer. What it recorded stands.",
                "取消任务（如在运行），并删除其文件和结果；已记录的内容不变。")) { job };
        globals.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(job);
            using LedgerClient client = session.Connect();
            // An id does not say of which kind its job is.
            await EachAsync(Kinds, "job-unknown", async path =>
            {
                await client.WriteAsync(
                    HttpMethod.Delete, $"{path}/{Uri.EscapeDataString(id)}", null, cancellationToken);
                return true;
            });
            if (session.Screen.Json) Screen.WriteJson(new JsonObject { ["id"] = id, ["deleted"] = true });
            else session.Screen.Note($"Job {id} is deleted.", $"任务 {id} 已删除。");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Asks for each kind. A key may do some of it; which, only the ledger knows.</summary>
    /// <param name="weightier">Of the ledger's noes, the one that is told rather than the other.</param>
    /// <param name="ask">True: that was it, the others need not be asked.</param>
    private static async Task EachAsync(
        IEnumerable<(string Kind, string Path)> kinds, string weightier, Func<string, Task<bool>> ask)
    {
        CliFailure? no = null;
        bool answered = false;
        foreach ((_, string path) in kinds)
        {
            try
            {
                if (await ask(path)) return;

                answered = true;
            }
            catch (CliFailure failure) when (failure.Code is "scope-missing" or "job-unknown")
            {
                if (no is null || failure.Code == weightier) no = failure;
            }
        }

        if (!answered && no is not null) throw no;
    }

    private static void Show(List<JsonNode> jobs, Screen screen)
    {
        Lang lang = screen.Lang;
        if (jobs.Count == 0)
        {
            screen.Note("The server keeps no job of yours.", "服务器没有贵方的任务。");
            return;
        }

        Table table = Screen.NewTable(
            Screen.Head(lang.Say("Job", "任务")), Screen.Head(lang.Say("Kind", "类别")),
            Screen.Head(lang.Say("Status", "状态")), Screen.Head(lang.Say("Made", "创建于")),
            Screen.Head(lang.Say("Lines", "行")).RightAligned(), Screen.Head(lang.Say("Done", "进度")).RightAligned());
        foreach (JsonNode job in jobs)
        {
            table.AddRow(
                new Text($"{job["id"]}"), new Text(KindOf(job)), new Text($"{job["status"]}"),
                new Text(Instants.Told(job["createdAt"])), new Text(Whole(job["rows"])), new Text(Done(job)));
        }

        if (screen.HasRoomFor(table)) screen.Out.Write(table);
        else ShowNarrow(jobs, screen);
    }

    /// <summary>An id that is broken could not be copied: it has a line, and all else the next.</summary>
    private static void ShowNarrow(List<JsonNode> jobs, Screen screen)
    {
        foreach (JsonNode job in jobs)
        {
            string lines = Whole(job["rows"]);
            string told = string.Join("  ", new[]
            {
                KindOf(job), $"{job["status"]}", Done(job), screen.Lang.Say(Lang.Lines(lines), $"{lines} 行"),
                Instants.Told(job["createdAt"]),
            }.Where(word => word.Length > 0));
            screen.Out.WriteLine($"{job["id"]}", new Style(decoration: Decoration.Bold));
            screen.Out.Write(new Padder(new Text(told), new Padding(2, 0, 0, 0)));
        }
    }

    private static string Made(JsonNode job) => $"{job["createdAt"]}";

    /// <summary>As the verbs have it: the ledger calls them scrub, carrier_file, binding_file.</summary>
    private static string KindOf(JsonNode job) => $"{job["kind"]}" switch
    {
        "carrier_file" => "carrier",
        "binding_file" => "bindings",
        string kind => kind,
    };

    private static string Whole(JsonNode? count) =>
        (count?.GetValue<long>() ?? 0).ToString("N0", CultureInfo.InvariantCulture);

    private static string Done(JsonNode job)
    {
        double bytes = job["bytes"]?.GetValue<double>() ?? 0;
        double read = job["bytesRead"]?.GetValue<double>() ?? 0;
        return bytes > 0 ? Math.Floor(read / bytes * 100).ToString("0", CultureInfo.InvariantCulture) + "%" : "";
    }
}
