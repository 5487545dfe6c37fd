using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>What surrounds a chart in a page: the page's title, and where plotly.js comes from.</summary>
public class DisplayOptions : DynamicObj.DynamicObj
{
    /// <summary>Options whose page loads plotly.js from plotly's own server.</summary>
    public static DisplayOptions initCDNOnly()
    {
        DisplayOptions options = new();
        options.SetProperty("PlotlyJSReference", PlotlyJSReference.NewCDN(Globals.CdnAddress));
        return options;
    }

    /// <summary>Merges <paramref name="second"/> into <paramref name="first"/>.</summary>
    public static DisplayOptions combine(DisplayOptions first, DisplayOptions second) =>
        Combining.Merge(first, second, ["AdditionalHeadTags", "ChartDescription"]);

    public static FSharpOption<string> tryGetDocumentTitle(DisplayOptions displayOpts) =>
        displayOpts.TryGetTypedPropertyValue<string>("DocumentTitle");

    public static string getDocumentTitle(DisplayOptions displayOpts) => Text(displayOpts, "DocumentTitle");

    public static string getDocumentCharset(DisplayOptions displayOpts) => Text(displayOpts, "DocumentCharset");

    public static string getDocumentDescription(DisplayOptions displayOpts) => Text(displayOpts, "DocumentDescription");

    public static FSharpOption<PlotlyJSReference> tryGetPlotlyReference(DisplayOptions displayOpts) =>
        displayOpts.TryGetTypedPropertyValue<PlotlyJSReference>("PlotlyJSReference");

    /// <summary>Where plotly.js comes from; nowhere, if that was never set.</summary>
    public static PlotlyJSReference getPlotlyReference(DisplayOptions displayOpts) =>
        tryGetPlotlyReference(displayOpts)?.Value ?? PlotlyJSReference.NoReference;

    private static string Text(DisplayOptions options, string name) => options.TryGetTypedPropertyValue<string>(name)?.Value ?? "";
}
