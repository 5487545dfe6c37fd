using System.Net;
using System.Security.Cryptography;
using System.Text;
using Plotly.NET.Json;

namespace Plotly.NET.Html;

/// <summary>A chart as HTML: a fragment, or a whole page.</summary>
internal static class ChartHtml
{
    private const string RequireJs = "https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.6/require.min.js";

    public static string Fragment(GenericChart chart)
    {
        string data = PlotlyJson.Value(GenericChart.getTraces(chart));
        string layout = PlotlyJson.Value(chart.layout);
        string config = PlotlyJson.Value(chart.config);
        // The same chart has the same id on every run, so that a notebook's outputs do not change when nothing did.
        string id = new Guid(MD5.HashData(Encoding.UTF8.GetBytes(data + layout + config))).ToString();
        string draw = $"Plotly.newPlot('{id}', {data}, {layout}, {config});";
        string script = DisplayOptions.getPlotlyReference(chart.displayOpts) is PlotlyJSReference.Require require
            ? WithRequire(Text(require.Item), draw)
            : draw;
        return $"<div><div id=\"{id}\"></div><script type=\"text/javascript\">{script}</script></div>";
    }

    public static string Page(GenericChart chart)
    {
        DisplayOptions options = chart.displayOpts;
        string library = DisplayOptions.getPlotlyReference(options) switch
        {
            PlotlyJSReference.CDN cdn => $"<script src=\"{WebUtility.HtmlEncode(cdn.Item)}\" charset=\"utf-8\"></script>",
            { IsFull: true } => $"<script type=\"text/javascript\" charset=\"utf-8\">{Globals.PlotlyJs()}</script>",
            _ => "",
        };
        return $"""
            <!DOCTYPE html>
            <html><head>{library}<title>{WebUtility.HtmlEncode(DisplayOptions.getDocumentTitle(options))}</title>
            <meta charset="{WebUtility.HtmlEncode(DisplayOptions.getDocumentCharset(options) is { Length: > 0 } charset ? charset : "UTF-8")}">
            <meta name="description" content="{WebUtility.HtmlEncode(DisplayOptions.getDocumentDescription(options))}"></head>
            <body>{Fragment(chart)}</body></html>
            """;
    }

    private static string WithRequire(string address, string draw) => $$"""
        (function () {
          var draw = function () {
            requirejs.config({ context: 'plotly-net', paths: { plotly: {{address}} } })(['plotly'], function (Plotly) { {{draw}} });
          };
          if (typeof requirejs === 'function' && typeof requirejs.config === 'function') return draw();
          var script = document.createElement('script');
          script.src = '{{RequireJs}}';
          script.onload = draw;
          document.head.appendChild(script);
        })();
        """;

    private static string Text(string value) => PlotlyJson.Value(value);
}
