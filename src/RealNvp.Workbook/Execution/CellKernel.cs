using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace RealNvp.Workbook.Execution;

/// <summary>The kernel that notebooks run in, the same for the runner and for Jupyter.</summary>
internal static class CellKernel
{
    internal static CompositeKernel Create()
    {
        var csharp = new CSharpKernel().UseKernelHelpers().UseValueSharing().UseWho()
            .UseNugetDirective((kernel, packages) =>
            {
                kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
                return Task.CompletedTask;
            });
        var kernel = new CompositeKernel { csharp, new HtmlKernel(), new ShownText("markdown", "text/markdown"),
            new ShownText("mermaid", "text/plain") };
        kernel.DefaultKernelName = csharp.Name;
        return kernel.UseImportMagicCommand().UseTime().UseList();
    }
}
