using System.CommandLine;
using System.Globalization;

namespace NumberLedger.Cli;

/// <summary>Arguments and options that several verbs take.</summary>
internal static class Arguments
{
    /// <summary>In place of a file or a number: standard input, or standard output.</summary>
    public const string Standard = "-";

    private static readonly string[] Purposes = ["marketing", "servicing", "collection", "verification"];

    public static Argument<string> Number(Lang lang) => new("number")
    {
        Description = lang.Say(
            "In E.164: +8613800001234. With - it is read from standard input, and is seen in no list of processes.",
            "E.164 格式：+8613800001234。写 - 则从标准输入读取，不会出现在进程列表里。"),
    };

    /// <summary>The number as it was given, or as standard input has it.</summary>
    public static async Task<string> ReadNumberAsync(string given, Lang lang, CancellationToken cancellationToken)
    {
        if (given != Standard) return given;

        bool isAsked = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        if (isAsked) await Console.Error.WriteAsync(lang.Say("Number: ", "号码："));
        try
        {
            // The read itself cannot be cancelled, also where it says that it can.
            string? line = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            return (line ?? "").Trim();
        }
        catch (OperationCanceledException) when (isAsked)
        {
            await Console.Error.WriteLineAsync();
            throw;
        }
    }

    public static Option<string> Purpose(Lang lang, string description, bool required)
    {
        var option = new Option<string>("--purpose")
        {
            Required = required,
            HelpName = "purpose",
            Description = Lang.Join(description, string.Join(lang.Say(", ", "、"), Purposes) + lang.Say(".", "。")),
        };
        option.AcceptOnlyFromAmong(Purposes);
        return option;
    }

    public static Option<string?> Day(Lang lang, string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "day", Description = description };
        option.Validators.Add(result =>
        {
            if (!DateOnly.TryParseExact(
                    result.GetValueOrDefault<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture,
                    DateTimeStyles.None, out _))
            {
                result.AddError(lang.Say($"{name} takes a day, such as 2026-03-01.", $"{name} 应为日期，例如 2026-03-01。"));
            }
        });
        return option;
    }

    public static Option<string?> OnBehalfOf(Lang lang) => new("--on-behalf-of")
    {
        HelpName = "party",
        Description = lang.Say("The lender that an agency asks for.", "代理机构替哪家贷款机构查询。"),
    };

    public static Option<string?> Region(Lang lang) => new("--region")
    {
        HelpName = "code",
        Description = lang.Say("Take national formats of this region too, such as CN.", "也接受这个地区的本国号码写法，例如 CN。"),
    };

    /// <returns>With the question mark; empty without parameters. Those that are null are left out.</returns>
    public static string Query(params IEnumerable<(string Name, string? Value)> parameters)
    {
        string query = string.Join('&', parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }
}
