using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace RealNvp.Workbook.Execution;

/// <summary>The kernel that notebooks run in, the same for the runner and for Jupyter.</summary>
internal static class CellKernel
{
    /// <summary>Where a package keeps what is run as soon as a notebook refers to it, in this kernel and in Polyglot Notebooks'.</summary>
    private static readonly string Extension = Path.Combine("interactive-extensions", "dotnet", "extension.dib");

    internal static CompositeKernel Create()
    {
        var csharp = new CSharpKernel().UseKernelHelpers().UseValueSharing().UseWho()
            .UseNugetDirective(async (kernel, packages) =>
            {
                kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
                foreach (var package in packages)
                    if (new FileInfo(Path.Combine(package.PackageRoot ?? "", Extension)) is { Exists: true } extension)
                        await kernel.RootKernel.LoadAndRunInteractiveDocument(extension);
            });
        var kernel = new CompositeKernel { csharp, new HtmlKernel(), new ShownText("markdown", "text/markdown"),
            new ShownText("mermaid", "text/plain") };
        kernel.DefaultKernelName = csharp.Name;
        return kernel.UseImportMagicCommand().UseTime().UseList();
    }
}
