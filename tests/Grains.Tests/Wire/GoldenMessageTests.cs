using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// What a silo of an earlier release sends, one of this release reads: while a cluster is upgraded, both are in it.
/// </summary>
/// <remarks>
/// One line for each sample of each message: its type, the bytes that the release wrote, what they say. A release adds
/// a file; lines are never changed. A member that was added since is not in the text, and is looked for nowhere. To
/// write the file of a release that has none: NUMBERLEDGER_GOLDEN=write.
/// </remarks>
public sealed class GoldenMessageTests : IDisposable
{
    private const string Latest = "v1.messages";

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(INumberGrain).Assembly)).BuildServiceProvider();

    public static TheoryData<string> Releases =>
        [.. Directory.GetFiles(Folder(), "*.messages").Select(file => Path.GetFileName(file))];

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Releases))]
    public void Every_message_of_a_release_is_read_as_it_was_meant(string release)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), release));

        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            (string type, byte[] bytes, string said) = Split(line);
            object? read = Serializer.Deserialize<object?>(bytes);
            Assert.True(Says(read, said), $"{type} was '{said}', and is read as '{Samples.Describe(read)}'");
        }
    }

    /// <summary>As of the latest release; what is newer waits for the next one's file.</summary>
    [Fact]
    public void Every_message_of_today_has_its_line()
    {
        string path = Path.Combine(Folder(), Latest);
        if (Environment.GetEnvironmentVariable("NUMBERLEDGER_GOLDEN") == "write") File.WriteAllLines(path, Lines());

        IEnumerable<string> known = File.ReadLines(path).Select(line => Split(line).Type);

        Assert.Empty(Lines().Select(line => Split(line).Type).Except(known));
    }

    private IEnumerable<string> Lines() =>
        from type in WireTests.WireTypes.Select(row => row.Data).Distinct().OrderBy(NameOf, StringComparer.Ordinal)
        where type != typeof(object)
        from sample in Samples.VariantsOf(type)
        select string.Join(
            '\t', NameOf(type), Convert.ToBase64String(Serializer.SerializeToArray<object>(sample)),
            Samples.Describe(sample));

    /// <summary>Member by member, in their order; those that were added since are passed over.</summary>
    private static bool Says(object? read, string said)
    {
        string now = Samples.Describe(read);
        int at = 0;
        foreach (string part in said.Split(", "))
        {
            int found = now.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return true;
    }

    private static (string Type, byte[] Bytes, string Said) Split(string line)
    {
        string[] parts = line.Split('\t');
        return (parts[0], Convert.FromBase64String(parts[1]), parts[2]);
    }

    private static string NameOf(Type type) => type.ToString();

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
