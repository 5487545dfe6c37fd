using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealNvp.Figures.Output;

/// <summary>HTML around a figure's JSON.</summary>
internal static partial class FigureHtml
{
    // Waits for the notebook's first output, which brings plotly.js and figures.js, and says what is missing if it does not come.
    private const string Show = """
        (function(k,f){var n=0;(function go(){var r=window.RealNvpFigures;if(r){r.show(k,f);return}if(++n<150){setTimeout(go,100);return}
        document.querySelectorAll('[data-figure="'+k+'"]:not([data-drawn])').forEach(function(e){e.querySelector('p').textContent=
        'This figure is not drawn: the workbook\u2019s figure library is not on this page. Run the notebook\u2019s first cell, then this one.'})})()})
        """;

    private const string After = ")</script>";

    /// <summary>A place for the figure (of <see cref="FigureJson"/>) and a script that has it drawn there. The key is made from
    /// the content, so that the same figure is the same text on every run.</summary>
    public static string Fragment(string json, string title, int width, int height, string? liveName, string? still)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
        var picture = still is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(still));
        return Place(key, title, width, height, liveName, picture)
            + $"\n<script type=\"text/javascript\">{Show}(\"{key}\",{json})</script>";
    }

    /// <summary>Where a figure is drawn, and what stands there until then; <paramref name="still"/> is SVG in base64.</summary>
    private static string Place(string key, string title, int width, int height, string? liveName, string? still)
    {
        var label = WebUtility.HtmlEncode(title);
        var picture = still is null
            ? "" : $"<img data-static alt=\"{label}\" style=\"width:100%;max-width:760px\" "
            + $"src=\"data:image/svg+xml;base64,{still}\">";
        var live = liveName is null ? "" : $" data-live=\"{WebUtility.HtmlEncode(liveName)}\"";
        return $"""
            <div class="realnvp-figure" data-figure="{key}"{live} role="figure" aria-label="{label}" style="width:100%;max-width:{width}px;min-height:{height}px">
            {picture}<p data-static style="opacity:0.75"><small>{label}: a figure to turn and zoom, once scripts may run here (in a notebook that you opened without running it, once you trust it).</small></p></div>
            """;
    }

    /// <summary>A fragment as a page without inline scripts has it: its place, and its JSON in an element that is data.</summary>
    /// <returns>Null for what is not a whole <see cref="Fragment"/> and nothing else. What is, is written anew from its
    /// parts.</returns>
    public static string? WithoutScript(string fragment)
    {
        var at = fragment.IndexOf("\n<script", StringComparison.Ordinal);
        if (at < 0 || FragmentPlace().Match(fragment[..at]) is not { Success: true } place) return null;
        var key = place.Groups["key"].Value;
        var before = $"\n<script type=\"text/javascript\">{Show}(\"{key}\",";
        if (string.CompareOrdinal(fragment, at, before, 0, before.Length) != 0
            || !fragment.EndsWith(After, StringComparison.Ordinal) || at + before.Length > fragment.Length - After.Length)
            return null;
        var json = fragment[(at + before.Length)..^After.Length];
        if (!IsJson(json)) return null;
        var live = place.Groups["live"];
        var still = place.Groups["still"];
        return Place(key, WebUtility.HtmlDecode(place.Groups["label"].Value), int.Parse(place.Groups["width"].ValueSpan),
            int.Parse(place.Groups["height"].ValueSpan), live.Success ? WebUtility.HtmlDecode(live.Value) : null,
            still.Success ? still.Value : null)
            + $"\n<script type=\"application/json\" data-of=\"{key}\">{FigureJson.Inert(json)}</script>";
    }

    private static bool IsJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("""
        ^<div class="realnvp-figure" data-figure="(?<key>[0-9a-f]{16})"( data-live="(?<live>[^"]*)")? role="figure" aria-label="(?<label>[^"]*)" style="width:100%;max-width:(?<width>[0-9]{1,5})px;min-height:(?<height>[0-9]{1,5})px">\r?\n(<img data-static alt="[^"]*" style="[^"]*" src="data:image/svg\+xml;base64,(?<still>[A-Za-z0-9+/]*=*)">)?<p data-static [^>]*><small>[^<]*</small></p></div>$
        """, RegexOptions.CultureInvariant)]
    private static partial Regex FragmentPlace();

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
        <script>{{PlotlyLibrary.Source.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}}</script>
        <script>{{PlotlyLibrary.FiguresScript}}</script>
        </head><body>
        {{string.Join("\n", fragments)}}
        </body></html>
        """;
}
