using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Figures.Tests;

public class PlotTests
{
    private const int FigureLimit = 200_000;
    private const int AnimationLimit = 1_000_000;

    public static TheoryData<string> Kinds => [.. Gallery.All().Select(figure => figure.Name)];

    private static JsonElement Json(Plot plot) => JsonDocument.Parse(plot.ToJson()).RootElement;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_title_and_labels_and_keeps_to_its_size(string name)
    {
        Plot plot = Gallery.All().Single(figure => figure.Name == name).Plot;
        JsonElement layout = Json(plot).GetProperty("layout");
        Assert.False(string.IsNullOrWhiteSpace(layout.GetProperty("title").GetProperty("text").GetString()));
        JsonElement axes = layout.TryGetProperty("scene", out JsonElement scene) ? scene : layout;
        foreach (string axis in (string[])["xaxis", "yaxis"])
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
        JsonElement figure = Json(Plot.Slides("Lines rise", ("low", Line(1)), ("high", Line(9))));
        double[] range = [.. figure.GetProperty("layout").GetProperty("yaxis").GetProperty("range").EnumerateArray().Select(end => end.GetDouble())];
        Assert.InRange(range[0], -2, 0);
        Assert.InRange(range[1], 9, 11);
        Assert.Equal(2, figure.GetProperty("frames").GetArrayLength());
        Assert.Equal(9, figure.GetProperty("frames")[1].GetProperty("data")[0].GetProperty("y")[1].GetDouble());
    }

    [Fact]
    public void Small_abscissas_survive_for_a_logarithmic_axis()
    {
        double[] steps = [1e-11, 3.21e-6, 0.1, 0.123456789];
        JsonElement x = Json(Plot.Lines("Errors", "step", "error", ("errors", steps, steps)).WithLogX()).GetProperty("data")[0].GetProperty("x");
        Assert.Equal([1e-11, 3.21e-6, 0.1, 0.123457], x.EnumerateArray().Select(value => value.GetDouble()));
    }

    [Fact]
    public void Slides_of_pictures_carry_a_picture_each()
    {
        JsonElement figure = Json(Plot.Slides("It gets brighter", ("dark", Plot.Images("a", "x", "y", zeros(1, 4, 4))), ("light", Plot.Images("b", "x", "y", ones(1, 4, 4)))));
        string[] sources = [.. figure.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("data")[0].GetProperty("source").GetString()!)];
        Assert.Equal(2, sources.Distinct().Count());
        Assert.All(sources, source => Assert.StartsWith("data:image/png;base64,", source, StringComparison.Ordinal));
    }

    [Fact]
    public void Slides_of_different_kinds_are_refused()
    {
        Plot line = Plot.Lines("line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 1 }));
        Assert.Throws<ArgumentException>(() => Plot.Slides("one", ("only", line)));
        ArgumentException error = Assert.Throws<ArgumentException>(() => Plot.Slides("mixed", ("a", line), ("b", Plot.Jacobian("b", eye(2)))));
        Assert.Contains("(scatter), 'b' has (heatmap)", error.Message);
        Assert.Throws<ArgumentException>(() => Plot.Slides("turning", ("a", Plot.Surface("s", "x", "y", "z", p => p.sum(1), Domain.Square(1))),
            ("b", Plot.Surface("s", "x", "y", "z", p => p.sum(1), Domain.Square(1)))));
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
        JsonElement trace = Json(Plot.Measurements("Error", "tolerance", "error",
            ("solver", new[] { 1e-9, 1e-3, 1 }, new[] { 2e-9, 3e-3, 1 }, new[] { 1e-10, 1e-4, 0.1 })).WithLogX().WithLogY()).GetProperty("data")[0];
        Assert.Equal([1e-9, 1e-3, 1], trace.GetProperty("x").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([1e-10, 1e-4, 0.1], trace.GetProperty("error_y").GetProperty("array").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Throws<ArgumentException>(() => Plot.Measurements("t", "x", "y", ("s", new[] { 1.0, 2 }, new[] { 1.0, 2 }, new[] { 1.0 })));
    }

    [Fact]
    public void Arrows_of_a_field_point_along_it_and_fit_their_cells()
    {
        JsonElement trace = Json(Plot.VectorField("Uniform flow to the right", "x", "y", p => ones_like(p) * tensor(new[] { 3f, 0f }), Domain.Square(1), resolution: 5))
            .GetProperty("data")[0];
        double[] xs = [.. trace.GetProperty("x").EnumerateArray().Take(2).Select(value => value.GetDouble())];
        double[] ys = [.. trace.GetProperty("y").EnumerateArray().Take(2).Select(value => value.GetDouble())];
        Assert.Equal(0.95 * 0.5, xs[1] - xs[0], 3);   // four cells of half a unit
        Assert.Equal(ys[0], ys[1], 6);
        Assert.Throws<ArgumentException>(() => Plot.VectorField("t", "x", "y", p => p.sum(1), Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.VectorField("t", "x", "y", p => p, Domain.Square(1), zeros(4, 2)));
    }

    [Fact]
    public void Slices_under_a_map_keep_their_mass()
    {
        // Under z = 2 x a uniform density on [0, 1] becomes 1/2 on [0, 2]: each of four slices is half a unit wide there.
        Plot plot = Plot.MassUnderMap("Slices", "x", "z", x => ones_like(x), x => 2 * x, 0, 1, slices: 4);
        JsonElement[] traces = [.. Json(plot).GetProperty("data").EnumerateArray()];
        Assert.Equal(12, traces.Length);
        double[] Numbers(JsonElement trace, string axis) => [.. trace.GetProperty(axis).EnumerateArray().Select(value => value.GetDouble())];
        for (int k = 0; k < 4; k++)
        {
            (double[] mass, double[] z) = (Numbers(traces[3 * k + 1], "x"), Numbers(traces[3 * k + 1], "y"));
            Assert.Equal(0.5, z.Max() - z.Min(), 0.01);
            Assert.All(mass[1..^1], height => Assert.Equal(0.5, height, 1e-3));
        }
    }

    [Fact]
    public void A_matrix_without_negative_values_begins_its_scale_at_zero_and_counts_are_printed_as_such()
    {
        JsonElement Cells(Tensor matrix) => Json(Plot.Matrix("Cells", "columns", "rows", matrix)).GetProperty("data")[0];
        JsonElement ranks = Cells(tensor(new[,] { { 1.0, 12 }, { 3, 2 } }));
        Assert.Equal(0, ranks.GetProperty("zmin").GetDouble());
        Assert.Equal("12", ranks.GetProperty("text")[0][1].GetString());
        JsonElement signed = Cells(tensor(new[,] { { -1.0, 0.5 } }));
        Assert.Equal(-1, signed.GetProperty("zmin").GetDouble());
        Assert.Equal("-1.00", signed.GetProperty("text")[0][0].GetString());
    }

    [Fact]
    public void A_map_that_falls_has_no_picture_of_slices() =>
        Assert.Contains("increasing", Assert.Throws<ArgumentException>(() => Plot.MassUnderMap("Slices", "x", "z", x => ones_like(x), x => -x, 0, 1)).Message);

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
        if (title == "") Assert.Throws<ArgumentException>(() => Plot.Slides(title, ("a", Plot.Scatter("t", "x", "y", ("p", points))), ("b", Plot.Scatter("t", "x", "y", ("p", points)))));
        Assert.Throws<ArgumentException>(() => Plot.Density(title, x, y, p => p.sum(1), Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Measurements(title, x, y, ("m", line, line, line)));
        Assert.Throws<ArgumentException>(() => Plot.VectorField(title, x, y, p => p, Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Surface(title, x, y, "z", p => p.sum(1), Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Matrix(title, x, y, eye(2)));
        Assert.Throws<ArgumentException>(() => Plot.GridUnderMap(title, x, y, p => p, Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Images(title, x, y, rand(1, 1, 2, 2)));
    }

    [Fact]
    public void Text_cannot_leave_its_place()
    {
        const string hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        string html = Plot.Scatter(hostile, hostile, hostile, (hostile, new double[,] { { 0, 1 } })).ToHtml();
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "</script>"));
        Assert.DoesNotContain("<img src=x", html);
    }

    [Fact]
    public void Nan_leaves_a_gap()
    {
        JsonElement line = Json(Plot.Lines("Gap", "x", "y", ("l", new double[] { 0, 1, 2 }, new[] { 1, double.NaN, double.PositiveInfinity })))
            .GetProperty("data")[0];
        Assert.Equal([1, null, null], line.GetProperty("y").EnumerateArray().Select(y => y.ValueKind == JsonValueKind.Null ? (double?)null : y.GetDouble()));
    }

    [Fact]
    public void Tensors_of_any_type_become_points()
    {
        double[,] expected = { { 0.5, 1 }, { -2, 3 } };
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.Float16])
        {
            using Tensor points = tensor(expected).to(type);
            points.requires_grad_();
            JsonElement trace = Json(Plot.Scatter("T", "x", "y", ("p", points))).GetProperty("data")[0];
            Assert.Equal([0.5, -2], trace.GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
            Assert.Equal([1.0, 3], trace.GetProperty("y").EnumerateArray().Select(y => y.GetDouble()));
        }
    }

    [Fact]
    public void Transposed_tensors_keep_their_rows()
    {
        Points points = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).t();
        Assert.Equal([1.0, 2, 3], points.X);
        Assert.Equal([4.0, 5, 6], points.Y);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        Assert.Contains("[4, 3]", Assert.Throws<ArgumentException>(() => Plot.Scatter("T", "x", "y", ("p", zeros(4, 3)))).Message);
        Assert.Contains("[4, 3]", Assert.Throws<ArgumentException>(() => Plot.Histogram("T", "x", "y", ("p", zeros(4, 3)))).Message);
        Assert.Contains("[5, 2, 3, 3]", Assert.Throws<ArgumentException>(() => Plot.Images("T", "x", "y", zeros(5, 2, 3, 3))).Message);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => Plot.Matrix("T", "x", "y", zeros(3))).Message);
        Assert.Contains("returned 1", Assert.Throws<ArgumentException>(() => Plot.Density("T", "x", "y", p => p.sum(), Domain.Square(1))).Message);
        Assert.Throws<ArgumentException>(() => Plot.GridUnderMap("T", "a", "b", p => p.sum(1), Domain.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Lines("T", "x", "y", ("l", new double[] { 1 }, new double[] { 1, 2 })));
    }

    [Fact]
    public void Density_is_drawn_where_it_was_evaluated()
    {
        // p(x) = exp(x1 + 2 x2): at the corner (1, 2) the largest, and each row of z is one y.
        JsonElement trace = Json(Plot.Density("T", "x", "y", p => p.select(1, 0) + 2 * p.select(1, 1), new Domain(-1, 1, -2, 2), resolution: 5)).GetProperty("data")[0];
        double[][] z = [.. trace.GetProperty("z").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
        Assert.Equal(Math.Exp(5), z[4][4], 1.0 / 100);
        Assert.Equal(Math.Exp(0.5 + 2), z[3][3], 1.0 / 100);
        Assert.Equal(Math.Exp(1 - 2 * 1 + 0), z[1][4], 1.0 / 100);
    }

    [Fact]
    public void Mass_contour_encloses_its_share()
    {
        // For a standard normal the smallest region that holds mass m is a disc with r^2 = -2 log(1 - m).
        Plot plot = Plot.Density("T", "x", "y", p => -0.5 * p.pow(2).sum(1), Domain.Square(5), scale: DensityScale.Mass, resolution: 201);
        JsonElement z = Json(plot).GetProperty("data")[0].GetProperty("z");
        foreach (int right in (int[])[20, 40, 60])
        {
            double r = right * 10.0 / 200;
            Assert.Equal(1 - Math.Exp(-r * r / 2), z[100][100 + right].GetDouble(), 0.01); // a cell is 0.05 wide
        }
    }

    [Fact]
    public void Histogram_has_area_one()
    {
        JsonElement bars = Json(Plot.Histogram("T", "x", "y", ("s", rand(1000)))).GetProperty("data")[0];
        double width = bars.GetProperty("width").GetDouble();
        Assert.Equal(1, bars.GetProperty("y").EnumerateArray().Sum(y => y.GetDouble() * width), 1e-3);
    }

    [Fact]
    public void Thinning_says_so_and_spikes_survive_it()
    {
        JsonElement cloud = Json(Plot.Scatter("T", "x", "y", ("data", rand(20_000, 2)))).GetProperty("data")[0];
        Assert.Equal("data (8000 of 20000)", cloud.GetProperty("name").GetString());
        Assert.Equal(8000, cloud.GetProperty("x").GetArrayLength());

        double[] losses = new double[100_000];
        losses[54_321] = 9;
        JsonElement line = Json(Plot.Lines("T", "x", "y", ("l", Enumerable.Range(0, 100_000).ToArray(), losses))).GetProperty("data")[0];
        Assert.InRange(line.GetProperty("y").GetArrayLength(), 100, 1500);
        Assert.Contains(9.0, line.GetProperty("y").EnumerateArray().Select(y => y.GetDouble()));
    }

    [Fact]
    public void Rounding_is_finer_than_a_pixel()
    {
        double[,] points = { { 1000.123456, 0 }, { 1000.987654, 1 } };
        double[] drawn = [.. Json(Plot.Scatter("T", "x", "y", ("p", points))).GetProperty("data")[0].GetProperty("x").EnumerateArray().Select(x => x.GetDouble())];
        for (int i = 0; i < 2; i++) Assert.Equal(points[i, 0], drawn[i], (points[1, 0] - points[0, 0]) / 10_000);
    }

    [Fact]
    public void Animation_moves_the_same_points_through_every_frame()
    {
        JsonElement figure = Json(Plot.Animation("T", "x", "y", ("a", zeros(3, 2)), ("b", ones(3, 2)), ("c", 2 * ones(3, 2))));
        Assert.Equal(3, figure.GetProperty("frames").GetArrayLength());
        Assert.Equal([2.0, 2, 2], figure.GetProperty("frames")[2].GetProperty("data")[0].GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal(3, figure.GetProperty("layout").GetProperty("sliders")[0].GetProperty("steps").GetArrayLength());
        Assert.Throws<ArgumentException>(() => Plot.Animation("T", "x", "y", ("a", zeros(3, 2)), ("b", zeros(4, 2))));
        Assert.Throws<ArgumentException>(() => Plot.Animation("T", "x", "y", ("a", zeros(3, 2))));
    }

    [Fact]
    public void Side_by_side_gives_every_panel_its_axes()
    {
        Plot One(string name) => Plot.Scatter(name, "x", "y", ("data", rand(10, 2)));
        JsonElement figure = Json(Plot.SideBySide("T", true, One("a"), One("b"), One("c")));
        Assert.Equal(["x", "x2", "x3"], figure.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("xaxis").GetString()));
        Assert.Equal("x", figure.GetProperty("layout").GetProperty("xaxis3").GetProperty("matches").GetString());
        Assert.Throws<ArgumentException>(() => Plot.SideBySide("T", true, One("a")));
        Assert.Throws<ArgumentException>(() => Plot.SideBySide("T", true, One("a"), Plot.Surface("s", "x", "y", "z", p => p.sum(1), Domain.Square(1))));
    }

    [Fact]
    public void A_figure_is_never_changed()
    {
        Plot plot = Plot.Lines("T", "x", "y", ("l", new double[] { 0, 1 }, new double[] { 0, 1 }));
        string before = plot.ToJson();
        _ = plot.WithCurve("c", x => x).WithHorizontalLine("h", 1).WithHeight(300).WithLogY().WithEqualAspect().WithDomain(Domain.Square(1));
        _ = Plot.SideBySide("two", false, plot, plot);
        Assert.Equal(before, plot.ToJson());
    }

    [Fact]
    public void Saving_writes_a_page_and_leaves_nothing_else()
    {
        using TemporaryFolder folder = new();
        string page = Path.Combine(folder.Path, "figure.html");
        Plot.Lines("T", "x", "y", ("l", new double[] { 0, 1 }, new double[] { 0, 1 })).Save(page);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(page));
        Assert.Equal([page], Directory.GetFiles(folder.Path));
    }
}
