using System.Buffers;
using System.Security.Cryptography;
using NumberLedger.Stores;

namespace NumberLedger.Silo;

/// <summary>
/// Where the master key comes from: configuration, or a file in the data folder made at the first start.
/// </summary>
internal static class MasterKeyFile
{
    /// <summary>Configuration, 64 hexadecimal digits: the environment variable is LEDGER__MASTERKEY.</summary>
    public const string Setting = "Ledger:MasterKey";
    public const string FileName = "master.key";

    /// <param name="folder">Held: two starts at once would make two keys, and one of them would be lost.</param>
    /// <exception cref="StartException">
    /// The key is unusable, or missing where a ledger needs the one it was made with.
    /// </exception>
    public static MasterKey LoadOrMake(IConfiguration configuration, DataFolder folder) =>
        Find(configuration, folder.Path) ?? (HasLedger(folder.Path) ? throw Missing(folder.Path) : Make(folder));

    /// <summary>For a process of a cluster: one that it made would be nobody else's.</summary>
    /// <exception cref="StartException">The key is unusable, or missing.</exception>
    public static MasterKey LoadShared(IConfiguration configuration, DataFolder folder) =>
        Find(configuration, folder.Path) ?? throw new StartException(
            $"The processes of a cluster share one master key: give {Setting}, 64 hexadecimal digits. A new ledger's is made "
            + "by: openssl rand -hex 32. Keep it: without it nothing in the ledger can be read.");

    /// <summary>The key of a ledger that is there: for verbs that must never make an empty one.</summary>
    /// <param name="isElsewhere">The ledger is in a database, and only its key in the folder.</param>
    /// <exception cref="StartException">There is no ledger, or no key to it.</exception>
    public static MasterKey LoadOfLedger(string data, bool isElsewhere = false)
    {
        if (!isElsewhere && (!Directory.Exists(data) || !HasLedger(data)))
        {
            throw new StartException($"There is no ledger in {data}.");
        }

        return FindByEnvironment(data) ?? throw (isElsewhere
            ? new StartException(
                $"The master key of the ledger in the database is missing: give it as {Setting}, or put it into {data} as "
                + $"{FileName}. Without it nothing in the ledger can be read.")
            : Missing(data));
    }

    /// <summary>The key of a ledger that is to be restored: it is in no backup.</summary>
    /// <exception cref="StartException">There is none.</exception>
    public static MasterKey LoadForRestore(string data) => FindByEnvironment(data) ?? throw new StartException(
        $"A backup does not hold the master key that it was made with. Put the key into {data} as {FileName}, from where "
        + $"its copy is kept, or give it as {Setting}.");

    private static MasterKey? FindByEnvironment(string data) =>
        Find(new ConfigurationBuilder().AddEnvironmentVariables().Build(), data);

    private static MasterKey? Find(IConfiguration configuration, string data)
    {
        if (configuration[Setting] is { Length: > 0 } configured) return Parse(configured, $"the setting {Setting}");

        string path = Path.Combine(data, FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path).Trim(), path) : null;
    }

    private static MasterKey Make(DataFolder folder)
    {
        byte[] key = RandomNumberGenerator.GetBytes(MasterKey.Size);
        PrivateFile.Write(Path.Combine(folder.Path, FileName), Convert.ToHexStringLower(key) + "\n");
        return new MasterKey(key);
    }

    private static bool HasLedger(string data) => Directory.EnumerateFiles(data, "*.db").Any();

    private static StartException Missing(string data) => new(
        $"{data} holds a ledger but not its key: {FileName} is missing. Put it back, or give the key as {Setting}. "
        + "Without it nothing in the ledger can be read.");

    private static MasterKey Parse(string digits, string source)
    {
        byte[] key = new byte[MasterKey.Size];
        return digits.Length == 2 * MasterKey.Size
            && Convert.FromHexString(digits, key, out _, out _) is OperationStatus.Done
            ? new MasterKey(key)
            : throw new StartException($"The master key in {source} is not {2 * MasterKey.Size} hexadecimal digits.");
    }
}
