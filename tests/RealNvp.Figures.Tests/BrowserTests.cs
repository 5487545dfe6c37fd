using System.Text.RegularExpressions;
using RealNvp.Figures.Output;

namespace RealNvp.Figures.Tests;

public class BrowserTests
{
    [SkippableFact]
    public void Every_kind_of_figure_is_drawn_without_network_and_without_console_error()
    {
        Skip.If(Chromium.Path is null, "There is no Chromium on this machine.");
        IReadOnlyList<(string Name, Plot Plot)> figures = Gallery.All();
        using TemporaryFolder folder = new();
        string page = Path.Combine(folder.Path, "gallery.html");
        File.WriteAllText(page, FigureHtml.Page("Gallery", figures.Select(figure => figure.Plot.ToHtml())));
        if (Environment.GetEnvironmentVariable("GALLERY") is { Length: > 0 } keep) Keep(figures, keep);

        (string dom, string console) = Chromium.Dump(page);

        Assert.Equal(figures.Count, Regex.Count(dom, "data-drawn=\"yes\""));
        Assert.DoesNotContain("data-drawn=\"failed\"", dom);
        Assert.True(Regex.Count(dom, "<svg class=\"main-svg\"") >= figures.Count, "Some figure has no drawing.");
        Assert.True(console.Length == 0, console);
    }

    [SkippableFact]
    public void A_notebooks_outputs_draw_whether_the_library_comes_before_them_or_after()
    {
        string figure = Line().ToHtml();
        string dom = Drawn($"<body>{figure}{PlotlyLibrary.NotebookScript()}{Line().WithHeight(300).ToHtml()}{PlotlyLibrary.NotebookScript()}</body>");
        Assert.Equal(2, Regex.Count(dom, "data-drawn=\"yes\""));
    }

    [SkippableFact]
    public void Outputs_that_a_client_puts_on_the_page_late_and_by_script_draw_too()
    {
        // What Jupyter's clients do: set the HTML, then run copies of its scripts, perhaps before the output is on the page.
        string outputs = System.Text.Json.JsonSerializer.Serialize(new[] { PlotlyLibrary.NotebookScript(), Line().ToHtml() });
        string dom = Drawn($$"""
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

    [SkippableFact]
    public void A_readers_own_chart_draws_and_a_figure_keeps_its_height_when_the_page_gets_narrower()
    {
        Plotly.NET.Trace pie = new("pie");
        pie.SetProperty("values", new[] { 1, 2 });
        string own = FigureHtml.Fragment(Plotly.NET.GenericChart.toJson(Plotly.NET.GenericChart.ofTraceObject(false, pie)), "A chart", 980, 450, null, null);
        string dom = Drawn($$"""
            <body>{{PlotlyLibrary.NotebookScript()}}<div id="wide" style="width:900px">{{Line().WithHeight(510).ToHtml()}}{{own}}</div><p id="seen"></p><script>
            const wait = setInterval(() => {
              const plots = document.querySelectorAll('[data-drawn="yes"] .js-plotly-plot');
              if (plots.length < 2) return;
              clearInterval(wait);
              document.getElementById('wide').style.width = '700px';
              setTimeout(() => { document.getElementById('seen').textContent = [plots[0]._fullLayout.width, plots[0]._fullLayout.height, plots[1]._fullLayout.width].join(' '); }, 1500);
            }, 100);
            </script></body>
            """);
        Assert.Contains("<p id=\"seen\">700 510 700</p>", dom);
    }

    [SkippableFact]
    public void A_figure_without_the_library_says_what_is_missing()
    {
        string dom = Drawn($"<body>{Line().ToHtml()}</body>");
        Assert.Contains("Run the notebook’s first cell", dom);
        Assert.DoesNotContain("main-svg", dom);
    }

    [SkippableFact]
    public void An_animation_plays_to_its_last_frame()
    {
        Plot plot = Plot.Animation("Points move", "x", "y",
            ("start", new double[,] { { 0, 0 }, { 1, 1 } }), ("middle", new double[,] { { 1, 0 }, { 0, 1 } }), ("end", new double[,] { { 1, 1 }, { 0, 0 } }));
        // Headless Chromium draws no frames while its clock runs ahead; a timer gives them.
        string dom = Drawn($$"""
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

    [SkippableFact]
    public void A_live_figure_keeps_its_drawing_when_its_output_is_replaced()
    {
        using LiveCurve live = new("Loss");
        live.Add(1, 3, 4);
        live.Add(2, 2, 3);
        string before = live.ToPlot().ToHtml();
        live.Add(3, 1, 2);
        string outputs = System.Text.Json.JsonSerializer.Serialize(new[] { before, live.ToPlot().ToHtml() });
        string dom = Drawn($$"""
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
        Skip.If(Chromium.Path is null, "There is no Chromium on this machine.");
        using TemporaryFolder folder = new();
        string page = Path.Combine(folder.Path, "page.html");
        File.WriteAllText(page, $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head>{body}</html>");
        (string dom, string console) = Chromium.Dump(page);
        Assert.True(console.Length == 0, console);
        return dom;
    }

    // Pages and pictures to look at, one a figure, where the environment names a folder for them.
    private static void Keep(IReadOnlyList<(string Name, Plot Plot)> figures, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, Plot plot) in figures)
        {
            string page = Path.Combine(folder, $"{name}.html");
            plot.Save(page);
            Chromium.Screenshot(page, Path.Combine(folder, $"{name}.png"), height: plot.Height + 50);
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), plot.ToJson());
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), plot.ToSvg());
        }
    }
}
