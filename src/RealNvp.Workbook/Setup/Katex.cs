using RealNvp.Figures;

namespace RealNvp.Workbook.Setup;

/// <summary>KaTeX, which typesets the book's formulas: the first build fetches it where there is npm; this tries again.</summary>
internal static class Katex
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Fetches it beside this program where it is missing and npm is there; without a network nothing happens.</summary>
    internal static void Fetch(Repository repository, Action<string> report)
    {
        if (BrowserAssets.HasKatex || Tool.Find("npm") is null) return;
        report("fetching KaTeX with npm ...");
        Tool.Capture("dotnet", ["msbuild", Path.Combine(repository.FigureAssets, "katex.targets"), "-t:FetchKatex",
            $"-p:OutDir={AppContext.BaseDirectory.Replace('\\', '/')}", "-nologo", "-v:quiet"], Limit);
    }
}
