using System.Text.Json;
using static TorchSharp.torch;

namespace RealNvp.Figures.Tests;

public partial class PlotTests
{
    [Fact]
    public void Text_cannot_leave_its_place()
    {
        const string hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        var html = Plot.Scatter(hostile, hostile, hostile, (hostile, new double[,] { { 0, 1 } })).ToHtml();
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "</script>"));
        Assert.DoesNotContain("<img src=x", html);
    }

    [Fact]
    public void Nan_leaves_a_gap()
    {
        var line = Json(Plot.Lines("Gap", "x", "y",
            ("l", new double[] { 0, 1, 2 }, new[] { 1, double.NaN, double.PositiveInfinity })))
            .GetProperty("data")[0];
        Assert.Equal([1, null, null], line.GetProperty("y").EnumerateArray()
            .Select(y => y.ValueKind == JsonValueKind.Null ? (double?)null : y.GetDouble()));
    }

    [Fact]
    public void Tensors_of_any_type_become_points()
    {
        double[,] expected = { { 0.5, 1 }, { -2, 3 } };
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.Float16])
        {
            using var points = tensor(expected).to(type);
            points.requires_grad_();
            var trace = Json(Plot.Scatter("T", "x", "y", ("p", points))).GetProperty("data")[0];
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
        Assert.Contains("[4, 3]", Assert.Throws<ArgumentException>(() => Plot.Scatter("T", "x", "y", ("p", zeros(4, 3))))
            .Message);
        Assert.Contains("[4, 3]", Assert.Throws<ArgumentException>(() => Plot.Histogram("T", "x", "y", ("p", zeros(4, 3))))
            .Message);
        Assert.Contains("[5, 2, 3, 3]", Assert.Throws<ArgumentException>(() => Plot.Images("T", "x", "y", zeros(5, 2, 3, 3)))
            .Message);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => Plot.Matrix("T", "x", "y", zeros(3))).Message);
        Assert.Contains("returned 1",
            Assert.Throws<ArgumentException>(() => Plot.Density("T", "x", "y", p => p.sum(), PlotArea.Square(1))).Message);
        Assert.Throws<ArgumentException>(() => Plot.GridUnderMap("T", "a", "b", p => p.sum(1), PlotArea.Square(1)));
        Assert.Throws<ArgumentException>(() => Plot.Lines("T", "x", "y", ("l", new double[] { 1 }, new double[] { 1, 2 })));
    }

    [Fact]
    public void Density_is_drawn_where_it_was_evaluated()
    {
        // p(x) = exp(x1 + 2 x2): at the corner (1, 2) the largest, and each row of z is one y.
        var trace = Json(
            Plot.Density("T", "x", "y", p => p.select(1, 0) + 2 * p.select(1, 1), new PlotArea(-1, 1, -2, 2), resolution: 5))
                .GetProperty("data")[0];
        double[][] z = [.. trace.GetProperty("z").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
        Assert.Equal(Math.Exp(5), z[4][4], 1.0 / 100);
        Assert.Equal(Math.Exp(0.5 + 2), z[3][3], 1.0 / 100);
        Assert.Equal(Math.Exp(1 - 2 * 1 + 0), z[1][4], 1.0 / 100);
    }

    [Fact]
    public void Mass_contour_encloses_its_share()
    {
        // For a standard normal the smallest region that holds mass m is a disc with r^2 = -2 log(1 - m).
        var plot = Plot.Density("T", "x", "y", p =>
            -0.5 * p.pow(2).sum(1), PlotArea.Square(5), scale: DensityScale.Mass, resolution: 201);
        var z = Json(plot).GetProperty("data")[0].GetProperty("z");
        foreach (var right in (int[])[20, 40, 60])
        {
            var r = right * 10.0 / 200;
            Assert.Equal(1 - Math.Exp(-r * r / 2), z[100][100 + right].GetDouble(), 0.01); // a cell is 0.05 wide
        }
    }

    [Fact]
    public void A_second_sample_is_an_outline_of_area_one_that_hides_nothing()
    {
        var outline = Json(Plot.Histogram("T", "x", "y", ("a", rand(1000)), ("b", rand(500)))).GetProperty("data")[1];
        Assert.Equal(("scatter", "lines"), (outline.GetProperty("type").GetString(), outline.GetProperty("mode").GetString()));
        double[] Numbers(string name) => [.. outline.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
        var (x, y) = (Numbers("x"), Numbers("y"));
        // Trapezoids under the steps; heights have five significant digits, edges a twenty-thousandth of the range.
        Assert.Equal(1, x.Zip(x[1..]).Zip(y.Zip(y[1..]), (a, b) => (a.Second - a.First) * (b.First + b.Second) / 2).Sum(), 1e-2);
        Assert.Equal((0, 0), (y[0], y[^1]));
    }

    [Fact]
    public void A_curve_goes_as_far_as_the_histogram_below_it()
    {
        var data = Json(Plot.Histogram("T", "x", "y", ("a", linspace(2, 5, 1000))).WithCurve("c", x => x)).GetProperty("data");
        var along = data[1].GetProperty("x").EnumerateArray().Select(number => number.GetDouble()).ToArray();
        Assert.Equal((2, 5), (Math.Round(along[0], 3), Math.Round(along[^1], 3)));
    }

    [Theory]
    [InlineData(1, 60, "D2")]
    [InlineData(1e-6, 1, "1")]
    [InlineData(1e-16, 1, "2")]
    public void A_logarithmic_axis_has_a_handful_of_labels(double low, double high, string step)
    {
        var layout = Json(Plot.Lines("T", "x", "y", ("l", new[] { low, high }, new[] { low, high })).WithLogX().WithLogY())
            .GetProperty("layout");
        Assert.Equal((step, step), (layout.GetProperty("xaxis").GetProperty("dtick").ToString(),
            layout.GetProperty("yaxis").GetProperty("dtick").ToString()));
    }

    [Fact]
    public void White_pictures_have_an_edge_on_a_white_page()
    {
        var layout = Json(Plot.Images("T", "x", "y", ones(6, 4, 5), columns: 3)).GetProperty("layout");
        Assert.NotEqual("rgba(0,0,0,0)", layout.GetProperty("plot_bgcolor").GetString());
        // Three pictures of five pixels and two gaps of one: from half a pixel before the first to half a pixel after the last.
        var range = layout.GetProperty("xaxis").GetProperty("range").EnumerateArray().Select(end => end.GetDouble());
        Assert.Equal([-0.5, 16.5], range);
        Assert.True(layout.GetProperty("xaxis").GetProperty("showline").GetBoolean());
    }

    [Fact]
    public void Histogram_has_area_one()
    {
        var bars = Json(Plot.Histogram("T", "x", "y", ("s", rand(1000)))).GetProperty("data")[0];
        var width = bars.GetProperty("width").GetDouble();
        Assert.Equal(1, bars.GetProperty("y").EnumerateArray().Sum(y => y.GetDouble() * width), 1e-3);
    }

    [Fact]
    public void Thinning_says_so_and_spikes_survive_it()
    {
        var cloud = Json(Plot.Scatter("T", "x", "y", ("data", rand(20_000, 2)))).GetProperty("data")[0];
        Assert.Equal("data (8000 of 20000)", cloud.GetProperty("name").GetString());
        Assert.Equal(8000, cloud.GetProperty("x").GetArrayLength());

        var losses = new double[100_000];
        losses[54_321] = 9;
        var line = Json(Plot.Lines("T", "x", "y", ("l", Enumerable.Range(0, 100_000).ToArray(), losses)))
            .GetProperty("data")[0];
        Assert.InRange(line.GetProperty("y").GetArrayLength(), 100, 1500);
        Assert.Contains(9.0, line.GetProperty("y").EnumerateArray().Select(y => y.GetDouble()));
    }

    [Fact]
    public void Rounding_is_finer_than_a_pixel()
    {
        double[,] points = { { 1000.123456, 0 }, { 1000.987654, 1 } };
        double[] drawn = [.. Json(Plot.Scatter("T", "x", "y", ("p", points))).GetProperty("data")[0].GetProperty("x")
            .EnumerateArray().Select(x => x.GetDouble())];
        for (var i = 0; i < 2; i++) Assert.Equal(points[i, 0], drawn[i], (points[1, 0] - points[0, 0]) / 10_000);
    }

    [Fact]
    public void Animation_moves_the_same_points_through_every_frame()
    {
        var figure = Json(Plot.Animation("T", "x", "y", ("a", zeros(3, 2)), ("b", ones(3, 2)), ("c", 2 * ones(3, 2))));
        Assert.Equal(3, figure.GetProperty("frames").GetArrayLength());
        Assert.Equal([2.0, 2, 2], figure.GetProperty("frames")[2].GetProperty("data")[0].GetProperty("x").EnumerateArray()
            .Select(x => x.GetDouble()));
        Assert.Equal(3, figure.GetProperty("layout").GetProperty("sliders")[0].GetProperty("steps").GetArrayLength());
        Assert.Throws<ArgumentException>(() => Plot.Animation("T", "x", "y", ("a", zeros(3, 2)), ("b", zeros(4, 2))));
        Assert.Throws<ArgumentException>(() => Plot.Animation("T", "x", "y", ("a", zeros(3, 2))));
    }

    [Fact]
    public void Side_by_side_gives_every_panel_its_axes()
    {
        Plot One(string name) => Plot.Scatter(name, "x", "y", ("data", rand(10, 2)));
        var figure = Json(Plot.SideBySide("T", true, One("a"), One("b"), One("c")));
        Assert.Equal(["x", "x2", "x3"], figure.GetProperty("data").EnumerateArray()
            .Select(trace => trace.GetProperty("xaxis").GetString()));
        Assert.Equal("x", figure.GetProperty("layout").GetProperty("xaxis3").GetProperty("matches").GetString());
        Assert.Throws<ArgumentException>(() => Plot.SideBySide("T", true, One("a")));
        Assert.Throws<ArgumentException>(() =>
            Plot.SideBySide("T", true, One("a"), Plot.Surface("s", "x", "y", "z", p => p.sum(1), PlotArea.Square(1))));
    }

    [Fact]
    public void A_figure_is_never_changed()
    {
        var plot = Plot.Lines("T", "x", "y", ("l", new double[] { 0, 1 }, new double[] { 0, 1 }));
        var before = plot.ToJson();
        _ = plot.WithCurve("c", x => x).WithHorizontalLine("h", 1).WithHeight(300).WithLogY().WithEqualAspect()
            .WithDomain(PlotArea.Square(1));
        _ = Plot.SideBySide("two", false, plot, plot);
        Assert.Equal(before, plot.ToJson());
    }

    [Fact]
    public void Saving_writes_a_page_and_leaves_nothing_else()
    {
        using TemporaryFolder folder = new();
        var page = Path.Combine(folder.Path, "figure.html");
        Plot.Lines("T", "x", "y", ("l", new double[] { 0, 1 }, new double[] { 0, 1 })).Save(page);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(page));
        Assert.Equal([page], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Pairs_show_each_column_against_each_other_once()
    {
        using var samples = tensor(new[,] { { 0.0, 10, -5 }, { 1, 30, -4 }, { 2, 20, -3 } });
        var figure = Json(Plot.Pairs("Pairs", ["a [s]", "b", "c [m]"], ("truth", [1, 20, -4]), ("s", samples)));
        var (traces, layout) = (figure.GetProperty("data"), figure.GetProperty("layout"));
        // Six panels, a sample and a mark in each; the first is the one at the left below.
        Assert.Equal(12, traces.GetArrayLength());
        Assert.Equal(("a [s]", "c [m]"), (Label("xaxis"), Label("yaxis")));
        Assert.Equal(3, layout.EnumerateObject().Count(axis => axis.Name.StartsWith("xaxis", StringComparison.Ordinal)
            && axis.Value.TryGetProperty("title", out _)));
        var cloud = traces.EnumerateArray().Single(trace => trace.GetProperty("type").GetString() == "scatter"
            && trace.GetProperty("name").GetString() == "s" && trace.GetProperty("xaxis").GetString() == "x2");
        Assert.Equal([10, 30, 20], cloud.GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal([-5, -4, -3], cloud.GetProperty("y").EnumerateArray().Select(y => y.GetDouble()));
        Assert.Equal(2, traces.EnumerateArray().Count(trace => !trace.TryGetProperty("showlegend", out _)));

        string? Label(string axis) => layout.GetProperty(axis).GetProperty("title").GetProperty("text").GetString();
    }

    [Fact]
    public void Pairs_name_what_does_not_fit()
    {
        using var samples = zeros(5, 3);
        string Refused(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("[5, 3]", Refused(() => Plot.Pairs("T", ["a", "b"], ("s", samples))));
        Assert.Contains("two to 8", Refused(() => Plot.Pairs("T", ["a"], ("s", samples))));
        Assert.Contains("given 2", Refused(() => Plot.Pairs("T", ["a", "b", "c"], ("p", [1, 2]), ("s", samples))));
        Assert.Contains("column 0", Refused(() => Plot.Pairs("T", ["a", "b", "c"], ("s", samples * double.NaN))));
        Assert.Contains("label", Refused(() => Plot.Pairs("T", ["a", " ", "c"], ("s", samples))));
    }
}
