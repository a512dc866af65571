namespace NumberLedger.Cli;

/// <summary>The two formats of files, in and out; see docs/reference/files.md.</summary>
internal enum FileFormat : byte
{
    Csv = 1,
    Ndjson = 2,
}

internal static class FileFormats
{
    public static readonly string[] Names = ["csv", "ndjson"];

    public static string MediaType(this FileFormat format) => format == FileFormat.Csv ? "text/csv" : "application/x-ndjson";

    /// <param name="named">As an option has it; null for none.</param>
    /// <param name="path">Whose ending decides otherwise; null for a stream without a name.</param>
    public static FileFormat? Of(string? named, string? path) => named is not null
        ? Enum.Parse<FileFormat>(named, ignoreCase: true)
        : Path.GetExtension(path)?.ToLowerInvariant() switch
        {
            ".csv" => FileFormat.Csv,
            ".ndjson" or ".jsonl" => FileFormat.Ndjson,
            _ => null,
        };
}
