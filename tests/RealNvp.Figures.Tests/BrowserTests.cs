using System.Text.RegularExpressions;
using RealNvp.Figures.Output;

namespace RealNvp.Figures.Tests;

public class BrowserTests
{
    [Fact]
    public void Every_kind_of_figure_is_drawn_without_network_and_without_console_error()
    {
        Assert.SkipWhen(Chromium.Path is null, "There is no Chromium on this machine.");
        var figures = Gallery.All();
        using TemporaryFolder folder = new();
        var page = Path.Combine(folder.Path, "gallery.html");
        File.WriteAllText(page, FigureHtml.Page("Gallery", figures.Select(figure => figure.Plot.ToHtml())));
        if (Environment.GetEnvironmentVariable("GALLERY") is { Length: > 0 } keep) Keep(figures, keep);

        (var dom, var console) = Chromium.Dump(page);

        Assert.Equal(figures.Count, Regex.Count(dom, "data-drawn=\"yes\""));
        Assert.DoesNotContain("data-drawn=\"failed\"", dom);
        Assert.True(Regex.Count(dom, "<svg class=\"main-svg\"") >= figures.Count, "Some figure has no drawing.");
        Assert.True(console.Length == 0, console);
    }

    [Fact]
    public void A_notebooks_outputs_draw_whether_the_library_comes_before_them_or_after()
    {
        var figure = Line().ToHtml();
        var dom = Drawn($"<body>{figure}{PlotlyLibrary.NotebookScript()}{Line().WithHeight(300).ToHtml()}{PlotlyLibrary.NotebookScript()}</body>");
        Assert.Equal(2, Regex.Count(dom, "data-drawn=\"yes\""));
    }

    [Fact]
    public void A_page_with_a_loader_of_modules_draws_too()
    {
        // As Jupyter Notebook 6 has: require.js, whose define takes whatever offers itself.
        var dom = Drawn($"<body><script>window.define = () => {{}}; define.amd = "
            + $"{{}};</script>{PlotlyLibrary.NotebookScript()}{Line().ToHtml()}</body>");
        Assert.Equal(1, Regex.Count(dom, "data-drawn=\"yes\""));
    }

    [Fact]
    public void Outputs_that_a_client_puts_on_the_page_late_and_by_script_draw_too()
    {
        // What Jupyter's clients do: set the HTML, then run copies of its scripts, perhaps before the output is on the page.
        var outputs = System.Text.Json.JsonSerializer.Serialize(new[] { PlotlyLibrary.NotebookScript(), Line().ToHtml() });
        var dom = Drawn($$"""
            <body><script>
            for (const html of {{outputs}}) {
              const output = document.createElement('div');
              output.innerHTML = html;
              for (const inert of output.querySelectorAll('script')) {
                const script = document.createElement('script');
                script.textContent = inert.textContent;
                document.head.appendChild(script);
              }
              setTimeout(() => document.body.appendChild(output), 700);
            }
            </script></body>
            """);
        Assert.Equal(1, Regex.Count(dom, "data-drawn=\"yes\""));
    }

    [Fact]
    public void An_axis_title_that_is_longer_than_its_axis_is_broken_into_lines()
    {
        var tall = Plot.Lines("T", "x", "held-out log-likelihood of a flow and of its rivals [nats per point]",
            ("l", new double[] { 0, 1 }, new double[] { 0, 1 })).WithHeight(300);
        var dom = Drawn($"<body>{PlotlyLibrary.NotebookScript()}{tall.ToHtml()}</body>");
        var title = Regex.Match(dom, "<text class=\"ytitle\".*?</text>").Value;
        Assert.True(Regex.Count(title, "<tspan class=\"line\"") >= 2, title);
    }

    [Fact]
    public void Numbers_that_do_not_fit_their_cells_are_left_out_on_a_phone()
    {
        var matrix = Plot.Matrix("T", "columns", "rows", TorchSharp.torch.rand(12, 12)).ToHtml();
        int Numbers(int width) => Regex.Count(
            Drawn($"<body><div style=\"width:{width}px\">{PlotlyLibrary.NotebookScript()}{matrix}</div></body>"), "heatmap-label");
        Assert.True(Numbers(900) >= 144, "144 cells, a number each");
        Assert.InRange(Numbers(390), 0, 1);   // the drawing's own style may name them
    }

    [Fact]
    public void A_readers_own_chart_draws_and_a_figure_keeps_its_height_when_the_page_gets_narrower()
    {
        Plotly.NET.Trace pie = new("pie");
        pie.SetProperty("values", new[] { 1, 2 });
        var own = FigureHtml.Fragment(FigureJson.Of(Plotly.NET.GenericChart.ofTraceObject(false, pie)), "A chart", 980, 450,
            null, null);
        var dom = Drawn($$"""
            <body>{{PlotlyLibrary.NotebookScript()}}<div id="wide" style="width:900px">{{Line().WithHeight(510).ToHtml()}}{{own}}</div><p id="seen"></p><script>
            const wait = setInterval(() => {
              const plots = document.querySelectorAll('[data-drawn="yes"] .js-plotly-plot');
              if (plots.length < 2) return;
              clearInterval(wait);
              document.getElementById('wide').style.width = '700px';
              setInterval(() => { document.getElementById('seen').textContent = [plots[0]._fullLayout.width, plots[0]._fullLayout.height, plots[1]._fullLayout.width].join(' '); }, 300);
            }, 100);
            </script></body>
            """);
        Assert.Equal("700 510 700", Regex.Match(dom, "<p id=\"seen\">(.*?)</p>").Groups[1].Value);
    }

    [Fact]
    public void A_figure_without_the_library_says_what_is_missing()
    {
        var dom = Drawn($"<body>{Line().ToHtml()}</body>");
        Assert.Contains("Run the notebook’s first cell", dom);
        Assert.DoesNotContain("main-svg", dom);
    }

    [Fact]
    public void An_animation_plays_to_its_last_frame()
    {
        var plot = Plot.Animation("Points move", "x", "y",
            ("start", new double[,] { { 0, 0 }, { 1, 1 } }), ("middle", new double[,] { { 1, 0 }, { 0, 1 } }),
            ("end", new double[,] { { 1, 1 }, { 0, 0 } }));
        // Headless Chromium draws no frames while its clock runs ahead; a timer gives them.
        var dom = Drawn($$"""
            <body><script>window.requestAnimationFrame = draw => setTimeout(() => draw(performance.now()), 16);</script>
            {{PlotlyLibrary.NotebookScript()}}{{plot.ToHtml()}}<p id="seen"></p><script>
            const wait = setInterval(() => {
              const place = document.querySelector('[data-drawn="yes"] .js-plotly-plot');
              if (!place) return;
              clearInterval(wait);
              place.on('plotly_animated', () => { document.getElementById('seen').textContent = JSON.stringify(place.data[0].x); });
              const play = place.layout.updatemenus[0].buttons[0];
              RealNvpFigures.plotly().then(Plotly => Plotly.animate(place, ...play.args));
            }, 100);
            </script></body>
            """);
        Assert.Contains("<p id=\"seen\">[1,0]</p>", dom);
    }

    [Fact]
    public void A_live_figure_keeps_its_drawing_when_its_output_is_replaced()
    {
        using LiveCurve live = new("Loss");
        live.Add(1, 3, 4);
        live.Add(2, 2, 3);
        var before = live.ToPlot().ToHtml();
        live.Add(3, 1, 2);
        var outputs = System.Text.Json.JsonSerializer.Serialize(new[] { before, live.ToPlot().ToHtml() });
        var dom = Drawn($$"""
            <body>{{PlotlyLibrary.NotebookScript()}}<div id="output"></div><p id="seen"></p><script>
            const outputs = {{outputs}};
            function put(html) {
              const output = document.getElementById('output');
              output.innerHTML = html;
              for (const inert of output.querySelectorAll('script')) { const script = document.createElement('script'); script.textContent = inert.textContent; inert.replaceWith(script); }
            }
            put(outputs[0]);
            let first = null;
            const wait = setInterval(() => {
              const now = document.querySelector('#output [data-drawn="yes"] .js-plotly-plot');
              if (!now) return;
              if (!first) { first = now; put(outputs[1]); return; }
              clearInterval(wait);
              document.getElementById('seen').textContent = (first === now) + ' ' + now.data[0].x.length;
            }, 100);
            </script></body>
            """);
        Assert.Contains("<p id=\"seen\">true 3</p>", dom);
    }

    private static Plot Line() => Plot.Lines("A line", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));

    private static string Drawn(string body)
    {
        Assert.SkipWhen(Chromium.Path is null, "There is no Chromium on this machine.");
        using TemporaryFolder folder = new();
        var page = Path.Combine(folder.Path, "page.html");
        File.WriteAllText(page, $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head>{body}</html>");
        (var dom, var console) = Chromium.Dump(page);
        Assert.True(console.Length == 0, console);
        return dom;
    }

    // Pages and pictures to look at, one a figure, where the environment names a folder for them.
    private static void Keep(IReadOnlyList<(string Name, Plot Plot)> figures, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((var name, var plot) in figures)
        {
            var page = Path.Combine(folder, $"{name}.html");
            plot.Save(page);
            Chromium.Screenshot(page, Path.Combine(folder, $"{name}.png"), height: plot.Height + 50);
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), plot.ToJson());
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), plot.ToSvg());
        }
    }
}
