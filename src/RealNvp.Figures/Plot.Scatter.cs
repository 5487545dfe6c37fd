namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostPoints = 8000;

    /// <summary>Points of the plane, a colour a series: data beside samples. At most 8000 points are drawn in all; where that
    /// thins a series its name says so.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="series">Names and points [N, 2].</param>
    public static Plot Scatter(string title, string x, string y, params (string Name, Points Points)[] series)
    {
        FigureArguments.Some(series, "series of points");
        var most = MostPoints / series.Length;
        var domain = DomainOf(series.Select(each => each.Points));
        return Make(title, PlaneAxes(x, y, domain), series.Select((each, i) => Cloud(each.Name, each.Points, most, domain, i)));
    }

    private static PlotArea DomainOf(IEnumerable<Points> series)
    {
        Points[] all = [.. series];
        return PlotArea.Around(Points.From([.. all.SelectMany(points => points.X)], [.. all.SelectMany(points => points.Y)]),
            0.06);
    }

    private static PlotlyObject Cloud(string name, Points points, int most, PlotArea domain, int index)
    {
        var shown = points.Thinned(most);
        FigureArguments.Label(name, "The name of a series");
        return new PlotlyObject
        {
            ["type"] = "scatter",
            ["mode"] = "markers",
            ["name"] = shown.Count < points.Count
                ? FormattableString.Invariant($"{name} ({shown.Count} of {points.Count})") : name,
            ["x"] = AxisNumbers.OnAxis(shown.X, domain.XHigh - domain.XLow),
            ["y"] = AxisNumbers.OnAxis(shown.Y, domain.YHigh - domain.YLow),
            ["marker"] = new PlotlyObject
            {
                ["color"] = Palette.Category(index),
                ["size"] = shown.Count <= 400 ? 7 : shown.Count <= 1500 ? 5 : 4,
                ["opacity"] = shown.Count <= 400 ? 0.8 : shown.Count <= 1500 ? 0.6 : 0.45,
                ["symbol"] = index % 2 == 0 ? "circle" : "diamond",
            },
            ["hovertemplate"] = "(%{x}, %{y})",
        };
    }
}
