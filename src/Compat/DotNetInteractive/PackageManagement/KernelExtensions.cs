using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive.PackageManagement;

public static class KernelExtensions
{
    /// <summary>`#r "nuget:Package,Version"` and `#i "nuget:Source"`, restored by the .NET SDK.</summary>
    public static T UseNugetDirective<T>(
        this T kernel, Func<T, IReadOnlyList<ResolvedPackageReference>, Task> onResolvePackageReferences, bool forceRestore = false) where T : Kernel
    {
        var packages = new PackageRestore(forceRestore);
        kernel.Add(new Directive("#i", "Adds a source of packages: #i \"nuget:SOURCE\"", (use, _) =>
        {
            packages.AddSource(use.Argument["nuget:".Length..].Trim());
            return Task.CompletedTask;
        }));
        kernel.Add(new Directive("#r", "Adds a package: #r \"nuget:NAME,VERSION\"", async (use, context) =>
        {
            if (!PackageReference.TryParse(use.Argument, out var reference))
                throw new DirectiveException($"#r expects \"nuget:NAME\" or \"nuget:NAME,VERSION\", not \"{use.Argument}\"");
            var resolved = await packages.AddAsync(reference!, context.CancellationToken).ConfigureAwait(false);
            await onResolvePackageReferences(kernel, resolved).ConfigureAwait(false);
            if (resolved.FirstOrDefault(r => r.PackageName.Equals(reference!.PackageName, StringComparison.OrdinalIgnoreCase)) is { } added)
                context.Display($"Installed package {added.PackageName}, {added.PackageVersion}", "text/plain");
        }));
        return kernel;
    }
}
