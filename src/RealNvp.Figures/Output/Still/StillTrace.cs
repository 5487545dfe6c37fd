using System.Globalization;
using System.Text;

namespace RealNvp.Figures.Output.Still;

/// <summary>A trace of a still picture.</summary>
internal static class StillTrace
{
    private const int MostPoints = 400;
    private const int MostInSmallPanel = 130;
    private const double SmallPanel = 250;
    private const int MostVertices = 700;

    public static string Drawn(PlotlyObject trace, StillAxis x, StillAxis y, double width, double height, int index) =>
        (string)trace["type"]! switch
        {
            "scatter" => Scatter(trace, x, y, width, height, index),
            "bar" => Bars(trace, x, y, width, height, index),
            "contour" => Cells(trace, x, y, width, height) + StillContours.Drawn(trace, x, y, width, height),
            "heatmap" or "surface" => Cells(trace, x, y, width, height),
            "image" => Image((string)trace["source"]!, 0, 0, width, height),
            _ => "",
        };

    public static string ColourOf(PlotlyObject trace, int index)
    {
        foreach (var part in (string[])["line", "marker"])
            if (trace.TryGetValue(part, out var look) && look is PlotlyObject props
                && props.TryGetValue("color", out var colour) && colour is string name)
                return name;
        return Palette.Category(index);
    }

    private static string Scatter(PlotlyObject trace, StillAxis x, StillAxis y, double width, double height, int index)
    {
        var xs = Shares(trace["x"], x);
        var ys = Shares(trace["y"], y);
        StringBuilder svg = new();
        var mode = trace.TryGetValue("mode", out var asked) ? (string)asked! : "markers";
        if (trace.TryGetValue("error_x", out var errors) && errors is PlotlyObject { } bars
            && bars["array"] is double?[] lengths)
            for (var i = 0; i < xs.Length; i++)
                svg.Append(CultureInfo.InvariantCulture,
                    $"<path d=\"M{(xs[i] - lengths[i] / (x.High - x.Low)) * width:0.#} "
                    + $"{(1 - ys[i]) * height:0.#}H{(xs[i] + lengths[i] / (x.High - x.Low)) * width:0.#}\" "
                    + $"stroke=\"{Palette.Grey}\" stroke-width=\"2\"/>");
        if (trace.TryGetValue("error_y", out errors) && errors is PlotlyObject { } upright
            && upright["array"] is double?[] halves && trace["y"] is double?[] values)
            for (var i = 0; i < xs.Length; i++)
            {
                double low = y.Share((values[i] ?? double.NaN) - (halves[i] ?? 0)),
                    high = y.Share((values[i] ?? double.NaN) + (halves[i] ?? 0));
                if (double.IsFinite(low) && double.IsFinite(high))
                    svg.Append(CultureInfo.InvariantCulture,
                        $"<path d=\"M{xs[i] * width:0.#} {(1 - low) * height:0.#}V{(1 - high) * height:0.#}\" "
                        + $"stroke=\"{ColourOf(trace, index)}\" stroke-width=\"2\"/>");
            }
        if (mode.Contains("lines"))
        {
            var dashed = trace.TryGetValue("line", out var line) && ((PlotlyObject)line!).ContainsKey("dash");
            svg.Append(CultureInfo.InvariantCulture,
                $"<path d=\"{Path(xs, ys, width, height)}\" fill=\"none\" stroke=\"{ColourOf(trace, index)}\" "
                + $"stroke-width=\"{(xs.Length > 900 ? 1 : 1.8)}\"{(dashed ? " stroke-dasharray=\"7 5\"" : "")}/>");
        }
        if (mode.Contains("markers"))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g fill=\"{ColourOf(trace, index)}\" fill-opacity=\"0.7\">");
            foreach (var i in AxisNumbers.Thinned(xs.Length, width < SmallPanel ? MostInSmallPanel : MostPoints))
                if (double.IsFinite(xs[i]) && double.IsFinite(ys[i]))
                    svg.Append(CultureInfo.InvariantCulture,
                        $"<circle cx=\"{xs[i] * width:0.#}\" cy=\"{(1 - ys[i]) * height:0.#}\" "
                        + $"r=\"{(xs.Length <= 20 ? 5 : 2.4)}\"/>");
            svg.Append("</g>");
        }
        if (mode.Contains("text") && trace["text"] is string[] texts)
            for (var i = 0; i < xs.Length; i++)
                svg.Append(StillPicture.Words(texts[i], xs[i] * width, (1 - ys[i]) * height - 10, 12, "middle"));
        return svg.ToString();
    }

    // A gap in the numbers is a gap in the line; vertices that a picture of this size cannot show are left out.
    private static string Path(double[] xs, double[] ys, double width, double height)
    {
        StringBuilder path = new();
        var every = Math.Max(1, xs.Length / MostVertices);
        var pen = false;
        for (var i = 0; i < xs.Length; i++)
        {
            var there = double.IsFinite(xs[i]) && double.IsFinite(ys[i]);
            var edge = !there || i == xs.Length - 1 || !double.IsFinite(xs[i + 1]);
            if (there && pen && !edge && i % every != 0) continue;
            if (there)
                path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{xs[i] * width:0.#} {(1 - ys[i]) * height:0.#}");
            pen = there;
        }
        return path.ToString();
    }

    private static string Bars(PlotlyObject trace, StillAxis x, StillAxis y, double width, double height, int index)
    {
        var xs = Shares(trace["x"], x);
        var ys = Shares(trace["y"], y);
        var zero = y.Share(0);
        var across = trace["x"] is string[]? 0.6 / xs.Length * width
            : Convert.ToDouble(trace["width"], CultureInfo.InvariantCulture) / (x.High - x.Low) * width;
        StringBuilder svg = new();
        for (var i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(ys[i])) continue;
            var colour = ((PlotlyObject)trace["marker"]!)["color"] is string[] colours ? colours[i] : ColourOf(trace, index);
            var top = (1 - Math.Max(ys[i], zero)) * height;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{xs[i] * width - across / 2:0.##}\" y=\"{top:0.#}\" width=\"{across:0.##}\" "
                + $"height=\"{Math.Abs(ys[i] - zero) * height:0.#}\" fill=\"{colour}\" fill-opacity=\"0.65\"/>");
            if (trace.TryGetValue("text", out var texts) && texts is string[] words)
                svg.Append(StillPicture.Words(words[i], xs[i] * width, Math.Max(12, top - 5), 12, "middle"));
        }
        return svg.ToString();
    }

    private static string Cells(PlotlyObject trace, StillAxis x, StillAxis y, double width, double height)
    {
        var z = (double?[][])trace["z"]!;
        (var rows, var columns) = (z.Length, z[0].Length);
        (var low, var high) = trace.TryGetValue("zmin", out var least)
            ? (Convert.ToDouble(least, CultureInfo.InvariantCulture),
                Convert.ToDouble(trace["zmax"], CultureInfo.InvariantCulture))
            : AxisNumbers.Range(z.SelectMany(row => row.Select(value => value ?? double.NaN)));
        var scale = (object[])trace["colorscale"]!;
        var pixels = new byte[rows * columns * 4];
        // The picture's rows run downwards; those of a density run upwards, those of a matrix downwards.
        var upwards = trace["y"] is not string[];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                if (z[upwards ? rows - 1 - i : i][j] is { } value)
                    Colour(scale, high > low ? (value - low) / (high - low) : 0.5).CopyTo(pixels, 4 * (i * columns + j));
        var source = "data:image/png;base64," + Convert.ToBase64String(Png.Encode(pixels, columns, rows));
        StringBuilder svg = new(Image(source, 0, 0, width, height, smooth: upwards));
        if (trace.TryGetValue("text", out var texts) && texts is string[][] words)
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var under = Colour(scale, ((z[i][j] ?? 0) - low) / (high - low));
                    var dark = 0.299 * under[0] + 0.587 * under[1] + 0.114 * under[2] < 128;
                    svg.Append("<g fill=\"").Append(dark ? "#fff" : "#333").Append("\">")
                        .Append(StillPicture.Words(words[i][j], (j + 0.5) * width / columns, (i + 0.5) * height / rows + 4,
                            columns <= 8 ? 13 : 10, "middle")).Append("</g>");
                }
        return svg.ToString();
    }

    private static string Image(string source, double x, double y, double width, double height, bool smooth = false) =>
        string.Create(CultureInfo.InvariantCulture,
        $"<image x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" preserveAspectRatio=\"none\" "
        + $"style=\"image-rendering:{(smooth ? "auto" : "pixelated")}\" href=\"{source}\"/>");

    private static byte[] Colour(object[] scale, double share)
    {
        var at = Math.Clamp(share, 0, 1) * (scale.Length - 1);
        var below = Math.Min((int)at, scale.Length - 2);
        (var from, var to) = (Parsed(scale[below]), Parsed(scale[below + 1]));
        var part = at - below;
        return [.. Enumerable.Range(0, 3).Select(c => (byte)Math.Round(from[c] + part * (to[c] - from[c]))), 255];
    }

    private static byte[] Parsed(object stop) => Convert.FromHexString(((string)((object[])stop)[1])[1..]);

    private static double[] Shares(object? values, StillAxis axis) => values switch
    {
        string[] categories => [.. categories.Select(axis.Share)],
        double?[] numbers => [.. numbers.Select(number => number is { } value ? axis.Share(value) : double.NaN)],
        _ => [],
    };
}
