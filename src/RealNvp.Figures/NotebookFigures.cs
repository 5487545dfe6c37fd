using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using RealNvp.Figures.Output;
using static TorchSharp.torch;

namespace RealNvp.Figures;

/// <summary>Figures in notebooks: how they show, and the library that draws them.</summary>
public static class NotebookFigures
{
    private const string Html = "text/html";
    private const string PlotlyMime = "application/vnd.plotly.v1+json";
    private const string PlainText = "text/plain";

    /// <summary>
    /// Makes notebooks show tensors with shape, type, device and values, and <see cref="Plot"/> and Plotly.NET's charts: as HTML
    /// that draws without a network, and as application/vnd.plotly.v1+json for clients that draw that themselves. Called in a
    /// cell, it puts plotly.js on the page, once for all figures of the notebook. Calling it again does no harm.
    /// </summary>
    /// <exception cref="InvalidOperationException">This program is no notebook of .NET Interactive.</exception>
    public static void Register()
    {
        if (!LiveOutput.IsNotebook)
            throw new InvalidOperationException("Figures show themselves in notebooks of .NET Interactive, and this program is "
                + "none of these: save a figure as an HTML file with Plot.Save.");
        RegisterFormatters();
    }

    // A method of its own: where there is no .NET Interactive, it cannot even be compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterFormatters()
    {
        Formatter.Register<Plot>(plot => plot.ToHtml(), Html);
        Formatter.Register<Plot>(plot => plot.ToJson(), PlotlyMime);
        Formatter.Register<Plot>(plot => plot.ToString(), PlainText);
        Formatter.SetPreferredMimeTypesFor(typeof(Plot), Html, PlotlyMime, PlainText);

        Formatter.Register<GenericChart>(ChartHtml, Html);
        Formatter.Register<GenericChart>(FigureJson.Of, PlotlyMime);
        Formatter.SetPreferredMimeTypesFor(typeof(GenericChart), Html, PlotlyMime);

        Formatter.Register<Tensor>(TensorText.Html, Html);
        Formatter.Register<Tensor>(TensorText.Plain, PlainText);
        Formatter.SetPreferredMimeTypesFor(typeof(Tensor), Html, PlainText);

        if (KernelInvocationContext.Current is not { } cell) return;
        CompilerRemarks.LeaveErrorsOnly(cell.HandlingKernel);
        cell.Display(Kernel.HTML(PlotlyLibrary.NotebookScript()), Html);
    }

    // A chart of a reader's own has no title that we could name it by, and says its height itself or takes plotly.js's.
    private static string ChartHtml(GenericChart chart) =>
        FigureHtml.Fragment(FigureJson.Of(chart), "A chart", 980, 450, null, null);
}
