using RealNvp.Figures.Output;
using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>Pictures in rows and columns, each pixel a sharp square.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">What the columns are: "samples".</param>
    /// <param name="y">What the rows are: "temperature".</param>
    /// <param name="images">N images [N, C, H, W] with C of 1 or 3, or [N, H, W], in [0, 1]; values outside are clipped.</param>
    /// <param name="columns">Images in a row.</param>
    /// <exception cref="ArgumentException">A label is blank, there is no image, or the number of channels is neither 1 nor
    /// 3.</exception>
    public static Plot Images(string title, string x, string y, Tensor images, int columns = 8)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.dim() == 3 ? [images.shape[0], 1, images.shape[1], images.shape[2]] : images.shape;
        if (shape.Length != 4 || shape.Contains(0) || shape[1] is not (1 or 3))
            throw new ArgumentException(
                $"Expected images of shape [N, 1 or 3, H, W] or [N, H, W]; given {Tensors.Shape(images)}.", nameof(images));
        (var count, var channels, var height, var width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        if (columns < 1) throw new ArgumentOutOfRangeException(nameof(columns), columns, "Expected at least one image in a row.");

        columns = Math.Min(columns, count);
        var rows = (count + columns - 1) / columns;
        PlotlyObject picture = new()
        {
            ["type"] = "image",
            ["source"] = "data:image/png;base64,"
                + Convert.ToBase64String(Montage(Tensors.Values(images), count, channels, height, width, rows, columns)),
            ["hoverinfo"] = "skip",
        };
        var layout = Axes(x, y, (-0.5, columns * (width + 1) - 1.5), (rows * (height + 1) - 1.5, -0.5));
        // A white picture on a white page has an edge, too: grey shows between pictures and around them.
        layout["plot_bgcolor"] = "rgba(128,136,146,0.35)";
        foreach (var name in (string[])["xaxis", "yaxis"])
        {
            var axis = layout.Inner(name);
            (axis["showgrid"], axis["showline"], axis["mirror"], axis["ticks"], axis["constrain"]) =
                (false, true, true, "", "domain");
            // Not showticklabels = false: without them plotly.js 2 sets the axis's title at the other end of the figure.
            axis["tickfont"] = new PlotlyObject { ["size"] = 1, ["color"] = "rgba(0,0,0,0)" };
        }
        (layout.Inner("yaxis")["scaleanchor"], layout.Inner("yaxis")["scaleratio"]) = ("x", 1);
        var tall = 820.0 * (rows * (height + 1)) / (columns * (width + 1));
        layout["height"] = (int)Math.Clamp(tall + 110, 220, 760);
        return Make(title, layout, [picture]);
    }

    // One pixel of nothing between two images.
    internal static byte[] Montage(double[] values, int count, int channels, int height, int width, int rows, int columns)
    {
        (var tall, var wide) = (rows * (height + 1) - 1, columns * (width + 1) - 1);
        var pixels = new byte[tall * wide * 4];
        for (var n = 0; n < count; n++)
            for (var i = 0; i < height; i++)
                for (var j = 0; j < width; j++)
                {
                    var at = 4 * ((n / columns * (height + 1) + i) * wide + n % columns * (width + 1) + j);
                    for (var c = 0; c < 3; c++)
                        pixels[at + c] = Level(values[((n * channels + (channels == 3 ? c : 0)) * height + i) * width + j]);
                    pixels[at + 3] = 255;
                }
        return Png.Encode(pixels, wide, tall);
    }

    private static byte Level(double value) => double.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
}
