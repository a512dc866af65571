using System.Globalization;
using System.Text;

namespace NumberLedger.Bench.Compare;

/// <summary>Lines over a logarithmic axis, as an SVG that is read as well on a dark page as on a light one.</summary>
internal sealed class Plot(string title, string xLabel, string yLabel)
{
    private const double Width = 800, Height = 400, Left = 64, Right = 226, Top = 52, Bottom = 56;
    private const double LabelGapMin = 17;
    private const int Ticks = 5;

    private const string Style = """
        text { font: 13px Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #24313d }
        .t { font-size: 16px; font-weight: 600 } .m { fill: #5b6b7a } .e { text-anchor: end } .c { text-anchor: middle }
        .g { stroke: #d5dde4; stroke-width: 1 } path { fill: none; stroke-width: 2.5; stroke-linejoin: round }
        .s0 { stroke: #8794a1 } .s1 { stroke: #1f77b4 } .s2 { stroke: #c0702c } .s3 { stroke: #7a52a8 }
        .d0 { fill: #8794a1 } .d1 { fill: #1f77b4 } .d2 { fill: #c0702c } .d3 { fill: #7a52a8 } .l { font-weight: 600 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e3e9ee } .m { fill: #9aa8b5 } .g { stroke: #3a4651 }
          .s1 { stroke: #5fb0ea } .s2 { stroke: #e39a5b } .s3 { stroke: #b28fe0 }
          .d1 { fill: #5fb0ea } .d2 { fill: #e39a5b } .d3 { fill: #b28fe0 }
        }
        """;

    private readonly List<(string Label, (double X, double Y)[] Points)> _series = [];

    public void Add(string label, (double X, double Y)[] points)
    {
        if (points.Length > 0) _series.Add((label, points));
    }

    public string ToSvg()
    {
        (double X, double Y)[] all = [.. _series.SelectMany(series => series.Points)];
        if (all.Length == 0) all = [(1, 1), (10, 1)];
        (double low, double high) = (Math.Log10(all.Min(point => point.X)), Math.Log10(all.Max(point => point.X)));
        double step = NiceStep(all.Max(point => point.Y) / Ticks);
        double top = Math.Ceiling(all.Max(point => point.Y) * 1.02 / step) * step;

        var svg = new StringBuilder();
        string box = Text($"0 0 {Width} {Height}");
        Put($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" aria-label="{title}">""");
        svg.Append("<style>\n").Append(Style).Append("\n</style>\n");
        Put($"""<text class="t" x="{Left}" y="24">{title}</text>""");
        Put($"""<text class="m" x="{Left}" y="43">{yLabel}</text>""");
        for (double tick = 0; tick <= top + (step / 2); tick += step)
        {
            Put($"""<line class="g" x1="{Left}" x2="{Width - Right}" y1="{Y(tick)}" y2="{Y(tick)}"/>""");
            Put($"""<text class="m e" x="{Left - 8}" y="{Y(tick) + 4}">{Math.Round(tick, 3)}</text>""");
        }

        foreach (double x in all.Select(point => point.X).Distinct().Order())
        {
            Put($"""<text class="m c" x="{X(x)}" y="{Height - Bottom + 20}">{Short(x)}</text>""");
        }

        Put($"""<text class="m c" x="{(Left + Width - Right) / 2}" y="{Height - 12}">{xLabel}</text>""");
        // Labels stand at the end of their lines, from top to bottom, and never on each other.
        double free = double.MinValue;
        foreach (int i in Enumerable.Range(0, _series.Count).OrderByDescending(i => _series[i].Points[^1].Y))
        {
            (string label, (double X, double Y)[] points) = _series[i];
            // One series alone has the colour that is ours in the other plot.
            int colour = _series.Count == 1 ? 1 : i;
            string line = string.Join('L', points.Select(point => Text($"{X(point.X)} {Y(point.Y)}")));
            Put($"""<path class="s{colour}" d="M{line}"/>""");
            foreach ((double x, double y) in points)
            {
                string value = Text($"<title>{Short(x)}: {y:0.00}</title>");
                Put($"""<circle class="d{colour}" cx="{X(x)}" cy="{Y(y)}" r="4">{value}</circle>""");
            }

            double at = Math.Max(Y(points[^1].Y) + 4, free + LabelGapMin);
            free = at;
            Put($"""<text class="l d{colour}" x="{Width - Right + 12}" y="{at}">{label} {points[^1].Y:0.0#}</text>""");
        }

        svg.Append("</svg>\n");
        return svg.ToString();

        double X(double value)
        {
            double share = high > low ? (Math.Log10(value) - low) / (high - low) : 0.5;
            return Math.Round(Left + ((Width - Left - Right) * share), 1);
        }

        double Y(double value) => Math.Round(Height - Bottom - ((Height - Top - Bottom) * value / top), 1);

        void Put(FormattableString element) => svg.Append(Text(element)).Append('\n');
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double NiceStep(double about)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(about)));
        return power * ((about / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }

    private static string Short(double count) => count switch
    {
        >= 1e6 => Text($"{count / 1e6:0.#} M"),
        >= 1e3 => Text($"{count / 1e3:0.#} k"),
        _ => Text($"{count:0}"),
    };
}
