namespace NumberLedger.Silo;

/// <param name="Url">Where the API listens. Plain HTTP is for loopback, and for a proxy that ends TLS.</param>
/// <param name="Data">The folder with the ledger; made if it is not there.</param>
/// <param name="KeysOut">Where the keys of the demo parties are written at the first start.</param>
public sealed record ServeOptions(string Url, string Data, string KeysOut)
{
    public const string DefaultUrl = "http://127.0.0.1:5080";
    public const string DefaultData = "data";

    public static string DefaultKeysOut(string data) => Path.Combine(data, "keys.json");
}
