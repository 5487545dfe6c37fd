using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using RealNvp.Figures.Output;

namespace RealNvp.Figures.Tests;

[Collection("formatters")]
public class NotebookFiguresTests
{
    private static readonly Plot Sample = Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));

    [Fact]
    public void A_figure_and_a_chart_show_as_html_and_as_plotly_json_at_once()
    {
        NotebookFigures.Register();
        foreach (var shown in new object[] { Sample, Sample.Chart })
        {
            var values = FormattedValue.CreateManyFromObject(shown);
            var html = values.Single(value => value.MimeType == "text/html").Value;
            var json = values.Single(value => value.MimeType == "application/vnd.plotly.v1+json").Value;
            Assert.Contains("data-figure=", html);
            Assert.Equal("scatter", JsonDocument.Parse(json).RootElement.GetProperty("data")[0].GetProperty("type").GetString());
        }
    }

    [Fact]
    public void Json_of_figures_and_of_readers_charts_is_what_Plotly_NET_writes()
    {
        Trace bars = new("bar");
        bars.SetProperty("x", new[] { "a", "b\"<" });
        bars.SetProperty("y", new double?[] { 1.5, null });
        bars.SetProperty("marker", new Dictionary<string, object> { ["size"] = 3 });
        var own = GenericChart.combine(
            [GenericChart.ofTraceObject(true, bars), GenericChart.ofTraceObject(true, new Trace("pie"))]);
        foreach (var chart in (GenericChart[])[own, Sample.Chart, .. Gallery.All().Select(figure => figure.Plot.Chart)])
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(GenericChart.toJson(chart)), JsonNode.Parse(FigureJson.Of(chart))),
                FigureJson.Of(chart)[..200]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(FigureJson.Of(Sample.Chart)), JsonNode.Parse(Sample.ToJson())));
    }

    [Fact]
    public async Task Registering_in_a_cell_puts_the_library_on_the_page_once_per_call_and_a_figure_without_it()
    {
        using CSharpKernel kernel = new();
        kernel.AddAssemblyReferences([typeof(NotebookFigures).Assembly.Location, typeof(GenericChart).Assembly.Location]);

        var first = await kernel.SendAsync(new SubmitCode("RealNvp.Figures.NotebookFigures.Register();"));
        Assert.DoesNotContain(first.Events, shown => shown is CommandFailed);
        var library = Html(Assert.Single(first.Events.OfType<DisplayedValueProduced>()));
        Assert.Contains("data-realnvp-library", library);
        Assert.InRange(library.Length, 1_000_000, 2_500_000);

        var second = await kernel.SendAsync(new SubmitCode(
            """RealNvp.Figures.Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }))"""));
        var figure = Html(Assert.Single(second.Events.OfType<ReturnValueProduced>()));
        Assert.Equal(Sample.ToHtml(), figure);
        Assert.InRange(figure.Length, 500, 6_000);
    }

    private static string Html(DisplayEvent shown) => shown.FormattedValues.Single(value => value.MimeType == "text/html").Value;
}
