using System.Diagnostics;
using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Directives;

namespace RealNvp.Workbook.Execution;

/// <summary>The directives of Jupyter's C# kernels that the interactive library itself leaves to its hosts.</summary>
internal static class MagicCommands
{
    /// <summary>`#!time` prints how long the rest of the cell took.</summary>
    internal static CompositeKernel UseTime(this CompositeKernel kernel)
    {
        kernel.AddDirective(new KernelActionDirective("#!time") { Description = "Prints how long the rest of the cell took" },
            (_, context) =>
        {
            var watch = Stopwatch.StartNew();
            context.OnComplete(done => done.DisplayAs(string.Create(CultureInfo.InvariantCulture,
                $"Wall time: {watch.Elapsed.TotalMilliseconds:0.####}ms"), "text/plain"));
            return Task.CompletedTask;
        });
        return kernel;
    }

    /// <summary>`#!lsmagic` lists the directives.</summary>
    internal static CompositeKernel UseList(this CompositeKernel kernel)
    {
        kernel.AddDirective(new KernelActionDirective("#!lsmagic") { Description = "Lists the directives" }, (_, context) =>
        {
            var all = kernel.KernelInfo.SupportedDirectives.Concat(
                kernel.ChildKernels.SelectMany(child => child.KernelInfo.SupportedDirectives));
            context.DisplayAs(string.Join('\n', all.Where(d => !d.Hidden).DistinctBy(d => d.Name)
                .OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => $"{d.Name,-12} {d.Description}".TrimEnd())),
                "text/plain");
            return Task.CompletedTask;
        });
        return kernel;
    }
}
