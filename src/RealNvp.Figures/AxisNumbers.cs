namespace RealNvp.Figures;

/// <summary>
/// Numbers as a figure needs them: no more digits than a reader can see, no more points than a screen can show.
/// </summary>
internal static class AxisNumbers
{
    /// <summary>
    /// Rounds to a twenty-thousandth of <paramref name="span"/> or finer: less than a pixel at any zoom that shows something.
    /// </summary>
    public static double?[] OnAxis(IEnumerable<double> values, double span)
    {
        var decimals = Decimals(span);
        return [.. values.Select(value => Finite(value) is double finite ? Math.Round(finite, decimals) : (double?)null)];
    }

    /// <summary>
    /// The same, but a small number keeps four significant digits: on a logarithmic axis it is as far from zero as any other.
    /// </summary>
    public static double?[] OnAnyAxis(IEnumerable<double> values, double span)
    {
        double[] given = [.. values];
        var even = OnAxis(given, span);
        return [.. given.Select((value, i) =>
            Significant(value, 4) is double near && Math.Abs(near - value) < Math.Abs(even[i]!.Value - value) ? near : even[i])];
    }

    /// <summary>
    /// Rounds to <paramref name="digits"/> significant digits; NaN and infinities are null, a gap in the figure.
    /// </summary>
    public static double? Significant(double value, int digits)
    {
        if (Finite(value) is null) return null;
        if (value == 0) return 0;
        var decimals = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (decimals < 0) return Math.Round(value / Math.Pow(10, -decimals)) * Math.Pow(10, -decimals);
        return decimals <= 15 ? Math.Round(value, decimals) : double.Parse(value.ToString($"G{digits}", Invariant), Invariant);
    }

    /// <summary><see cref="Significant(double, int)"/> of every element.</summary>
    public static double?[] Significant(IEnumerable<double> values, int digits) =>
        [.. values.Select(value => Significant(value, digits))];

    /// <summary>
    /// At most <paramref name="most"/> indices below <paramref name="count"/>, evenly spaced, the first and the last among them.
    /// </summary>
    public static int[] Thinned(int count, int most)
    {
        if (count <= most) return [.. Enumerable.Range(0, count)];
        return [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1)))];
    }

    /// <summary>The smallest and the largest finite value; 0 and 1 where there is none.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values)
    {
        (var low, var high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        return low <= high ? (low, high) : (0, 1);
    }

    /// <summary>The range with room around it, so that no mark touches the frame.</summary>
    public static (double Low, double High) Padded((double Low, double High) range, double share = 0.06)
    {
        var span = range.High - range.Low;
        var pad = span > 0 ? share * span : Math.Max(0.5, 0.1 * Math.Abs(range.Low));
        return (range.Low - pad, range.High + pad);
    }

    public static object[] AsRange((double Low, double High) range)
    {
        var decimals = Decimals(range.High - range.Low);
        return [Math.Round(range.Low, decimals), Math.Round(range.High, decimals)];
    }

    /// <summary><paramref name="count"/> values from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public static double[] Spaced(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];

    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static int Decimals(double span) =>
        span > 0 && double.IsFinite(span) ? Math.Clamp((int)Math.Ceiling(-Math.Log10(span / 20_000)), 0, 15) : 5;
}
