using RealNvp.Figures.Output;

namespace RealNvp.Figures;

/// <summary>The browser libraries that lie beside the assembly: plotly.js, figures.js, KaTeX with its fonts.</summary>
public static class BrowserAssets
{
    /// <summary>Copies plotly.min.js, figures.js and the folder katex into <paramref name="folder"/>.</summary>
    /// <exception cref="FileNotFoundException">plotly.js or KaTeX is not beside the assembly; the message says how to get it.</exception>
    public static void CopyTo(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string plotly = PlotlyLibrary.Path();
        string katex = Path.Combine(Path.GetDirectoryName(plotly)!, "katex");
        if (!File.Exists(Path.Combine(katex, "katex.min.js")))
            throw new FileNotFoundException($"Expected KaTeX in {katex}, which is not there. Run ./workbook setup (it fetches KaTeX with npm), then build again.", katex);
        Directory.CreateDirectory(folder);
        File.Copy(plotly, Path.Combine(folder, "plotly.min.js"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "figures.js"), PlotlyLibrary.FiguresScript);
        foreach (string path in Directory.GetFiles(katex, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, "katex", Path.GetRelativePath(katex, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target, overwrite: true);
        }
    }
}
