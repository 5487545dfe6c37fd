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
        }
    }
}
