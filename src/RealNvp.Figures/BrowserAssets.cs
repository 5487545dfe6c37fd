using RealNvp.Figures.Output;

namespace RealNvp.Figures;

/// <summary>The browser libraries of a book: plotly.js and figures.js, and KaTeX with its fonts where that was fetched.</summary>
public static class BrowserAssets
{
    private static string Katex => Path.Combine(AppContext.BaseDirectory, "katex");

    /// <summary>
    /// Whether KaTeX lies beside the program; `dotnet msbuild src/RealNvp.Figures/assets/katex.targets` fetches it.
    /// </summary>
    public static bool HasKatex => File.Exists(Path.Combine(Katex, "katex.min.js"));

    /// <summary>
    /// Writes plotly.min.js, figures.js and, where it is here and <paramref name="katex"/> asks for it, the folder katex into
    /// <paramref name="folder"/>.
    /// </summary>
    public static void CopyTo(string folder, bool katex = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "plotly.min.js"), PlotlyLibrary.Source);
        File.WriteAllText(Path.Combine(folder, "figures.js"), PlotlyLibrary.FiguresScript);
        if (!katex || !HasKatex) return;
        foreach (var path in Directory.GetFiles(Katex, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, "katex", Path.GetRelativePath(Katex, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target, overwrite: true);
        }
    }

    /// <summary>
    /// The HTML of a figure (<see cref="Plot.ToHtml"/>) for a page that runs no inline script: its place, and its JSON as data in
    /// an element script of the type application/json, whose data-of names the place; RealNvpFigures.show draws it. Null for HTML
    /// that is not exactly a figure's; what is, is written anew from its parts.
    /// </summary>
    public static string? FigureWithoutScript(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return FigureHtml.WithoutScript(html);
    }
}
