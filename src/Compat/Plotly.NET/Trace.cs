namespace Plotly.NET;

/// <summary>One trace of a chart: data and its look, by plotly.js's attribute names.</summary>
public class Trace(string traceTypeName) : DynamicObj.DynamicObj
{
    /// <summary>plotly.js's trace type, "scatter" for one.</summary>
    public string type { get; set; } = traceTypeName;
}
