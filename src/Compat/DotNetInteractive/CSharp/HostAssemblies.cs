using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>
/// The assemblies of this process. A cell that references a library which the host has loaded too gets the host's, so that a type
/// is one type on both sides of a call; anything else is loaded into the same context, with its dependencies from its own folder.
/// </summary>
internal static class HostAssemblies
{
    private static readonly ConcurrentDictionary<string, byte> ProbingFolders = new(StringComparer.Ordinal);
    private static readonly Lazy<IReadOnlyDictionary<string, string>> TrustedByName = new(ReadTrusted);
    private static int _probing;

    internal static string FrameworkFolder { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>The runtime's own assemblies: what a cell can use without a reference.</summary>
    internal static IEnumerable<string> Framework =>
        TrustedByName.Value.Values.Where(path => Path.GetDirectoryName(path) == FrameworkFolder);

    /// <summary>The file of an assembly that came with the host, by simple name.</summary>
    internal static string? FindTrusted(string simpleName) => TrustedByName.Value.GetValueOrDefault(simpleName);

    /// <summary>An assembly of the host and those outside the framework that it needs, theirs included.</summary>
    internal static IReadOnlyCollection<string> WithDependencies(Assembly assembly)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(assembly);
        return found.Values;

        void Add(Assembly next)
        {
            if (next.Location is not { Length: > 0 } path || Path.GetDirectoryName(path) == FrameworkFolder || !found.TryAdd(next.GetName().Name!, path)) return;
            foreach (var name in next.GetReferencedAssemblies())
                if (FindTrusted(name.Name!) is not null)
                    Add(AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name.Name!)));
        }
    }

    /// <summary>Loads a file, or finds the assembly of its name that the host has, and says where that one lies.</summary>
    internal static string Load(string path)
    {
        var name = AssemblyName.GetAssemblyName(path);
        Probe(Path.GetDirectoryName(path)!);
        var loaded = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name.Name);
        loaded ??= FindTrusted(name.Name!) is not null
            ? AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name.Name!))
            : AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        return loaded.Location is { Length: > 0 } location ? location : path;
    }

    /// <summary>Looks in a folder, from now on, for dependencies and native libraries that are found nowhere else.</summary>
    internal static void Probe(string folder)
    {
        if (!ProbingFolders.TryAdd(folder, 0) || Interlocked.Exchange(ref _probing, 1) != 0) return;
        AssemblyLoadContext.Default.Resolving += (context, name) => FindBeside(name.Name + ".dll") is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        {
            string[] spellings = [name, $"lib{name}.so", $"{name}.so", $"lib{name}.dylib", $"{name}.dll"];
            return spellings.Select(FindBeside).OfType<string>().FirstOrDefault() is { } path
                ? System.Runtime.InteropServices.NativeLibrary.Load(path)
                : IntPtr.Zero;
        };
    }

    internal static string? FindBeside(string fileName) =>
        ProbingFolders.Keys.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    private static Dictionary<string, string> ReadTrusted()
    {
        var all = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in all.Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            byName.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        return byName;
    }
}
