using System.Diagnostics;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Machines of their own for some processes: network namespaces on one bridge, each with an address, and a place where
/// the stores are.
/// </summary>
/// <remarks>
/// Clients are at another address than the stores, so that a machine can be cut off from its peers and its store while
/// clients go on asking it: only so does a stale answer come to light.
/// </remarks>
internal sealed class Network : IDisposable
{
    private static int _created;

    private readonly string _name;
    private readonly string _prefix;
    private readonly int _machines;

    private Network(string name, string prefix, int machines)
    {
        _name = name;
        _prefix = prefix;
        _machines = machines;
    }

    public static bool IsPossible { get; } =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        && TryRun($"ip netns add nl-{Environment.ProcessId} && ip netns del nl-{Environment.ProcessId}");

    /// <summary>Where PostgreSQL and Redis listen.</summary>
    public string StoreAddress => _prefix + "254";

    /// <param name="machines">At most 100.</param>
    public static Network Create(int machines)
    {
        Assert.SkipUnless(IsPossible, "There are no network namespaces for this user (it takes root, and ip).");
        string name = $"nl{Environment.ProcessId % 100_000}n{Interlocked.Increment(ref _created)}";
        var network = new Network(name, $"10.{Random.Shared.Next(64, 128)}.{Random.Shared.Next(1, 255)}.", machines);
        Run($"ip link add {name} type bridge && ip link set {name} up");
        Run($"ip addr add {network._prefix}1/24 dev {name} && ip addr add {network._prefix}254/24 dev {name}");
        for (int i = 0; i < machines; i++)
        {
            string machine = network.NameOf(i);
            Run($"ip netns add {machine}");
            Run($"ip link add {machine}v type veth peer name eth0 netns {machine}");
            Run($"ip link set {machine}v master {name} up");
            Run($"ip -n {machine} addr add {network.AddressOf(i)}/24 dev eth0");
            Run($"ip -n {machine} link set eth0 up && ip -n {machine} link set lo up");
        }

        return network;
    }

    public string AddressOf(int machine) => $"{_prefix}{10 + machine}";

    /// <summary>What is put before a command to run it on that machine.</summary>
    public string[] On(int machine) => ["ip", "netns", "exec", NameOf(machine)];

    /// <summary>It sends nothing to its peers any more, nor to the stores, and so hears nothing.</summary>
    public void Cut(int machine, bool fromPeers = true, bool fromStores = true)
    {
        if (fromPeers)
        {
            for (int i = 0; i < _machines; i++)
            {
                if (i != machine) Run($"ip -n {NameOf(machine)} route add blackhole {AddressOf(i)}/32");
            }
        }

        if (fromStores) Run($"ip -n {NameOf(machine)} route add blackhole {StoreAddress}/32");
    }

    public void Heal(int machine) =>
        Run($"ip -n {NameOf(machine)} route show type blackhole | while read r; do ip -n {NameOf(machine)} route del $r; done");

    public void Dispose()
    {
        for (int i = 0; i < _machines; i++) TryRun($"ip netns del {NameOf(i)}");
        TryRun($"ip link del {_name}");
    }

    private string NameOf(int machine) => $"{_name}-{machine}";

    private static void Run(string command) => Assert.True(TryRun(command), command);

    private static bool TryRun(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", command])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        process.StandardOutput.ReadToEnd();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
