using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>The data folder of one test, gone after it.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("numberledger-faults-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>A client of the process for each of the parties that the first start made.</summary>
    public Parties PartiesOf(Uri address) => PartiesOf(Path, address);

    /// <inheritdoc cref="PartiesOf(Uri)"/>
    public static Parties PartiesOf(string folder, Uri address)
    {
        JsonNode keys = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(folder, "keys.json")))!;
        return new Parties(ClientOf("lender"), ClientOf("carrier"), ClientOf("operator"));

        LedgerClient ClientOf(string role) => new(address, keys[role]!["key"]!.GetValue<string>());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal sealed record Parties(LedgerClient Lender, LedgerClient Carrier, LedgerClient Operator) : IDisposable
{
    public void Dispose()
    {
        Lender.Dispose();
        Carrier.Dispose();
        Operator.Dispose();
    }
}
