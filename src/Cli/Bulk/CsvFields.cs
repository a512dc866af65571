using System.Text;

namespace NumberLedger.Cli;

/// <summary>The fields of one CSV record.</summary>
internal static class CsvFields
{
    /// <param name="record">Without its line break.</param>
    public static List<string> Split(ReadOnlySpan<byte> record)
    {
        string text = Encoding.UTF8.GetString(record);
        var fields = new List<string>();
        int at = 0;
        while (true)
        {
            (string field, int next) = text.AsSpan(at) is ['"', ..] ? Quoted(text, at + 1) : Plain(text, at);
            fields.Add(field);
            if (next >= text.Length) return fields;
            at = next + 1;
        }
    }

    /// <summary>Quoted if it must be.</summary>
    public static string Write(string field) => field.AsSpan().IndexOfAny("\",\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static (string Field, int Next) Plain(string text, int at)
    {
        int comma = text.IndexOf(',', at);
        int end = comma < 0 ? text.Length : comma;
        return (text[at..end], end);
    }

    private static (string Field, int Next) Quoted(string text, int at)
    {
        var field = new StringBuilder();
        while (true)
        {
            int quote = text.IndexOf('"', at);
            if (quote < 0) return (field.Append(text, at, text.Length - at).ToString(), text.Length);

            field.Append(text, at, quote - at);
            if (quote + 1 == text.Length || text[quote + 1] != '"')
            {
                int comma = text.IndexOf(',', quote);
                return (field.ToString(), comma < 0 ? text.Length : comma);
            }

            field.Append('"');
            at = quote + 2;
        }
    }
}
