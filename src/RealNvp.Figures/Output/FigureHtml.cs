using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RealNvp.Figures.Output;

/// <summary>HTML around a figure's JSON.</summary>
internal static class FigureHtml
{
    // Waits for the notebook's first output, which brings plotly.js and figures.js, and says what is missing if it does not come.
    private const string Show = """
        (function(k,f){var n=0;(function go(){var r=window.RealNvpFigures;if(r){r.show(k,f);return}if(++n<150){setTimeout(go,100);return}
        document.querySelectorAll('[data-figure="'+k+'"]:not([data-drawn])').forEach(function(e){e.querySelector('p').textContent=
        'This figure is not drawn: the workbook\u2019s figure library is not on this page. Run the notebook\u2019s first cell, then this one.'})})()})
        """;

    /// <summary>A place for the figure and a script that has it drawn there. The key is made from the content, so that the same figure is the
    /// same text on every run.</summary>
    public static string Fragment(string json, string title, int width, int height, string? liveName, string? still)
    {
        string safe = json.Replace("<", "\\u003C", StringComparison.Ordinal);
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(safe)))[..16];
        string label = WebUtility.HtmlEncode(title);
        string picture = still is null ? "" : $"<img data-static alt=\"{label}\" style=\"width:100%;max-width:760px\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(still))}\">";
        string live = liveName is null ? "" : $" data-live=\"{WebUtility.HtmlEncode(liveName)}\"";
        return $"""
            <div class="realnvp-figure" data-figure="{key}"{live} role="figure" aria-label="{label}" style="width:100%;max-width:{width}px;min-height:{height}px">
            {picture}<p data-static style="opacity:0.75"><small>{label}: a figure to turn and zoom, once scripts may run here (in a notebook that you opened without running it, once you trust it).</small></p></div>
            <script type="text/javascript">{Show}({JsonSerializer.Serialize(key)},{safe})</script>
            """;
    }

    /// <summary>A page that holds plotly.js, figures.js and the fragments.</summary>
    public static string Page(string title, IEnumerable<string> fragments) => $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{WebUtility.HtmlEncode(title)}}</title>
        <style>
        :root { color-scheme: light dark; }
        body { margin: 1.5rem auto; max-width: 980px; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #24292f; }
        @media (prefers-color-scheme: dark) { body { background: #16191d; color: #e6edf3; } }
        </style>
        <script>{{PlotlyLibrary.Source()}}</script>
        <script>{{PlotlyLibrary.FiguresScript}}</script>
        </head><body>
        {{string.Join("\n", fragments)}}
        </body></html>
        """;
}
