using System.Xml.Linq;

namespace RealNvp.Figures.Tests;

public class StillPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Kinds => [.. Gallery.All().Select(figure => figure.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_picture_with_its_words_and_marks(string name)
    {
        var plot = Gallery.All().Single(figure => figure.Name == name).Plot;
        var text = plot.ToSvg();
        var svg = XElement.Parse(text);
        var words = string.Concat(svg.Elements(Svg + "text").Select(element => element.Value)).Replace(" ", "");
        Assert.StartsWith(plot.Title.Replace(" ", "")[..10], words);
        Assert.DoesNotContain("NaN", text);
        Assert.DoesNotContain("∞", text);
        Assert.True(svg.Descendants().Count(element => element.Name.LocalName is "circle" or "path" or "rect" or "image") > 0);
        Assert.InRange(text.Length, 1000, 90_000);
    }

    [Fact]
    public void A_point_lies_where_the_axes_say()
    {
        var svg = XElement.Parse(Plot.Lines("T", "x", "y", ("l", new double[] { 0, 10 }, new double[] { 0, 1 }))
            .WithDomain(new PlotArea(0, 20, 0, 2)).ToSvg());
        var panel = svg.Element(Svg + "svg")!;
        (var width, var height) = ((double)panel.Attribute("width")!, (double)panel.Attribute("height")!);
        Assert.Equal(FormattableString.Invariant($"M0 {height:0.#}L{width / 2:0.#} {height / 2:0.#}"),
            (string)panel.Element(Svg + "path")!.Attribute("d")!);
    }

    [Fact]
    public void Text_is_escaped()
    {
        var svg = Plot.Lines("a < b & \"c\"", "<script>", "y", ("l", new double[] { 0, 1 }, new double[] { 0, 1 })).ToSvg();
        Assert.Contains("a < b & \"c\"", XElement.Parse(svg).Element(Svg + "text")!.Value);
        Assert.DoesNotContain("<script>", svg);
    }

    [Fact]
    public void A_gap_breaks_the_line()
    {
        var svg = XElement.Parse(
            Plot.Lines("T", "x", "y", ("l", new double[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, double.NaN, 1, 2 })).ToSvg());
        var path = (string)svg.Element(Svg + "svg")!.Element(Svg + "path")!.Attribute("d")!;
        Assert.Equal(2, path.Count(letter => letter == 'M'));
    }

    [Fact]
    public void Contour_lines_follow_the_values()
    {
        // x^2 + y^2 over [-2, 2]^2: the lines are circles about the middle, at round levels, closed where they fit in.
        var svg = XElement.Parse(
            Plot.Density("T", "x", "y", at =>
                -(at * at).sum(1), new PlotArea(-2, 2, -2, 2), scale: DensityScale.Log, resolution: 80).ToSvg());
        var panel = svg.Element(Svg + "svg")!;
        (var width, var height) = ((double)panel.Attribute("width")!, (double)panel.Attribute("height")!);
        var path = (string)panel.Elements(Svg + "path").Single(element => ((string)element.Attribute("d")!).Length > 500)
            .Attribute("d")!;
        var lines = path.Split('M', StringSplitOptions.RemoveEmptyEntries);
        List<double> radii = [];
        foreach (var line in lines)
        {
            double[][] points = [.. line.Split('L')
                .Select(point => point.Split(' ')
                    .Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
            double[] distances = [.. points.Select(point =>
                Math.Pow((point[0] / width - 0.5) * 4, 2) + Math.Pow((point[1] / height - 0.5) * 4, 2))];
            Assert.All(distances, distance => Assert.Equal(distances.Average(), distance, 0.06));
            if (distances.Average() < 3.8) Assert.Equal(points[0], points[^1]);
            radii.Add(Math.Round(distances.Average(), 1));
        }
        Assert.True(radii.Distinct().Count() is >= 6 and <= 16, string.Join(' ', radii));
    }
}
