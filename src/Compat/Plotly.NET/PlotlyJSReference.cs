namespace Plotly.NET;

/// <summary>How a page finds plotly.js.</summary>
public abstract class PlotlyJSReference
{
    private PlotlyJSReference() { }

    /// <summary>The whole of plotly.js stands in the page.</summary>
    public static PlotlyJSReference Full { get; } = new FullReference();

    /// <summary>The page has plotly.js already.</summary>
    public static PlotlyJSReference NoReference { get; } = new NoReferenceAtAll();

    /// <summary>A script element with this address.</summary>
    public static PlotlyJSReference NewCDN(string item) => new CDN(item);

    /// <summary>require.js loads this address.</summary>
    public static PlotlyJSReference NewRequire(string item) => new Require(item);

    public bool IsCDN => this is CDN;
    public bool IsFull => this is FullReference;
    public bool IsRequire => this is Require;
    public bool IsNoReference => this is NoReferenceAtAll;

    public sealed class CDN : PlotlyJSReference
    {
        internal CDN(string item) => Item = item;
        public string Item { get; }
    }

    public sealed class Require : PlotlyJSReference
    {
        internal Require(string item) => Item = item;
        public string Item { get; }
    }

    private sealed class FullReference : PlotlyJSReference;

    private sealed class NoReferenceAtAll : PlotlyJSReference;
}
