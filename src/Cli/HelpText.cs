using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary>Help in two languages, in the shape that the library's own has, which the server's verbs show.</summary>
internal sealed class HelpText(Lang lang) : SynchronousCommandLineAction
{
    private const int WidthMin = 40;
    private const int WidthMax = 100;
    private const int WidthIfUnknown = 80;

    /// <summary>A description that has less room beside its name stands below it.</summary>
    private const int BesideMin = 20;
    private const string NeverFirst = "，。；：、）”？！";
    private const string NeverLast = "（“";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int width = Console.IsOutputRedirected ? WidthIfUnknown : AnsiConsole.Profile.Width;
        parseResult.InvocationConfiguration.Output.Write(
            Of(parseResult.CommandResult.Command, Math.Clamp(width, WidthMin, WidthMax)));
        return ExitCodes.Ok;
    }

    private string Of(Command command, int width)
    {
        var text = new StringBuilder();
        Section(text, lang.Say("Description:", "说明："), [(command.Description ?? "", "")], width);
        Section(text, lang.Say("Usage:", "用法："), [(UsageOf(command), "")], width);
        Section(text, lang.Say("Arguments:", "参数："), command.Arguments.Select(
            argument => ($"<{argument.Name}>", argument.Description ?? "")), width);
        Section(
            text, lang.Say("Options:", "选项："),
            OptionsOf(command).Select(option => (NameOf(option), option.Description ?? "")), width);
        bool isRoot = !command.Parents.Any();
        Section(
            text, lang.Say("Commands:", "命令："),
            command.Subcommands.Select(verb => (Invocation(verb), verb.Description ?? "")), width);
        if (isRoot)
        {
            Section(
                text, lang.Say("Commands of the server, which touch a store:", "服务器的命令（用到存储）："),
                ServerVerbs.All(lang), width);
        }

        return text.ToString();
    }

    private static string Invocation(Command verb) =>
        string.Join(' ', [verb.Name, .. verb.Arguments.Select(argument => $"<{argument.Name}>")]);

    private string UsageOf(Command command)
    {
        List<string> path = [.. AndParents(command).Select(at => at.Name).Reverse()];
        if (command.Subcommands.Count > 0) path.Add(lang.Say("[command]", "[命令]"));
        path.AddRange(command.Arguments.Select(
            argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[<{argument.Name}>]" : $"<{argument.Name}>"));
        path.Add(lang.Say("[options]", "[选项]"));
        return string.Join(' ', path);
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        foreach (Option option in command.Options) yield return option;
        foreach (Option option in AndParents(command).Skip(1).SelectMany(at => at.Options))
        {
            if (option.Recursive) yield return option;
        }
    }

    private static IEnumerable<Command> AndParents(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault()) yield return at;
    }

    private string NameOf(Option option)
    {
        string names = string.Join(", ", [.. AliasesOf(option), option.Name]);
        string value = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? "" : $" <{option.HelpName ?? option.Name.TrimStart('-')}>";
        return names + value + (option.Required ? lang.Say(" (REQUIRED)", "（必填）") : "");
    }

    /// <summary>Those with a slash are for people from another system.</summary>
    private static IEnumerable<string> AliasesOf(Option option) =>
        option.Aliases.Where(alias => alias.StartsWith('-')).Order(StringComparer.Ordinal);

    private static void Section(
        StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows, int width)
    {
        (string Left, string Right)[] all = [.. rows];
        if (all.Length == 0) return;

        if (text.Length > 0) text.AppendLine();
        foreach (string line in Wrap(title, width - 1)) text.AppendLine(line);
        int left = all.Max(row => row.Left.GetCellWidth());
        bool isNarrow = width - left - 5 < BesideMin;
        foreach ((string name, string description) in all)
        {
            if (isNarrow || description.Length == 0)
            {
                foreach (string line in Wrap(name, width - 3)) text.AppendLine("  " + line);
                if (description.Length == 0) continue;

                foreach (string line in Wrap(description, width - 7)) text.AppendLine("      " + line);
                continue;
            }

            string[] lines = [.. Wrap(description, width - left - 5)];
            text.AppendLine($"  {Cells.Pad(name, left)}  {lines[0]}");
            foreach (string line in lines.Skip(1)) text.AppendLine(new string(' ', left + 4) + line);
        }
    }

    /// <summary>
    /// By columns of a terminal, of which a Chinese character takes two; it may be followed by a line break anywhere.
    /// </summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        int used = 0;
        foreach (string piece in Pieces(text))
        {
            int cells = piece.GetCellWidth();
            if (used + piece.TrimEnd().GetCellWidth() > width && used > 0)
            {
                yield return line.ToString().TrimEnd();
                line.Clear();
                used = 0;
            }

            line.Append(piece);
            used += cells;
        }

        yield return line.ToString().TrimEnd();
    }

    /// <summary>
    /// What must stay together: words with the space after them, and single wide characters with their punctuation.
    /// </summary>
    private static IEnumerable<string> Pieces(string text)
    {
        int from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool last = i == text.Length - 1;
            bool breaks = text[i] == ' ' || IsWide(text[i]) || (!last && IsWide(text[i + 1]));
            if (!last && (!breaks || NeverFirst.Contains(text[i + 1], StringComparison.Ordinal)
                || NeverLast.Contains(text[i], StringComparison.Ordinal)))
            {
                continue;
            }

            yield return text[from..(i + 1)];
            from = i + 1;
        }
    }

    private static bool IsWide(char character) => character >= '\u2E80';
}
