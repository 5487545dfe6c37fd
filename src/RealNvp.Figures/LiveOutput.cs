using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace RealNvp.Figures;

/// <summary>An output of a notebook that is replaced in place.</summary>
/// <remarks>
/// Not by Display and Update: in the last release of .NET Interactive an update bears another id than what it updates, and
/// comes to stand below it.
/// </remarks>
internal sealed class LiveOutput
{
    // unlike a figure's name, no other session's, whose outputs may be on the same page
    private readonly string _displayId = Guid.NewGuid().ToString();
    private KernelInvocationContext? _cell;

    /// <summary>Whether this is a notebook: its kernel brings .NET Interactive, which other programs do without.</summary>
    internal static bool IsNotebook { get; } =
        Type.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext, Microsoft.DotNet.Interactive") is not null;

    /// <summary>Whether there is a place to show something: a cell runs, or one has shown this output.</summary>
    internal bool IsOpen => IsNotebook && FindCell();

    [MethodImpl(MethodImplOptions.NoInlining)]   // where there is no .NET Interactive, this cannot even be compiled
    private bool FindCell() => (_cell, KernelInvocationContext.Current) is not (null, null);

    /// <summary>Shows it, in place of what it showed before; in the cell that runs, else in that of the last time.</summary>
    internal void Show(Plot plot)
    {
        var isFirst = _cell is null;
        if (KernelInvocationContext.Current is { } running) _cell = running;
        var cell = _cell ?? throw new InvalidOperationException($"{nameof(Show)} before {nameof(IsOpen)}.");
        var formatted = FormattedValue.CreateManyFromObject(plot);
        cell.Publish(isFirst
            ? new DisplayedValueProduced(plot, cell.Command, formatted, _displayId)
            : new DisplayedValueUpdated(plot, _displayId, cell.Command, formatted));
    }
}
