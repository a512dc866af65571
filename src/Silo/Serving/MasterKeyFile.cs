using System.Buffers;
using System.Security.Cryptography;

namespace NumberLedger.Silo;

/// <summary>
/// Where the master key comes from: configuration, or a file in the data folder made at the first start.
/// </summary>
internal static class MasterKeyFile
{
    /// <summary>Configuration, 64 hexadecimal digits: the environment variable is LEDGER__MASTERKEY.</summary>
    public const string Setting = "Ledger:MasterKey";
    public const string FileName = "master.key";

    /// <exception cref="StartException">
    /// The key is unusable, or missing where a ledger needs the one it was made with.
    /// </exception>
    public static MasterKey Load(IConfiguration configuration, string data)
    {
        if (configuration[Setting] is { Length: > 0 } configured) return Parse(configured, $"the setting {Setting}");

        string path = Path.Combine(data, FileName);
        if (File.Exists(path)) return Parse(File.ReadAllText(path).Trim(), path);

        if (HasLedger(data))
        {
            throw new StartException(
                $"{data} holds a ledger but not its key: {FileName} is missing. Put it back, or give the key as {Setting}. "
                + "Without it nothing in the ledger can be read.");
        }

        byte[] key = RandomNumberGenerator.GetBytes(MasterKey.Size);
        PrivateFile.Write(path, Convert.ToHexStringLower(key) + "\n");
        return new MasterKey(key);
    }

    /// <summary>The key of a ledger that is there: for verbs that must never make an empty one.</summary>
    /// <exception cref="StartException">There is no ledger, or no key to it.</exception>
    public static MasterKey LoadOfLedger(string data)
    {
        if (!Directory.Exists(data) || !HasLedger(data)) throw new StartException($"There is no ledger in {data}.");

        return Load(new ConfigurationBuilder().AddEnvironmentVariables().Build(), data);
    }

    private static bool HasLedger(string data) => Directory.EnumerateFiles(data, "*.db").Any();

    private static MasterKey Parse(string digits, string source)
    {
        byte[] key = new byte[MasterKey.Size];
        return digits.Length == 2 * MasterKey.Size
            && Convert.FromHexString(digits, key, out _, out _) is OperationStatus.Done
            ? new MasterKey(key)
            : throw new StartException($"The master key in {source} is not {2 * MasterKey.Size} hexadecimal digits.");
    }
}
