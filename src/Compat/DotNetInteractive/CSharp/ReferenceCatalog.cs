using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>
/// The compiler's view of assembly files, one object a file: Roslyn reuses the symbols of a reference that it has seen.
/// </summary>
internal static class ReferenceCatalog
{
    private static readonly ConcurrentDictionary<string, Lazy<PortableExecutableReference>> ByPath = new(StringComparer.Ordinal);

    private static readonly Lazy<ImmutableArray<MetadataReference>> DefaultReferences = new(() =>
    [
        .. HostAssemblies.Framework.Where(IsManaged).Select(Get),
        .. HostAssemblies.WithDependencies(typeof(Kernel).Assembly).Select(Get),
    ]);

    /// <summary>Views that live as long as the process, since the metadata read from them does.</summary>
    private static readonly ConcurrentBag<MemoryMappedViewAccessor> MappedViews = [];

    /// <summary>What every cell can use: the framework and the kernel's own API.</summary>
    internal static ImmutableArray<MetadataReference> Default => DefaultReferences.Value;

    internal static PortableExecutableReference Get(string path) =>
        ByPath.GetOrAdd(path, static p => new Lazy<PortableExecutableReference>(() => Create(p))).Value;

    private static PortableExecutableReference Create(string path) =>
        Path.GetDirectoryName(path) == HostAssemblies.FrameworkFolder
            ? Map(path).GetReference(XmlDocumentation.For(path), filePath: path, display: path)
            : MetadataReference.CreateFromFile(path, documentation: XmlDocumentation.For(path));

    /// <summary>The framework's files do not change under a running program, so they are mapped rather than read.</summary>
    private static AssemblyMetadata Map(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        MappedViews.Add(view);
        var size = (int)new FileInfo(path).Length;
        return AssemblyMetadata.Create(ModuleMetadata.CreateFromImage(view.SafeMemoryMappedViewHandle.DangerousGetHandle(), size));
    }

    private static bool IsManaged(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new PEReader(file);
        return reader.HasMetadata && reader.GetMetadataReader().IsAssembly;
    }
}
