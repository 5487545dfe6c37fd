using System.Text.Json;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;

namespace RealNvp.Figures.Tests;

[Collection("formatters")]
public class NotebookFiguresTests
{
    private static readonly Plot Sample = Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));

    [Fact]
    public void A_figure_and_a_chart_show_as_html_and_as_plotly_json_at_once()
    {
        NotebookFigures.Register();
        foreach (object shown in new object[] { Sample, Sample.Chart })
        {
            IReadOnlyList<FormattedValue> values = FormattedValue.CreateManyFromObject(shown);
            string html = values.Single(value => value.MimeType == "text/html").Value;
            string json = values.Single(value => value.MimeType == "application/vnd.plotly.v1+json").Value;
            Assert.Contains("data-figure=", html);
            Assert.Equal("scatter", JsonDocument.Parse(json).RootElement.GetProperty("data")[0].GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task Registering_in_a_cell_puts_the_library_on_the_page_once_per_call_and_a_figure_without_it()
    {
        using CSharpKernel kernel = new();
        kernel.AddAssemblyReferences([typeof(NotebookFigures).Assembly.Location, typeof(GenericChart).Assembly.Location]);

        KernelCommandResult first = await kernel.SendAsync(new SubmitCode("RealNvp.Figures.NotebookFigures.Register();"));
        Assert.DoesNotContain(first.Events, shown => shown is CommandFailed);
        string library = Html(Assert.Single(first.Events.OfType<DisplayedValueProduced>()));
        Assert.Contains("data-realnvp-library", library);
        Assert.InRange(library.Length, 1_000_000, 2_500_000);

        KernelCommandResult second = await kernel.SendAsync(new SubmitCode(
            """RealNvp.Figures.Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }))"""));
        string figure = Html(Assert.Single(second.Events.OfType<ReturnValueProduced>()));
        Assert.Equal(Sample.ToHtml(), figure);
        Assert.InRange(figure.Length, 500, 6_000);
    }

    private static string Html(DisplayEvent shown) => shown.FormattedValues.Single(value => value.MimeType == "text/html").Value;
}
