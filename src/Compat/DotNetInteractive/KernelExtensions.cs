using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Documents;

namespace Microsoft.DotNet.Interactive;

public static class KernelExtensions
{
    public static Task<KernelCommandResult> SubmitCodeAsync(this Kernel kernel, string code)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return kernel.SendAsync(new SubmitCode(code));
    }

    /// <summary>The kernel of that name, this one or one inside it; null where there is none.</summary>
    public static Kernel? FindKernelByName(this Kernel kernel, string name)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.Name == name || kernel.KernelInfo.Aliases.Contains(name)) return kernel;
        return kernel is CompositeKernel composite && composite.ChildKernels.TryGetByAlias(name, out var child) ? child : null;
    }

    public static IEnumerable<Kernel> FindKernels(this Kernel kernel, Func<Kernel, bool> predicate)
    {
        IEnumerable<Kernel> all = kernel is CompositeKernel composite ? [kernel, .. composite] : [kernel];
        return all.Where(predicate);
    }

    /// <summary>`#!import FILE`: runs a notebook, a .dib, a .cs or a .csx here; directives in it count.</summary>
    public static TKernel UseImportMagicCommand<TKernel>(this TKernel kernel) where TKernel : Kernel
    {
        kernel.Add(new Directive("#!import", "Runs a notebook or a script file: .ipynb, .dib, .cs, .csx",
            (use, context) => ImportAsync(use, context)));
        return kernel;
    }

    /// <summary>Values go from one kernel to another by `#!share` and `#!set`; with C# alone there is nothing to share.</summary>
    public static T UseValueSharing<T>(this T kernel) where T : Kernel => kernel;

    /// <summary>`#!who` and `#!whos` list the variables.</summary>
    public static TKernel UseWho<TKernel>(this TKernel kernel) where TKernel : Kernel
    {
        kernel.Add(new Directive("#!who", "Lists the names of the variables", (_, context) =>
        {
            if (Variables(context) is { Count: > 0 } variables) Console.Write(string.Concat(variables.Select(v => v.Name + "\n")));
            return Task.CompletedTask;
        }));
        kernel.Add(new Directive("#!whos", "Lists the variables with their types and values", (_, context) =>
        {
            context.Display(Variables(context).Select(v => new { v.Name, v.Type, Value = Formatting.ValueSummary.Of(v.Value) }).ToArray(), "text/html", "text/plain");
            return Task.CompletedTask;
        }));
        return kernel;
    }

    private static List<(string Name, Type Type, object? Value)> Variables(KernelInvocationContext context) =>
        context.HandlingKernel is CSharpKernel kernel ? [.. kernel.Chain.Variables().OrderBy(v => v.Name, StringComparer.Ordinal)] : [];

    private static async Task ImportAsync(DirectiveInvocation use, KernelInvocationContext context)
    {
        if (use.Argument.Length == 0) throw new DirectiveException("#!import expects a file: #!import \"setup.csx\"");
        var path = FindFile(use);
        var kernel = context.HandlingKernel;
        foreach (var (kernelName, code) in Script.Read(path))
        {
            var target = kernelName is null ? null : kernel.RootKernel.FindKernelByName(kernelName);
            if (kernelName is not null && target is null) throw new DirectiveException($"{path} has a cell for the kernel {kernelName}, which is not here");
            await (target ?? kernel).SendAsync(new SubmitCode(code) { SourcePath = path }).ConfigureAwait(false);
            if (context.HasFailed) return;
        }
    }

    /// <summary>Relative to the current folder (the notebook's), then to the file that the directive stands in.</summary>
    private static string FindFile(DirectiveInvocation use)
    {
        var here = Path.GetFullPath(use.Argument);
        if (File.Exists(here)) return here;
        if (use.SourcePath is { } source && Path.GetFullPath(use.Argument, Path.GetDirectoryName(source)!) is var beside && File.Exists(beside)) return beside;
        throw new DirectiveException($"#!import: there is no file {here}");
    }
}
