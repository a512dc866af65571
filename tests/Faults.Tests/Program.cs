using NumberLedger.Faults.Tests;

// A test of the tests starts this program again, as the ledger with a mistake in it.
if (args is ["child", var bug, "serve", "--urls", var url, "--data", var data, ..])
{
    return await SeededBug.ServeAsync(bug, url, data);
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
        args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
