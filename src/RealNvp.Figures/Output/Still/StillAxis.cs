using System.Globalization;
using System.Text;

namespace RealNvp.Figures.Output.Still;

/// <summary>An axis of a still picture: its range, and its ticks at round numbers or at categories.</summary>
internal sealed class StillAxis
{
    private const string Line = "#8890923a";
    private readonly string[]? _categories;
    private readonly bool _logarithmic;

    private StillAxis(double low, double high, string[]? categories, bool logarithmic) =>
        (Low, High, _categories, _logarithmic) = (low, high, categories, logarithmic);

    public double Low { get; }

    public double High { get; }

    public static StillAxis Of(PlotlyObject axis, IReadOnlyList<PlotlyObject> traces, string name)
    {
        object?[] values = [.. traces.Select(trace => trace.GetValueOrDefault(name))];
        var logarithmic = axis.TryGetValue("type", out var type) && (string)type! == "log";
        if (values.OfType<string[]>().FirstOrDefault() is { } categories)
        {
            var reversed = axis.TryGetValue("autorange", out var way) && way is "reversed";
            (var first, var last) = (-0.5, categories.Length - 0.5);
            return new StillAxis(reversed ? last : first, reversed ? first : last, categories, false);
        }
        if (axis.TryGetValue("range", out var range) && range is object[] { Length: 2 } ends)
            return new StillAxis(Convert.ToDouble(ends[0], CultureInfo.InvariantCulture),
                Convert.ToDouble(ends[1], CultureInfo.InvariantCulture), null, logarithmic);
        double[] finite = [.. values.SelectMany(Numbers).Select(value => logarithmic ? Math.Log10(value) : value)
            .Where(double.IsFinite)];
        (var low, var high) = Figures.AxisNumbers.Range(finite);
        if (traces.Any(trace => (string)trace["type"]! == "bar") && name == "y")
            return new StillAxis(Math.Min(0, low), high * 1.08, null, logarithmic);
        var filled = traces.Any(trace => (string)trace["type"]! is "contour" or "surface");
        (low, high) = filled ? (low, high) : Figures.AxisNumbers.Padded((low, high), name == "x" ? 0 : 0.06);
        return new StillAxis(low, high, null, logarithmic);
    }

    /// <summary>Where a value lies, 0 at the low end and 1 at the high end.</summary>
    public double Share(double value) => ((_logarithmic ? Math.Log10(value) : value) - Low) / (High - Low);

    /// <summary>Where a category lies.</summary>
    public double Share(string category) => (Array.IndexOf(_categories ?? [], category) - Low) / (High - Low);

    public string Drawn(Box box, bool horizontal, bool numbers)
    {
        StringBuilder svg = new();
        foreach ((var share, var text) in Ticks(horizontal ? box.Width / 75 : box.Height / 45))
        {
            var at = horizontal ? box.X + share * box.Width : box.Y + (1 - share) * box.Height;
            var path = horizontal
                ? FormattableString.Invariant($"M{at:0.#} {box.Y:0.#}v{box.Height:0.#}")
                : FormattableString.Invariant($"M{box.X:0.#} {at:0.#}h{box.Width:0.#}");
            svg.Append($"<path d=\"{path}\" stroke=\"{Line}\"/>");
            if (numbers) svg.Append(horizontal
                ? StillPicture.Words(text, at, box.Y + box.Height + 17, 11.5, "middle")
                : StillPicture.Words(text, box.X - 6, at + 4, 11.5, "end"));
        }
        return svg.ToString();
    }

    private IEnumerable<(double Share, string Text)> Ticks(double most)
    {
        if (_categories is not null)
        {
            var every = Math.Max(1, (int)Math.Ceiling(_categories.Length / Math.Max(1, 2 * most)));
            return _categories.Where((_, i) => i % every == 0).Select(category => (Share(category), category));
        }
        var rough = (High - Low) / Math.Max(2, most);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        if (_logarithmic) step = Math.Max(1, Math.Round(step));
        List<(double, string)> ticks = [];
        for (var k = Math.Ceiling(Math.Min(Low, High) / step - 1e-9); k * step <= Math.Max(Low, High) + 1e-9 * step; k++)
        {
            var tick = Math.Round(k * step, 12) + 0.0; // no minus before a zero
            var text = _logarithmic ? $"10{Superscript((int)tick)}" : tick.ToString("G6", CultureInfo.InvariantCulture)
                .Replace('-', '−');
            ticks.Add(((tick - Low) / (High - Low), text));
        }
        return ticks;
    }

    private static string Superscript(int exponent) =>
        $"<sup>{exponent.ToString(CultureInfo.InvariantCulture).Replace('-', '−')}</sup>";

    private static IEnumerable<double> Numbers(object? values) => values is double?[] numbers ? numbers.OfType<double>() : [];
}
