using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace DotNetInteractive.Tests;

/// <summary>A C# kernel as a host sets it up, and what its cells gave.</summary>
internal sealed class Cells : IDisposable
{
    internal CompositeKernel Kernel { get; } = new();

    internal CSharpKernel CSharp { get; } = new CSharpKernel().UseKernelHelpers();

    internal Cells()
    {
        Kernel.Add(CSharp);
        Kernel.DefaultKernelName = CSharp.Name;
        Kernel.Add(new HtmlKernel());
        Kernel.UseImportMagicCommand().UseWho();
    }

    internal async Task<CellRun> RunAsync(string code, CancellationToken cancellationToken = default) =>
        new((await Kernel.SendAsync(new SubmitCode(code), cancellationToken)).Events);

    /// <summary>The text of a cell that must succeed.</summary>
    internal async Task<string> ResultAsync(string code)
    {
        var run = await RunAsync(code);
        Assert.Null(run.Error);
        return run.Result;
    }

    public void Dispose() => Kernel.Dispose();
}

internal sealed record CellRun(IReadOnlyList<KernelEvent> Events)
{
    internal string? Error => Events.OfType<CommandFailed>().SingleOrDefault()?.Message;

    internal object? Value => Events.OfType<ReturnValueProduced>().SingleOrDefault()?.Value;

    internal string Result => Value.ToDisplayString();

    internal string Output => string.Concat(Events.OfType<StandardOutputValueProduced>().Select(e => e.FormattedValues.Single().Value));

    internal IReadOnlyList<DisplayEvent> Shown => [.. Events.OfType<DisplayEvent>().Where(e => e is DisplayedValueProduced or DisplayedValueUpdated)];
}
