using System.Text;

namespace NumberLedger.Api.Tests.OpenApi;

/// <summary>A file of the checkout that is made from the code, and is there so that changes of it are seen.</summary>
internal static class CommittedFile
{
    private const string Renewing = "NUMBERLEDGER_DOCS";

    private static readonly string Root = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Fails if the file is not exactly this; or makes it so, if that is what the tests run for.</summary>
    public static void AssertIs(string path, string expected)
    {
        string full = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable(Renewing) is "write") File.WriteAllText(full, expected);

        byte[] committed = File.Exists(full) ? File.ReadAllBytes(full) : [];
        Assert.True(
            committed.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(expected)),
            $"{path} is not what the code makes. Renew it, look at the difference, and commit it: {Renewing}=write ./test api");
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NumberLedger.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests run from within a checkout.");
    }
}
