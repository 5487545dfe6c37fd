using RealNvp.Figures;

namespace RealNvp.Workbook.Setup;

/// <summary>A program of this machine that a part of the workbook needs; the main job needs none but the .NET SDK.</summary>
/// <param name="Name">What it is.</param>
/// <param name="What">What it is for.</param>
/// <param name="Found">Where it was found; null where it is missing.</param>
/// <param name="Packages">The packages of Debian and Ubuntu that bring it.</param>
internal sealed record Requirement(string Name, string What, string? Found, params string[] Packages)
{
    /// <summary>All that there are, looked up now.</summary>
    public static IReadOnlyList<Requirement> All()
    {
        List<Requirement> all =
        [
            new("npm", "fetches KaTeX, which typesets the book's formulas", BrowserAssets.HasKatex
                ? "not needed: KaTeX is there" : Tool.Find("npm"), "npm"),
            new("Jupyter", "opens the chapters in a browser (VS Code has its own)", Tool.Find("jupyter"), "jupyter-notebook"),
            new("Chromium", "draws figures in the tests, which are skipped without it", Browser(), "chromium"),
        ];
        if (OperatingSystem.IsLinux())
            all.Add(new("bubblewrap", "encloses students' work while it is graded", Tool.Find("bwrap"), "bubblewrap"));
        return all;
    }

    private static string? Browser() =>
        new[] { "chromium", "chromium-browser", "google-chrome", "google-chrome-stable" }.Select(Tool.Find)
            .FirstOrDefault(path => path is not null);
}
