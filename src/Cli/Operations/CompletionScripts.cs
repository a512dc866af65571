using System.CommandLine;
using System.Text;

namespace NumberLedger.Cli;

/// <summary>
/// What shells need to complete: for each path of verbs, the words that may follow. Files complete as ever.
/// </summary>
/// <remarks>The scripts hold the words themselves: nothing is started while somebody types.</remarks>
internal static class CompletionScripts
{
    private const string Program = CommandLine.Program;

    public static string Bash(Command root) => $$"""
        # {{Program}} completion bash
        _{{Program}}() {
          local current=${COMP_WORDS[COMP_CWORD]} path= word words
          for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
            case $word in -*) ;; *) case "$path $word" in
        {{Paths(root, "      ")}}
            esac ;; esac
          done
          case $path in
        {{Cases(root, "    ", "words=\"", "\"")}}
          esac
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        }
        complete -o default -F _{{Program}} {{Program}} ./run

        """;

    public static string Zsh(Command root) => $$"""
        #compdef {{Program}}
        # {{Program}} completion zsh
        _{{Program}}() {
          local path_= word
          local -a choices
          for word in "${(@)words[2,CURRENT-1]}"; do
            case $word in -*) ;; *) case "$path_ $word" in
        {{Paths(root, "      ").Replace("path=", "path_=", StringComparison.Ordinal)}}
            esac ;; esac
          done
          case $path_ in
        {{Cases(root, "    ", "choices=(", ")")}}
          esac
          compadd -a choices
          [[ $words[CURRENT] == -* ]] || _files
        }
        compdef _{{Program}} {{Program}} ./run

        """;

    public static string Fish(Command root)
    {
        var script = new StringBuilder($"# {Program} completion fish\n");
        string verbs = string.Join(' ', Verbs(root));
        script.Append($"complete -c {Program} -n __fish_use_subcommand -a '{verbs}'\n");
        foreach ((string path, IReadOnlyList<string> words) in Tree(root).Where(node => node.Path.Length > 0))
        {
            string condition = string.Join(
                "; and ", path.Trim().Split(' ').Select(verb => $"__fish_seen_subcommand_from {verb}"));
            script.Append($"complete -c {Program} -n '{condition}' -a '{string.Join(' ', words)}'\n");
        }

        return script.ToString();
    }

    /// <summary>Lines that walk from one path of verbs to the next.</summary>
    private static string Paths(Command root, string indent) => string.Join(
        '\n', Tree(root).Where(node => node.Path.Length > 0).Select(node => $"{indent}\"{node.Path}\") path=\"{node.Path}\" ;;"));

    private static string Cases(Command root, string indent, string before, string after) => string.Join(
        '\n', Tree(root).Select(node => $"{indent}\"{node.Path}\") {before}{string.Join(' ', node.Words)}{after} ;;"));

    /// <summary>Of each path, such as " import carrier", what may follow.</summary>
    private static IEnumerable<(string Path, IReadOnlyList<string> Words)> Tree(Command root)
    {
        string[] everywhere = [.. root.Options.Where(option => option.Recursive).Select(option => option.Name)];
        return Walk(root, "", everywhere);
    }

    private static IEnumerable<(string Path, IReadOnlyList<string> Words)> Walk(
        Command command, string path, string[] everywhere)
    {
        string[] own = [.. command.Options.Select(option => option.Name), .. everywhere];
        string[] values =
        [
            .. command.Arguments.SelectMany(argument => argument.GetCompletions(
                System.CommandLine.Completions.CompletionContext.Empty)).Select(item => item.Label),
        ];
        IEnumerable<string> verbs = path.Length == 0 ? Verbs(command) : command.Subcommands.Select(verb => verb.Name);
        yield return (path, [.. verbs, .. values, .. own.Distinct()]);
        foreach (Command verb in command.Subcommands)
        {
            foreach ((string, IReadOnlyList<string>) node in Walk(verb, $"{path} {verb.Name}", everywhere))
            {
                yield return node;
            }
        }
    }

    private static IEnumerable<string> Verbs(Command root) =>
        root.Subcommands.Select(verb => verb.Name).Concat(ServerVerbs.Names);
}
