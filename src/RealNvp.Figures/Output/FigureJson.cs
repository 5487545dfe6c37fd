using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Newtonsoft.Json;
using Plotly.NET;

namespace RealNvp.Figures.Output;

/// <summary>
/// Figures as the content of application/vnd.plotly.v1+json, fit to stand inside a script element. Not by GenericChart.toJson:
/// that fails in a host with an older FSharp.Core than Plotly.NET's, as the tool dotnet-interactive is.
/// </summary>
internal static class FigureJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,   // plotly.js leaves a gap for "NaN"
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),   // which programs of one file are without
    };

    /// <summary>A figure of ours.</summary>
    public static string Of(PlotlyObject figure) => Inert(System.Text.Json.JsonSerializer.Serialize(figure, Options));

    /// <summary>
    /// A chart of Plotly.NET, perhaps a reader's own: its types say to Newtonsoft's serialiser how they are written.
    /// </summary>
    public static string Of(GenericChart chart) => Inert(JsonConvert.SerializeObject(
        new
        {
            data = GenericChart.getTraces(chart),
            layout = GenericChart.getLayout(chart),
            config = GenericChart.getConfig(chart)
        }));

    /// <summary>JSON without the character that could end its element.</summary>
    internal static string Inert(string json) => json.Replace("<", "\\u003C", StringComparison.Ordinal);
}
