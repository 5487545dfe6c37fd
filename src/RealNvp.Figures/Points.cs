namespace RealNvp.Figures;

/// <summary>Points of the plane; made from a tensor [N, 2], an array [N, 2] or an array of pairs.</summary>
public readonly partial struct Points
{
    private Points(double[] x, double[] y) => (X, Y) = (x, y);

    internal double[] X { get; }

    internal double[] Y { get; }

    internal int Count => X?.Length ?? 0;

    /// <summary>Points from an array [N, 2].</summary>
    /// <exception cref="ArgumentException">The array does not have two columns.</exception>
    public static implicit operator Points(double[,] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.GetLength(1) != 2)
            throw new ArgumentException(
                $"Expected points of shape [N, 2]; given [{points.GetLength(0)}, {points.GetLength(1)}].", nameof(points));
        (var x, var y) = (new double[points.GetLength(0)], new double[points.GetLength(0)]);
        for (var i = 0; i < x.Length; i++) (x[i], y[i]) = (points[i, 0], points[i, 1]);
        return new Points(x, y);
    }

    /// <summary>Points from pairs.</summary>
    public static implicit operator Points((double X, double Y)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new Points([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    internal Points Thinned(int most)
    {
        if (Count <= most) return this;
        (var x, var y) = (X, Y);
        var kept = AxisNumbers.Thinned(Count, most);
        return new Points([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])]);
    }

    internal static Points From(double[] x, double[] y) => new(x, y);
}
