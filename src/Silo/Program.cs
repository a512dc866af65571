using System.CommandLine;
using NumberLedger.Silo;

// Verbs that touch a store. One file each, by folder.
var root = new RootCommand("The ledger of who may still be texted at a phone number.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    SeedCommand.Create(),
    FsckCommand.Create(),
    StoreCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
