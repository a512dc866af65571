using System.CommandLine;

namespace NumberLedger.Cli;

/// <summary>Options that every verb takes which sends a file.</summary>
internal sealed class FileArguments
{
    private readonly Lang _lang;

    public FileArguments(Lang lang, string file, string output)
    {
        _lang = lang;
        File = new("file")
        {
            Description = file,
            Arity = ArgumentArity.ZeroOrOne,
        };
        Output = new("--output", "-o") { HelpName = "file", Description = output };
        From = new("--from")
        {
            HelpName = string.Join('|', FileFormats.Names),
            Description = lang.Say("The file's format. Otherwise by the ending of its name, otherwise csv.", "文件的格式；不写则按扩展名，再不然为 csv。"),
        };
        From.AcceptOnlyFromAmong(FileFormats.Names);
        To = new("--to")
        {
            HelpName = string.Join('|', FileFormats.Names),
            Description = lang.Say("The answer's format. Otherwise by the ending of its name, otherwise as the file.", "结果的格式；不写则按扩展名，再不然与文件相同。"),
        };
        To.AcceptOnlyFromAmong(FileFormats.Names);
        Region = Arguments.Region(lang);
        Job = new("--job")
        {
            Description = lang.Say(
                "Let the server keep the file and work on it whether we watch or not; it survives both ends' restarts.",
                "让服务器保存文件并作为任务处理，不依赖本程序是否在运行；两端重启都不影响。"),
        };
        Resume = new("--resume")
        {
            HelpName = "job",
            Description = lang.Say("Watch a job of an earlier run, and fetch its answer.", "继续等待先前的任务，并取回结果。"),
        };
    }

    public Argument<string?> File { get; }

    public Option<string?> Output { get; }

    public Option<string?> From { get; }

    public Option<string?> To { get; }

    public Option<string?> Region { get; }

    public Option<bool> Job { get; }

    public Option<string?> Resume { get; }

    public void AddTo(Command command)
    {
        command.Add(File);
        foreach (Option option in new Option[] { Output, From, To, Region, Job, Resume }) command.Add(option);

        command.Validators.Add(result =>
        {
            bool hasFile = result.GetValue(File) is not null;
            bool resumes = result.GetValue(Resume) is not null;
            if (!hasFile && !resumes)
            {
                result.AddError(_lang.Say("Name a file; - is standard input.", "请写出文件名；- 表示标准输入。"));
            }
            else if (hasFile && resumes)
            {
                result.AddError(_lang.Say("The server has the file of a job: --resume takes none.", "任务的文件已在服务器上：用 --resume 时不要再写文件。"));
            }

            if (resumes && (result.GetValue(From) is not null || result.GetValue(To) is not null))
            {
                result.AddError(_lang.Say(
                    "A job has its formats: --resume takes neither --from nor --to.",
                    "任务的格式已定：用 --resume 时不要再写 --from 或 --to。"));
            }

            if (SameFile(result.GetValue(File), result.GetValue(Output)))
            {
                result.AddError(_lang.Say("The answer would take the place of the file.", "结果会覆盖原文件。"));
            }
        });
    }

    public FileOrder OrderOf(
        ParseResult parsed, string path, bool writes, params IEnumerable<(string Name, string? Value)> parameters)
    {
        string input = parsed.GetValue(File) ?? Arguments.Standard;
        string? output = parsed.GetValue(Output) is { } named && named != Arguments.Standard
            ? OutputPath.Usable(named, _lang) : null;
        RefuseUnreadable(input);
        FileFormat from = FileFormats.Of(parsed.GetValue(From), input) ?? FileFormat.Csv;
        FileFormat to = FileFormats.Of(parsed.GetValue(To), output) ?? from;
        return new FileOrder(
            path, writes, [.. parameters, ("region", parsed.GetValue(Region))], from, to, input, output);
    }

    /// <summary>What the ledger would take for one long bad line, or .NET would tell in words of its own.</summary>
    private void RefuseUnreadable(string input)
    {
        if (input == Arguments.Standard) return;

        if (Directory.Exists(input))
        {
            throw new CliFailure(ExitCodes.Usage, _lang.Say(
                $"{input} is a folder: name a file in it.", $"{input} 是文件夹，请写出其中的文件名。"));
        }

        if (!OutputPath.IsFile(input)) return;

        Span<byte> first = stackalloc byte[2];
        using FileStream file = System.IO.File.OpenRead(input);
        if (file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == 2 && first is [0x1F, 0x8B])
        {
            throw new CliFailure(ExitCodes.Usage, _lang.Say(
                $"{input} is compressed by gzip. Unpack it: gunzip -k {input}. "
                + $"Or send it as gzip -dc {input} | {CommandLine.Program} ... -",
                $"{input} 是 gzip 压缩文件。请先解压：gunzip -k {input}；或用 gzip -dc {input} | {CommandLine.Program} ... - 发送。"));
        }
    }

    private static bool SameFile(string? input, string? output) =>
        input is not null && output is not null && output != Arguments.Standard
        && Path.GetFullPath(input) == Path.GetFullPath(output);
}
