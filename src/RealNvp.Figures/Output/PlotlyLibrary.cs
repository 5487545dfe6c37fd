using System.IO.Compression;
using System.Reflection;
using System.Text;
using Plotly.NET;

namespace RealNvp.Figures.Output;

/// <summary>plotly.js, which Plotly.NET's assembly holds, and figures.js, which ours does.</summary>
internal static class PlotlyLibrary
{
    private static readonly Lazy<string> Library = new(() => Embedded(typeof(GenericChart).Assembly,
        name => name.Contains("plotly", StringComparison.OrdinalIgnoreCase)
        && name.EndsWith(".min.js", StringComparison.OrdinalIgnoreCase)));

    private static readonly Lazy<string> Packed = new(() =>
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(Source));
        return Convert.ToBase64String(packed.ToArray());
    });

    /// <summary>The script that draws figures with plotly.js.</summary>
    public static string FiguresScript { get; } = Embedded(Assembly.GetExecutingAssembly(), name => name == "figures.js");

    /// <summary>The text of plotly.js.</summary>
    /// <exception cref="InvalidOperationException">The assembly of Plotly.NET holds none.</exception>
    public static string Source => Library.Value;

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
            // Where the page has an AMD loader, as Jupyter Notebook 6 has, plotly.js 2 would hand itself to that and be nowhere.
            script.textContent = '(function(define,module,exports){' + text + '\n}).call(window);';
            document.head.appendChild(script);
            window.RealNvpFigures.provide(window.Plotly);
            if (other) window.Plotly = other;
          });
        })();
        </script>
        """;

    private static string Embedded(Assembly assembly, Func<string, bool> isIt)
    {
        var name = assembly.GetManifestResourceNames().FirstOrDefault(isIt)
            ?? throw new InvalidOperationException(
                $"Expected a script of that name among the resources of {assembly.GetName().Name} {assembly.GetName().Version}; "
                + $"they are: {string.Join(", ", assembly.GetManifestResourceNames())}.");
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
