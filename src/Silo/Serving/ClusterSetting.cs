using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace NumberLedger.Silo;

/// <summary>Whether this process is one of a cluster, and how its members find it. docs/operating/cluster.md.</summary>
/// <param name="Members">Redis, where the members of a cluster are written down.</param>
/// <param name="ClusterId">Only processes of the same one see each other.</param>
/// <param name="Address">Where other members reach this one; not used by an API.</param>
internal sealed record ClusterSetting(
    ProcessRole Role, ConfigurationOptions Members, string ClusterId, IPAddress Address, int SiloPort, int GatewayPort)
{
    /// <summary>Configuration: all, silo or api. The environment variable is LEDGER__ROLE.</summary>
    public const string RoleName = "Ledger:Role";

    /// <summary>Configuration, a connection string of Redis.</summary>
    public const string MembersName = "Ledger:Members";

    private const string ClusterIdName = "Ledger:Cluster";
    private const string AddressName = "Ledger:Address";
    private const string SiloPortName = "Ledger:SiloPort";
    private const string GatewayPortName = "Ledger:GatewayPort";

    /// <summary>Of Redis, for people.</summary>
    public string Places => string.Join(", ", Members.EndPoints.Select(
        place => place is DnsEndPoint named ? $"{named.Host}:{named.Port}" : place.ToString()));

    /// <returns>Null: the process is a cluster of its own.</returns>
    /// <exception cref="StartException">A setting that cannot be used.</exception>
    public static ClusterSetting? Of(IConfiguration configuration)
    {
        string role = configuration[RoleName] is { Length: > 0 } named ? named : nameof(ProcessRole.All);
        if (!Enum.TryParse(role, ignoreCase: true, out ProcessRole parsed) || !Enum.IsDefined(parsed)
            || char.IsAsciiDigit(role[0]))
        {
            throw new StartException($"The setting {RoleName} is '{role}': it is all, silo or api.");
        }

        if (configuration[MembersName] is not { Length: > 0 } members)
        {
            return parsed is ProcessRole.All ? null : throw new StartException(
                $"A process of the role {role} is one of a cluster: give {MembersName}, the Redis where the members of the "
                + "cluster are written down.");
        }

        if (StoreSetting.Of(configuration) is null)
        {
            throw new StartException(
                $"{MembersName} is set, and {StoreSetting.Name} is not: a folder is one process's alone. The processes of a "
                + "cluster share a database.");
        }

        return new(
            parsed, ReadMembers(members),
            configuration[ClusterIdName] is { Length: > 0 } id ? id : "numberledger",
            ReadAddress(configuration), ReadPort(configuration, SiloPortName, 11_111),
            ReadPort(configuration, GatewayPortName, 30_000));
    }

    private static ConfigurationOptions ReadMembers(string text)
    {
        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.AbortOnConnectFail = false; // It may be away for a while; the members go on without it.
            return options;
        }
        catch (Exception broken) when (broken is ArgumentException or FormatException)
        {
            // Without its text, which may hold a password.
            throw new StartException($"The setting {MembersName} is no connection string of Redis, such as host:6379.");
        }
    }

    private static IPAddress ReadAddress(IConfiguration configuration)
    {
        if (configuration[AddressName] is { Length: > 0 } text)
        {
            return IPAddress.TryParse(text, out IPAddress? address) ? address : throw new StartException(
                $"The setting {AddressName} is '{text}': it is the IP address where other members reach this one.");
        }

        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork)
                .FirstOrDefault(address => !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
        }
        catch (SocketException)
        {
            throw new StartException(
                $"This machine's own name has no address: give {AddressName}, where other members reach this process.");
        }
    }

    private static int ReadPort(IConfiguration configuration, string name, int otherwise)
    {
        if (configuration[name] is not { Length: > 0 } text) return otherwise;

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? port
            : throw new StartException($"The setting {name} is '{text}': it is a port, 1 to 65535.");
    }
}
