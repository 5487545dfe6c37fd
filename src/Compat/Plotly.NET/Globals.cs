using System.Reflection;

namespace Plotly.NET;

internal static class Globals
{
    /// <summary>plotly's server, at the version that Plotly.NET 5.1 names.</summary>
    public const string CdnAddress = "https://cdn.plot.ly/plotly-2.27.1.min.js";

    /// <summary>The text of plotly.js, from the file beside this assembly.</summary>
    public static string PlotlyJs()
    {
        string folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
        string path = Path.Combine(folder, "plotly.min.js");
        if (File.Exists(path)) return File.ReadAllText(path);
        throw new FileNotFoundException(
            $"Expected plotly.js at {path}, which is not there. Run ./workbook setup (it fetches plotly.js with npm), then build again.", path);
    }
}
