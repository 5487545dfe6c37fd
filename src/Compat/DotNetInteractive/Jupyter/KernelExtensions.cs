using System.Diagnostics;
using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive.Jupyter;

public static class KernelExtensions
{
    /// <summary>`#!time`, `#!lsmagic`, and the directives that show the rest of a cell: `#!markdown`, `#!html`, `#!mermaid`.</summary>
    public static T UseDefaultMagicCommands<T>(this T kernel) where T : Kernel
    {
        Add(kernel, new Directive("#!time", "Prints how long the rest of the cell took", (_, context) =>
        {
            var watch = Stopwatch.StartNew();
            context.OnComplete(done => done.Display($"Wall time: {watch.Elapsed.TotalMilliseconds:0.####}ms", "text/plain"));
            return Task.CompletedTask;
        }));
        Add(kernel, new Directive("#!lsmagic", "Lists the directives", (_, context) =>
        {
            var all = context.HandlingKernel.Directives.Values.Concat(context.HandlingKernel.ParentKernel?.Directives.Values ?? Enumerable.Empty<Directive>());
            context.Display(string.Join('\n', all.OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => $"{d.Name,-12} {d.Description}")), "text/plain");
            return Task.CompletedTask;
        }));
        Add(kernel, Showing("#!markdown", "text/markdown"));
        Add(kernel, Showing("#!html", "text/html"));
        Add(kernel, Showing("#!mermaid", "text/plain"));
        return kernel;
    }

    private static Directive Showing(string name, string mimeType) =>
        new(name, $"Shows the rest of the cell as {mimeType}", (use, context) =>
        {
            context.DisplayAs(use.Rest, mimeType);
            return Task.CompletedTask;
        }, TakesRest: true);

    private static void Add(Kernel kernel, Directive directive) => kernel.Directives[directive.Name] = directive;
}
