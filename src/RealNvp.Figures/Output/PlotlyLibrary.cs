using System.IO.Compression;
using System.Reflection;

namespace RealNvp.Figures.Output;

/// <summary>plotly.js, from the file beside the assembly, and figures.js, from within it.</summary>
internal static class PlotlyLibrary
{
    private static readonly Lazy<string> Packed = new(() =>
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal)) gzip.Write(File.ReadAllBytes(Path()));
        return Convert.ToBase64String(packed.ToArray());
    });

    /// <summary>The script that draws figures with plotly.js.</summary>
    public static string FiguresScript { get; } = Embedded("figures.js");

    /// <summary>Where plotly.js is.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Path()
    {
        string? beside = System.IO.Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        string path = System.IO.Path.Combine(beside is { Length: > 0 } ? beside : AppContext.BaseDirectory, "plotly.min.js");
        if (File.Exists(path)) return path;
        throw new FileNotFoundException(
            $"Expected plotly.js at {path}, which is not there. Run ./workbook setup (it fetches plotly.js with npm), then build again.", path);
    }

    /// <summary>The text of plotly.js.</summary>
    public static string Source() => File.ReadAllText(Path()).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);

    /// <summary>A script element that brings plotly.js, packed to a third of its size, and figures.js into a notebook.</summary>
    public static string NotebookScript() => $$"""
        <script type="text/javascript" data-realnvp-library>
        {{FiguresScript}}
        (function () {
          if (window.RealNvpFigures.packed) return;
          window.RealNvpFigures.packed = true;
          var bytes = Uint8Array.from(atob("{{Packed.Value}}"), function (c) { return c.charCodeAt(0); });
          new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text().then(function (text) {
            var other = window.Plotly, script = document.createElement('script');
            script.textContent = text;
            document.head.appendChild(script);
            window.RealNvpFigures.provide(window.Plotly);
            if (other) window.Plotly = other;
          });
        })();
        </script>
        """;

    private static string Embedded(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
