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
        FileFormat from = FileFormats.Of(parsed.GetValue(From), input) ?? FileFormat.Csv;
        FileFormat to = FileFormats.Of(parsed.GetValue(To), output) ?? from;
        return new FileOrder(
            path, writes, [.. parameters, ("region", parsed.GetValue(Region))], from, to, input, output);
    }

    private static bool SameFile(string? input, string? output) =>
        input is not null && output is not null && output != Arguments.Standard
        && Path.GetFullPath(input) == Path.GetFullPath(output);
}
