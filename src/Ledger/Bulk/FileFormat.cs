namespace NumberLedger;

/// <summary>How the lines of a file are written. docs/reference/files.md describes both.</summary>
public enum FileFormat : byte
{
    Csv = 1,
    Ndjson = 2,
}
