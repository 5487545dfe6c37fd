using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>Finds what `#r "..."` names, and the assemblies that a referenced library needs in turn.</summary>
internal sealed class CellReferenceResolver : MetadataReferenceResolver
{
    /// <summary>Everything that was resolved so far; later cells see it too.</summary>
    private ImmutableList<MetadataReference> _resolved = [];

    internal ImmutableList<MetadataReference> Resolved => _resolved;

    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        var fileName = referenceIdentity.Name + ".dll";
        var beside = definition is PortableExecutableReference { FilePath: { } path } ? Path.Combine(Path.GetDirectoryName(path)!, fileName) : null;
        if (beside is not null && File.Exists(beside)) return Add(beside);
        return (HostAssemblies.FindTrusted(referenceIdentity.Name) ?? HostAssemblies.FindBeside(fileName)) is { } found ? Add(found) : null;
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Find(reference, baseFilePath) is { } path ? [Add(path)] : [];

    internal PortableExecutableReference Add(string path)
    {
        var reference = ReferenceCatalog.Get(HostAssemblies.Load(path));
        ImmutableInterlocked.Update(ref _resolved, static (list, added) => list.Contains(added) ? list : list.Add(added), (MetadataReference)reference);
        return reference;
    }

    /// <summary>Relative to the current folder (the notebook's), then to the file that the directive stands in; a bare name is the host's.</summary>
    private static string? Find(string reference, string? baseFilePath)
    {
        string[] candidates = Path.IsPathRooted(baseFilePath)
            ? [Path.GetFullPath(reference), Path.GetFullPath(reference, Path.GetDirectoryName(baseFilePath)!)]
            : [Path.GetFullPath(reference)];
        return candidates.FirstOrDefault(File.Exists) ?? HostAssemblies.FindTrusted(
            reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? reference[..^4] : reference);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
