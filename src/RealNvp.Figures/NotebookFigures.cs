namespace RealNvp.Figures;

/// <summary>Figures in notebooks: how they show, and the library that draws them.</summary>
public static partial class NotebookFigures
{
    /// <summary>The HTML that brings plotly.js into a notebook, to be shown once, before the first figure.</summary>
    /// <exception cref="FileNotFoundException">plotly.js is not beside the assembly; the message says how to get it.</exception>
    public static string LibraryHtml() => Output.PlotlyLibrary.NotebookScript();
}
