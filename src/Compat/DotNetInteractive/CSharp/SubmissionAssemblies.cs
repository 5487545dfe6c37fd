using System.Reflection;
using System.Runtime.Loader;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>Where compiled cells are loaded; they see one another, and everything else that the host sees.</summary>
internal sealed class SubmissionAssemblies() : AssemblyLoadContext("cells")
{
    private readonly Dictionary<string, Assembly> _byName = new(StringComparer.Ordinal);

    internal Assembly Add(Stream assembly, Stream symbols)
    {
        var loaded = LoadFromStream(assembly, symbols);
        lock (_byName) _byName[loaded.GetName().Name!] = loaded;
        return loaded;
    }

    internal static bool Owns(Assembly? assembly) => assembly is not null && GetLoadContext(assembly) is SubmissionAssemblies;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        lock (_byName) return _byName.GetValueOrDefault(assemblyName.Name!);
    }
}
