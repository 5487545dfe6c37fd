using System.Text.Json;
using System.Text.RegularExpressions;
using RealNvp.Figures.Output;
using RealNvp.Tests.Browser;

namespace RealNvp.Figures.Tests;

public class BrowserTests
{
    private const string Plots = "document.querySelectorAll('[data-drawn=\"yes\"] .js-plotly-plot')";

    // What Jupyter's clients do: they set the HTML, then run copies of its scripts, perhaps before the output is on the page.
    private const string PutOutput = """
        function put(html, place, scripts) {
          place.innerHTML = html;
          for (const inert of place.querySelectorAll('script')) {
            const script = document.createElement('script');
            script.textContent = inert.textContent;
            scripts.appendChild(script);
          }
        }
        """;

    [Fact]
    public async Task Every_kind_of_figure_is_drawn_without_network_and_without_console_error()
    {
        HeadlessBrowser.Require();
        var figures = Gallery.All();
        using TemporaryFolder folder = new();
        var page = folder.Write("gallery.html", FigureHtml.Page("Gallery", figures.Select(figure => figure.Plot.ToHtml())));
        await using var browser = await HeadlessBrowser.StartAsync();
        if (Environment.GetEnvironmentVariable("GALLERY") is { Length: > 0 } keep) await KeepAsync(browser, figures, keep);

        var gallery = await browser.OpenAsync(page);
        await gallery.UntilDrawnAsync(figures.Count);

        var html = await gallery.HtmlAsync();
        Assert.Equal(figures.Count, Regex.Count(html, "data-drawn=\"yes\""));
        Assert.True(Regex.Count(html, "<svg class=\"main-svg\"") >= figures.Count, "Some figure has no drawing.");
        Assert.Empty(gallery.Complaints);
        Assert.Empty(gallery.Requests);
    }

    [Fact]
    public Task A_notebooks_outputs_draw_whether_the_library_comes_before_them_or_after() => OnPageAsync(
        $"{Line().ToHtml()}{PlotlyLibrary.NotebookScript()}{Line().WithHeight(300).ToHtml()}{PlotlyLibrary.NotebookScript()}",
        page => page.UntilDrawnAsync(2));

    [Fact]
    public Task A_page_with_a_loader_of_modules_draws_too() => OnPageAsync(
        // As Jupyter Notebook 6 has: require.js, whose define takes whatever offers itself.
        $"<script>window.define = () => {{}}; define.amd = {{}};</script>{PlotlyLibrary.NotebookScript()}{Line().ToHtml()}",
        page => page.UntilDrawnAsync());

    [Fact]
    public Task Outputs_that_a_client_puts_on_the_page_late_and_by_script_draw_too()
    {
        var outputs = JsonSerializer.Serialize(new[] { PlotlyLibrary.NotebookScript(), Line().ToHtml() });
        return OnPageAsync(
            $$"""
            <script>
            {{PutOutput}}
            for (const html of {{outputs}}) {
              const output = document.createElement('div');
              put(html, output, document.head);
              setTimeout(() => document.body.appendChild(output), 700);
            }
            </script>
            """,
            page => page.UntilDrawnAsync());
    }

    [Fact]
    public Task An_axis_title_that_is_longer_than_its_axis_is_broken_into_lines() => OnPageAsync(
        PlotlyLibrary.NotebookScript()
        + Plot.Lines("T", "x", "held-out log-likelihood of a flow and of its rivals [nats per point]",
            ("l", new double[] { 0, 1 }, new double[] { 0, 1 })).WithHeight(300).ToHtml(),
        async page =>
        {
            await page.UntilDrawnAsync();
            await page.UntilAsync("document.querySelectorAll('.ytitle tspan.line').length >= 2");
        });

    [Theory]
    [InlineData(900, 144)]
    [InlineData(390, 0)]
    public Task Numbers_that_do_not_fit_their_cells_are_left_out(int width, int numbers) => OnPageAsync(
        $"<div style=\"width:{width}px\">{PlotlyLibrary.NotebookScript()}"
        + $"{Plot.Matrix("T", "columns", "rows", TorchSharp.torch.rand(12, 12)).ToHtml()}</div>",
        async page =>
        {
            await page.UntilDrawnAsync();
            await page.UntilAsync($"document.querySelectorAll('.heatmap-label').length === {numbers}");
        });

    [Fact]
    public Task A_readers_own_chart_draws_and_a_figure_keeps_its_height_when_the_page_gets_narrower()
    {
        Plotly.NET.Trace pie = new("pie");
        pie.SetProperty("values", new[] { 1, 2 });
        var own = FigureHtml.Fragment(FigureJson.Of(Plotly.NET.GenericChart.ofTraceObject(false, pie)), "A chart", 980, 450,
            null, null);
        return OnPageAsync(
            $"{PlotlyLibrary.NotebookScript()}<div id=\"wide\" style=\"width:900px\">{Line().WithHeight(510).ToHtml()}{own}</div>",
            async page =>
            {
                Task SizesAsync(string sizes) => page.UntilAsync($"[...{Plots}].map(plot => `${{plot._fullLayout.width}} x "
                    + $"${{plot._fullLayout.height}}`).join(', ').startsWith('{sizes}')");
                await page.UntilDrawnAsync(2);
                await SizesAsync("900 x 510, 900 x ");
                await page.EvaluateAsync("document.getElementById('wide').style.width = '700px'");
                await SizesAsync("700 x 510, 700 x ");
            });
    }

    [Fact]
    public Task A_legend_that_needs_more_lines_on_a_narrower_page_stays_below_the_title_and_gives_the_room_back()
    {
        var x = new double[] { 0, 1 };
        var plot = Plot.Lines("A title that takes two lines of a phone, above a legend that takes three", "x", "y",
            ("samples that were drawn and clamped", x, x), ("data that nobody has seen", x, x),
            ("a flow that knows of its bounds", x, x));
        return OnPageAsync(
            $"{PlotlyLibrary.NotebookScript()}<div id=\"wide\" style=\"width:900px\">{plot.ToHtml()}</div>",
            async page =>
            {
                const string Below = "document.querySelector('.legend .bg').getBoundingClientRect().top "
                    + ">= document.querySelector('.gtitle').getBoundingClientRect().bottom";
                Task WidthAsync(int pixels) =>
                    page.EvaluateAsync($"document.getElementById('wide').style.width = '{pixels}px'; undefined");
                await page.UntilDrawnAsync();
                await page.UntilAsync(Below);
                var height = await page.TextAsync($"{Plots}[0]._fullLayout.height");
                await WidthAsync(390);
                await page.UntilAsync($"{Plots}[0]._fullLayout.width === 390 && "
                    + "document.querySelector('.legend .bg').getBoundingClientRect().height > 50 && " + Below);
                await WidthAsync(900);
                await page.UntilAsync($"{Plots}[0]._fullLayout.width === 900 && {Plots}[0]._fullLayout.height === {height}");
            });
    }

    [Fact]
    public Task A_figure_without_the_library_says_what_is_missing() => OnPageAsync(
        Line().ToHtml(),
        async page =>
        {
            await page.UntilAsync("document.body.innerText.includes('Run the notebook’s first cell')");
            Assert.DoesNotContain("main-svg", await page.HtmlAsync());
        });

    [Fact]
    public Task An_animation_plays_to_its_last_frame() => OnPageAsync(
        PlotlyLibrary.NotebookScript() + Plot.Animation("Points move", "x", "y",
            ("start", new double[,] { { 0, 0 }, { 1, 1 } }), ("middle", new double[,] { { 1, 0 }, { 0, 1 } }),
            ("end", new double[,] { { 1, 1 }, { 0, 0 } })).ToHtml(),
        async page =>
        {
            await page.UntilDrawnAsync();
            await page.EvaluateAsync($$"""
                const place = {{Plots}}[0];
                place.on('plotly_animated', () => { window.animated = true; });
                const play = place.layout.updatemenus[0].buttons[0];
                RealNvpFigures.plotly().then(Plotly => { Plotly.animate(place, ...play.args); });
                """);
            await page.UntilAsync("window.animated");
            Assert.Equal("1,0", await page.TextAsync($"{Plots}[0].data[0].x"));
        });

    [Fact]
    public Task A_live_figure_keeps_its_drawing_when_its_output_is_replaced()
    {
        using LiveCurve live = new("Loss");
        live.Add(1, 3, 4);
        live.Add(2, 2, 3);
        var before = live.ToPlot().ToHtml();
        live.Add(3, 1, 2);
        var outputs = JsonSerializer.Serialize(new[] { before, live.ToPlot().ToHtml() });
        return OnPageAsync(
            $"{PlotlyLibrary.NotebookScript()}<div id=\"output\"></div><script>{PutOutput} const outputs = {outputs};</script>",
            async page =>
            {
                Task PutAsync(int i) =>
                    page.EvaluateAsync($"put(outputs[{i}], document.getElementById('output'), document.head)");
                await PutAsync(0);
                await page.UntilDrawnAsync();
                await page.EvaluateAsync($"window.first = {Plots}[0]; undefined");
                await PutAsync(1);
                await page.UntilAsync($"{Plots}.length === 1 && {Plots}[0].data[0].x.length === 3");
                Assert.Equal("true", await page.TextAsync($"{Plots}[0] === window.first"));
            });
    }

    private static Plot Line() => Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));

    // A page with that body, looked at; its console stays empty.
    private static async Task OnPageAsync(string body, Func<BrowserPage, Task> look)
    {
        HeadlessBrowser.Require();
        using TemporaryFolder folder = new();
        var path = folder.Write("page.html",
            $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{body}</body></html>");
        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.OpenAsync(path);
        await look(page);
        Assert.Empty(page.Complaints);
    }

    // Pages and pictures to look at, one a figure, where the environment names a folder for them.
    private static async Task KeepAsync(HeadlessBrowser browser, IReadOnlyList<(string Name, Plot Plot)> figures, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((var name, var plot) in figures)
        {
            var path = Path.Combine(folder, $"{name}.html");
            plot.Save(path);
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), plot.ToJson());
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), plot.ToSvg());
            var page = await browser.OpenAsync(path);
            await page.ResizeAsync(900, plot.Height + 50);
            await page.UntilDrawnAsync();
            await page.ScreenshotAsync(Path.Combine(folder, $"{name}.png"));
            await page.CloseAsync();
        }
    }
}
