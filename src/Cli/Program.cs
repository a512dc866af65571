using NumberLedger.Cli;

return await CommandLine.RunAsync(args);
