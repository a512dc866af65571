using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace NumberLedger.Api;

/// <summary>Query parameters, as strict as bodies are.</summary>
internal static class Query
{
    public const string Region = "region";
    public const string Limit = "limit";
    public const string Cursor = "cursor";

    /// <summary>Notes parameters that are not known here, or there twice.</summary>
    public static void Judge(HttpRequest request, IReadOnlyList<string> known, Faults faults)
    {
        if (!request.QueryString.HasValue) return;

        foreach ((string name, StringValues values) in request.Query)
        {
            if (!known.Contains(name))
            {
                string detail = known.Count == 0
                    ? "No query parameter is known here."
                    : $"Known here: {string.Join(", ", known)}.";
                faults.AddParameter(ProblemCatalog.ParameterUnknown, Repeatable.IsHarmless(name) ? name : null, detail);
            }
            else if (values.Count > 1)
            {
                faults.AddParameter(ProblemCatalog.ParameterDuplicated, name);
            }
        }
    }

    public static NumberReader ReadRegion(HttpRequest request, Faults faults)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(Region, out StringValues values))
        {
            return NumberReader.E164;
        }

        if (!NumberReader.TryForRegion(values.ToString(), out NumberReader numbers))
        {
            faults.AddParameter(ProblemCatalog.RegionUnknown, Region);
        }

        return numbers;
    }

    public static int ReadLimit(HttpRequest request, Faults faults)
    {
        if (!request.Query.TryGetValue(Limit, out StringValues values)) return Limits.PageItemsDefault;
        if (int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit is >= 1 and <= Limits.PageItemsMax)
        {
            return limit;
        }

        faults.AddParameter(ProblemCatalog.LimitMalformed, Limit);
        return default;
    }
}
