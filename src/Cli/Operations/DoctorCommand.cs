using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary><c>doctor</c>: can this program work with that ledger, and if not, what is to be done?</summary>
internal static class DoctorCommand
{
    public static Command Create(Globals globals)
    {
        Lang lang = globals.Lang;
        var command = new Command(
            "doctor", lang.Say("Look at the server, the clocks and the access key, and say what to do.", "检查服务器、时钟和访问密钥，并说明该怎么办。"));
        globals.SetAction(command, async (_, session, cancellationToken) =>
        {
            List<Symptom> symptoms = await new Doctor(session).ExamineAsync(cancellationToken);
            if (session.Screen.Json) Screen.WriteJson(JsonOf(symptoms));
            else Show(symptoms, session.Screen);

            return symptoms.Max(symptom => symptom.ExitCode);
        });
        return command;
    }

    private static JsonObject JsonOf(List<Symptom> symptoms) => new()
    {
        ["well"] = symptoms.TrueForAll(symptom => symptom.ExitCode == ExitCodes.Ok),
        ["checks"] = new JsonArray([.. symptoms.Select(symptom =>
        {
            var told = new JsonObject
            {
                ["name"] = symptom.Name,
                ["ok"] = symptom.ExitCode == ExitCodes.Ok,
                ["detail"] = symptom.Told,
            };
            if (symptom.Remedy is { } remedy) told["remedy"] = remedy;
            return told;
        })]),
    };

    private static void Show(List<Symptom> symptoms, Screen screen)
    {
        Table table = Screen.NewTable(new(""), new TableColumn("").NoWrap(), new("")).HideHeaders();
        foreach (Symptom symptom in symptoms)
        {
            bool ok = symptom.ExitCode == ExitCodes.Ok;
            table.AddRow(
                new Text(ok ? "✓" : "✗", new Style(ok ? Color.Green : Color.Red)),
                new Text(symptom.Title, new Style(decoration: Decoration.Bold)),
                new Text(symptom.Told));
            if (symptom.Remedy is { } remedy) table.AddRow(new Text(""), new Text(""), new Text("→ " + remedy));
        }

        screen.Out.Write(table);
    }
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">For programs; never translated.</param>
/// <param name="ExitCode">0: it is well.</param>
internal sealed record Symptom(
    string Name, string Title, string Told, int ExitCode = ExitCodes.Ok, string? Remedy = null);
