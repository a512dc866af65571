using NumberLedger.Stores.Tests;

// A test that needs another process starts this program again, as a child.
if (args is ["child", .. string[] childArgs]) return await Child.RunAsync(childArgs);

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
        args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
