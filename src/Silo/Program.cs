using System.CommandLine;
using System.CommandLine.Invocation;
using NumberLedger.Silo;

// Verbs that touch a store. One file each, by folder. A client's verbs are those of src/Cli.
var root = new RootCommand("The ledger of who may still be texted at a phone number.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    SeedCommand.Create(),
    FsckCommand.Create(),
    StoreCommand.Create(),
    RestoreCommand.Create(),
    BackupCommand.Create(), // Of a stopped ledger; of one that serves it is a client's.
};

ParseResult parsed = root.Parse(args);
// A server drains before it ends: the service manager's patience counts, not the command line's two seconds.
int exitCode = await parsed.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

// A mistake on the command line, as in src/Cli: what a verb itself ends with is told apart from it.
return parsed.Action is ParseErrorAction ? 2 : exitCode;
