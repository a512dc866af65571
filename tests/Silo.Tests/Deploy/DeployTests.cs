using System.Diagnostics;
using k8s;
using k8s.Models;

namespace NumberLedger.Silo.Tests.Deploy;

/// <summary>What is in deploy/ is what its readers take, and what the program knows.</summary>
public sealed class DeployTests : IDisposable
{
    private static readonly string Deploy = Repository.Full("deploy");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("single", "StatefulSet")]
    [InlineData("cluster", "Deployment")]
    public async Task An_overlay_is_strictly_valid_and_its_service_finds_its_pods(string overlay, string kind)
    {
        List<object> objects = await ReadAsync(overlay);

        Assert.Contains(kind, objects.Cast<IKubernetesObject>().Select(one => one.Kind));
        V1PodTemplateSpec pod = PodOf(objects);
        V1Service service = Assert.Single(objects.OfType<V1Service>());
        Assert.Subset(pod.Metadata.Labels.ToHashSet(), service.Spec.Selector.ToHashSet());
        V1Container container = Assert.Single(pod.Spec.Containers);
        Assert.Contains(service.Spec.Ports[0].TargetPort.Value, container.Ports.Select(port => port.Name));
        Assert.Equal("serve", container.Args[0]);
        Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
        Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.StartsWith("numberledger", container.Image, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("single")]
    [InlineData("cluster")]
    public async Task Every_setting_of_an_overlay_is_one_that_the_program_reads(string overlay)
    {
        IEnumerable<string> known = Settings()
            .Select(setting => setting.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant());

        IEnumerable<string> set = PodOf(await ReadAsync(overlay)).Spec.Containers[0].Env
            .Select(variable => variable.Name).Where(name => name.StartsWith("LEDGER__", StringComparison.Ordinal));

        Assert.NotEmpty(set);
        Assert.Empty(set.Except(known));
    }

    [Fact]
    public async Task Everything_that_chooses_pods_in_the_cluster_chooses_its_own()
    {
        List<object> objects = await ReadAsync("cluster");
        IDictionary<string, string> labels = PodOf(objects).Metadata.Labels;

        Assert.Equal(labels, objects.OfType<V1Deployment>().Single().Spec.Selector.MatchLabels);
        Assert.Equal(labels, objects.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels);
        V1NetworkPolicySpec network = objects.OfType<V1NetworkPolicy>().Single().Spec;
        Assert.Equal(labels, network.PodSelector.MatchLabels);
        Assert.Equal(["silo", "gateway"], network.Ingress[1].Ports.Select(port => port.Port.Value));
        Assert.Equal(labels, network.Ingress[1].FromProperty[0].PodSelector.MatchLabels);
    }

    [Fact]
    public async Task The_unit_is_one_that_systemd_takes_and_it_exposes_little()
    {
        const string Program = "/opt/numberledger/numberledger";
        string unit = await File.ReadAllTextAsync(
            Path.Combine(Deploy, "systemd", "numberledger.service"), TestContext.Current.CancellationToken);
        Assert.Contains(Program, unit, StringComparison.Ordinal);
        string here = _folder["numberledger.service"];
        string built = Path.Combine(AppContext.BaseDirectory, "numberledger");
        await File.WriteAllTextAsync(
            here, unit.Replace(Program, built, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), await RunAsync("systemd-analyze", "verify", here));
        (int exitCode, string said) = await RunAsync(
            "systemd-analyze", "security", "--offline=true", "--threshold=15", here); // 1.5 of 10.
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public async Task The_unit_denies_nothing_that_the_runtime_does_and_gives_up_never()
    {
        string[] unit = await File.ReadAllLinesAsync(
            Path.Combine(Deploy, "systemd", "numberledger.service"), TestContext.Current.CancellationToken);
        const string Denied = "SystemCallFilter=~";
        string[] sets = [.. unit.Where(line => line.StartsWith(Denied, StringComparison.Ordinal))
            .SelectMany(line => line[Denied.Length..].Split(' '))];

        Assert.NotEmpty(sets);
        Assert.All(sets, set => Assert.StartsWith("@", set, StringComparison.Ordinal));
        (int exitCode, string calls) = await RunAsync("systemd-analyze", ["syscall-filter", .. sets]);
        Assert.True(exitCode == 0, calls);
        // For each thread that it makes. The kernel ends a process that makes a call that is denied.
        Assert.DoesNotContain("sched_setaffinity", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("sched_setscheduler", calls, StringComparison.Ordinal);
        Assert.Contains("StartLimitIntervalSec=0", unit);
        Assert.Contains(unit, line =>
            line.StartsWith("RestrictAddressFamilies=", StringComparison.Ordinal)
            && line.Contains("AF_NETLINK", StringComparison.Ordinal)); // Which tells the machine's own addresses.
    }

    [Fact]
    public async Task The_container_runs_what_the_overlays_expect()
    {
        (int exitCode, string said) = await RunAsync(
            "dotnet", "msbuild", Repository.Full("src/Silo"), "-nologo", "-nodeReuse:false",
            "-getProperty:ContainerRepository", "-getItem:ContainerPort", "-getItem:ContainerDefaultArgs");

        Assert.True(exitCode == 0, said);
        Assert.Contains("\"ContainerRepository\": \"numberledger\"", said, StringComparison.Ordinal);
        string[] expected = ["\"8080\"", "\"11111\"", "\"30000\"", "\"serve\"", "\"http://0.0.0.0:8080\""];
        Assert.All(expected, part => Assert.Contains($"\"Identity\": {part}", said, StringComparison.Ordinal));
    }

    private static async Task<List<object>> ReadAsync(string overlay)
    {
        if (!File.Exists("/usr/bin/kubectl")) return ReadFiles(overlay);

        (int exitCode, string said) = await RunAsync(
            "kubectl", "kustomize", Path.Combine(Deploy, "kubernetes", overlay));
        Assert.True(exitCode == 0, said);
        return KubernetesYaml.LoadAllFromString(said, strict: true);
    }

    /// <summary>Without kubectl, which Debian does not have in a release that could read them: as they stand.</summary>
    private static List<object> ReadFiles(string overlay) =>
    [
        .. from folder in new[] { "base", overlay }
           from file in Directory.GetFiles(Path.Combine(Deploy, "kubernetes", folder), "*.yaml")
           where Path.GetFileName(file) != "kustomization.yaml"
           from one in KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)
           select one,
    ];

    private static V1PodTemplateSpec PodOf(List<object> objects) =>
        objects.OfType<V1Deployment>().SingleOrDefault()?.Spec.Template
        ?? objects.OfType<V1StatefulSet>().Single().Spec.Template;

    private static IEnumerable<string> Settings() =>
        from type in typeof(LedgerHost).Assembly.GetTypes()
        from field in type.GetFields(
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.NonPublic)
        where field.IsLiteral && field.FieldType == typeof(string)
        let value = (string)field.GetRawConstantValue()!
        where value.StartsWith("Ledger:", StringComparison.Ordinal)
        select value;

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await error);
    }
}
