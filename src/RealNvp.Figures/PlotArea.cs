namespace RealNvp.Figures;

/// <summary>A rectangle of the plane: [XLow, XHigh] by [YLow, YHigh], in the units of the axes.</summary>
/// <exception cref="ArgumentException">A bound is not finite, or a low bound is not below its high bound.</exception>
public sealed record PlotArea
{
    /// <summary>
    /// The rectangle [<paramref name="xLow"/>, <paramref name="xHigh"/>] by [<paramref name="yLow"/>, <paramref name="yHigh"/>].
    /// </summary>
    public PlotArea(double xLow, double xHigh, double yLow, double yHigh)
    {
        if (!(double.IsFinite(xLow) && double.IsFinite(xHigh) && double.IsFinite(yLow) && double.IsFinite(yHigh) && xLow < xHigh
            && yLow < yHigh))
            throw new ArgumentException($"Expected finite bounds with low below high; given [{xLow}, {xHigh}] by [{yLow}, "
                + $"{yHigh}].");
        (XLow, XHigh, YLow, YHigh) = (xLow, xHigh, yLow, yHigh);
    }

    /// <summary>Left bound.</summary>
    public double XLow { get; }
    /// <summary>Right bound.</summary>
    public double XHigh { get; }
    /// <summary>Lower bound.</summary>
    public double YLow { get; }
    /// <summary>Upper bound.</summary>
    public double YHigh { get; }

    /// <summary>
    /// The square [-<paramref name="half"/>, <paramref name="half"/>] x [-<paramref name="half"/>, <paramref name="half"/>].
    /// </summary>
    public static PlotArea Square(double half) => new(-half, half, -half, half);

    /// <summary>The rectangle around <paramref name="points"/>, with a share of its sides as room.</summary>
    public static PlotArea Around(Points points, double room = 0.1)
    {
        ((var xLow, var xHigh), (var yLow, var yHigh)) =
            (AxisNumbers.Padded(AxisNumbers.Range(points.X), room), AxisNumbers.Padded(AxisNumbers.Range(points.Y), room));
        return new PlotArea(xLow, xHigh, yLow, yHigh);
    }

    /// <summary>The centres of an n by n grid, row by row from the bottom, as an array [n * n, 2].</summary>
    internal double[,] Grid(int n)
    {
        (var xs, var ys) = (AxisNumbers.Spaced(XLow, XHigh, n), AxisNumbers.Spaced(YLow, YHigh, n));
        var grid = new double[n * n, 2];
        for (var i = 0; i < n * n; i++) (grid[i, 0], grid[i, 1]) = (xs[i % n], ys[i / n]);
        return grid;
    }

    /// <summary>One unit to the right and one unit up may be drawn equally long without a thin strip as the result.</summary>
    internal bool IsNearlySquare => (XHigh - XLow) / (YHigh - YLow) is > 0.4 and < 2.5;
}
