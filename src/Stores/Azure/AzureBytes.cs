using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>Bytes that are more than one property takes: in as many as it needs, Data0, Data1 and so on.</summary>
internal static class AzureBytes
{
    public const int BytesPerRow = AzureLimits.PropertiesPerRow * AzureLimits.BytesPerProperty;

    /// <param name="bytes">At most <see cref="BytesPerRow"/>.</param>
    public static void Write(TableEntity row, string name, ReadOnlySpan<byte> bytes)
    {
        for (int part = 0; part == 0 || !bytes.IsEmpty; part++)
        {
            int length = Math.Min(bytes.Length, AzureLimits.BytesPerProperty);
            row[$"{name}{part}"] = bytes[..length].ToArray();
            bytes = bytes[length..];
        }
    }

    public static byte[] Read(TableEntity row, string name)
    {
        var bytes = new MemoryStream();
        for (int part = 0; AzureRows.BytesOrNull(row, $"{name}{part}") is { } some; part++) bytes.Write(some);
        return bytes.ToArray();
    }
}
