using System.Text.Json;
using static TorchSharp.torch;

namespace RealNvp.Figures.Tests;

public partial class PlotTests
{
    private const int FigureLimit = 200_000;
    private const int AnimationLimit = 1_000_000;

    public static TheoryData<string> Kinds => [.. Gallery.All().Select(figure => figure.Name)];

    private static JsonElement Json(Plot plot) => JsonDocument.Parse(plot.ToJson()).RootElement;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_title_and_labels_and_keeps_to_its_size(string name)
    {
        var plot = Gallery.All().Single(figure => figure.Name == name).Plot;
        var layout = Json(plot).GetProperty("layout");
        Assert.False(string.IsNullOrWhiteSpace(layout.GetProperty("title").GetProperty("text").GetString()));
        var axes = layout.TryGetProperty("scene", out var scene) ? scene : layout;
        foreach (var axis in (string[])["xaxis", "yaxis"])
            Assert.False(string.IsNullOrWhiteSpace(axes.GetProperty(axis).GetProperty("title").GetProperty("text").GetString()));
        Assert.InRange(plot.ToHtml().Length, 500, plot.Frames.Count > 0 ? AnimationLimit : FigureLimit);
    }

    [Fact]
    public void An_animation_of_many_points_and_frames_keeps_to_its_size()
    {
        (string, Points)[] frames = [.. Enumerable.Range(0, 100).Select(i => ($"frame {i}", (Points)Gallery.Moons(5000)))];
        Assert.InRange(Plot.Animation("Many", "x", "y", frames).ToHtml().Length, 100_000, AnimationLimit);
    }

    [Fact]
    public void Slides_hold_the_axes_that_all_of_them_need()
    {
        Plot Line(double top) => Plot.Lines($"up to {top}", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, top }));
        var figure = Json(Plot.Slides("Lines rise", ("low", Line(1)), ("high", Line(9))));
        double[] range = [.. figure.GetProperty("layout").GetProperty("yaxis").GetProperty("range").EnumerateArray()
            .Select(end => end.GetDouble())];
        Assert.InRange(range[0], -2, 0);
        Assert.InRange(range[1], 9, 11);
        Assert.Equal(2, figure.GetProperty("frames").GetArrayLength());
        Assert.Equal(9, figure.GetProperty("frames")[1].GetProperty("data")[0].GetProperty("y")[1].GetDouble());
    }

    [Fact]
    public void Small_abscissas_survive_for_a_logarithmic_axis()
    {
        double[] steps = [1e-11, 3.21e-6, 0.1, 0.123456789];
        var x = Json(Plot.Lines("Errors", "step", "error", ("errors", steps, steps)).WithLogX()).GetProperty("data")[0]
            .GetProperty("x");
        Assert.Equal([1e-11, 3.21e-6, 0.1, 0.123457], x.EnumerateArray().Select(value => value.GetDouble()));
    }

    [Fact]
    public void Slides_of_pictures_carry_a_picture_each()
    {
        var figure = Json(
            Plot.Slides("It gets brighter", ("dark", Plot.Images("a", "x", "y", zeros(1, 4, 4))),
            ("light", Plot.Images("b", "x", "y", ones(1, 4, 4)))));
        string[] sources = [.. figure.GetProperty("frames").EnumerateArray()
            .Select(frame => frame.GetProperty("data")[0].GetProperty("source").GetString()!)];
        Assert.Equal(2, sources.Distinct().Count());
        Assert.All(sources, source => Assert.StartsWith("data:image/png;base64,", source, StringComparison.Ordinal));
    }

    [Fact]
    public void Slides_of_different_kinds_are_refused()
    {
        var line = Plot.Lines("line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 1 }));
        Assert.Throws<ArgumentException>(() => Plot.Slides("one", ("only", line)));
        var error =
            Assert.Throws<ArgumentException>(() => Plot.Slides("mixed", ("a", line), ("b", Plot.Jacobian("b", eye(2)))));
        Assert.Contains("(scatter), 'b' has (heatmap)", error.Message);
        Assert.Throws<ArgumentException>(() =>
            Plot.Slides("turning", ("a", Plot.Surface("s", "x", "y", "z", p => p.sum(1), PlotArea.Square(1))),
            ("b", Plot.Surface("s", "x", "y", "z", p => p.sum(1), PlotArea.Square(1)))));
    }

    [Fact]
    public void The_same_figure_is_the_same_text()
    {
        Plot Make() => Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));
        Assert.Equal(Make().ToHtml(), Make().ToHtml());
        Assert.NotEqual(Make().ToHtml(), Make().WithHeight(300).ToHtml());
    }

    [Fact]
    public void Measurements_keep_small_abscissas_and_their_error_bars()
    {
        var trace = Json(Plot.Measurements("Error", "tolerance", "error",
            ("solver", new[] { 1e-9, 1e-3, 1 }, new[] { 2e-9, 3e-3, 1 }, new[] { 1e-10, 1e-4, 0.1 })).WithLogX().WithLogY())
                .GetProperty("data")[0];
        Assert.Equal([1e-9, 1e-3, 1], trace.GetProperty("x").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([1e-10, 1e-4, 0.1], trace.GetProperty("error_y").GetProperty("array").EnumerateArray()
            .Select(value => value.GetDouble()));
        Assert.Throws<ArgumentException>(() =>
            Plot.Measurements("t", "x", "y", ("s", new[] { 1.0, 2 }, new[] { 1.0, 2 }, new[] { 1.0 })));
    }

    [Fact]
    public void Arrows_of_a_field_point_along_it_and_fit_their_cells()
    {
        var trace = Json(
            Plot.VectorField("Uniform flow to the right", "x", "y", p =>
                ones_like(p) * tensor(new[] { 3f, 0f }), PlotArea.Square(1), resolution: 5))
            .GetProperty("data")[0];
        double[] xs = [.. trace.GetProperty("x").EnumerateArray().Take(2).Select(value => value.GetDouble())];
        double[] ys = [.. trace.GetProperty("y").EnumerateArray().Take(2).Select(value => value.GetDouble())];
        Assert.Equal(0.95 * 0.5, xs[1] - xs[0], 3);   // four cells of half a unit
        Assert.Equal(ys[0], ys[1], 6);
        Assert.Throws<ArgumentException>(() => Plot.VectorField("t", "x", "y", p => p.sum(1), PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.VectorField("t", "x", "y", p => p, PlotArea.Square(1), zeros(4, 2)));
    }

    [Fact]
    public void Slices_under_a_map_keep_their_mass()
    {
        // Under z = 2 x a uniform density on [0, 1] becomes 1/2 on [0, 2]: each of four slices is half a unit wide there.
        var plot = Plot.MassUnderMap("Slices", "x", "z", x => ones_like(x), x => 2 * x, 0, 1, slices: 4);
        JsonElement[] traces = [.. Json(plot).GetProperty("data").EnumerateArray()];
        Assert.Equal(12, traces.Length);
        double[] Numbers(JsonElement trace, string axis) =>
            [.. trace.GetProperty(axis).EnumerateArray().Select(value => value.GetDouble())];
        for (var k = 0; k < 4; k++)
        {
            (var mass, var z) = (Numbers(traces[3 * k + 1], "x"), Numbers(traces[3 * k + 1], "y"));
            Assert.Equal(0.5, z.Max() - z.Min(), 0.01);
            Assert.All(mass[1..^1], height => Assert.Equal(0.5, height, 1e-3));
        }
    }

    [Fact]
    public void A_matrix_without_negative_values_begins_its_scale_at_zero_and_counts_are_printed_as_such()
    {
        JsonElement Cells(Tensor matrix) => Json(Plot.Matrix("Cells", "columns", "rows", matrix)).GetProperty("data")[0];
        var ranks = Cells(tensor(new[,] { { 1.0, 12 }, { 3, 2 } }));
        Assert.Equal(0, ranks.GetProperty("zmin").GetDouble());
        Assert.Equal("12", ranks.GetProperty("text")[0][1].GetString());
        var signed = Cells(tensor(new[,] { { -1.0, 0.5 } }));
        Assert.Equal(-1, signed.GetProperty("zmin").GetDouble());
        Assert.Equal("-1.00", signed.GetProperty("text")[0][0].GetString());
    }

    [Fact]
    public void A_map_that_falls_has_no_picture_of_slices() =>
        Assert.Contains("increasing",
        Assert.Throws<ArgumentException>(() => Plot.MassUnderMap("Slices", "x", "z", x => ones_like(x), x => -x, 0, 1)).Message);

    [Theory]
    [InlineData("", "x", "y")]
    [InlineData("title", " ", "y")]
    [InlineData("title", "x", "")]
    public void Blank_title_or_label_is_refused(string title, string x, string y)
    {
        Points points = new double[,] { { 0, 1 } };
        Series line = new double[] { 0, 1 };
        Assert.Throws<ArgumentException>(() => Plot.Scatter(title, x, y, ("p", points)));
        Assert.Throws<ArgumentException>(() => Plot.Lines(title, x, y, ("l", line, line)));
        Assert.Throws<ArgumentException>(() => Plot.TrainingCurve(title, x, y, ("l", line, line)));
        Assert.Throws<ArgumentException>(() => Plot.Histogram(title, x, y, ("h", line)));
        Assert.Throws<ArgumentException>(() => Plot.Bars(title, x, y, ("b", 1, 0)));
        Assert.Throws<ArgumentException>(() => Plot.Comparison(title, x, y, ("b", 1, 0)));
        Assert.Throws<ArgumentException>(() => Plot.Animation(title, x, y, ("a", points), ("b", points)));
        if (title == "")
            Assert.Throws<ArgumentException>(
                () => Plot.Slides(title, ("a", Plot.Scatter("t", "x", "y", ("p", points))),
                ("b", Plot.Scatter("t", "x", "y", ("p", points)))));
        Assert.Throws<ArgumentException>(() => Plot.Density(title, x, y, p => p.sum(1), PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Measurements(title, x, y, ("m", line, line, line)));
        Assert.Throws<ArgumentException>(() => Plot.VectorField(title, x, y, p => p, PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Surface(title, x, y, "z", p => p.sum(1), PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Matrix(title, x, y, eye(2)));
        Assert.Throws<ArgumentException>(() => Plot.GridUnderMap(title, x, y, p => p, PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Images(title, x, y, rand(1, 1, 2, 2)));
    }
}
