using RealNvp.Flows.Data;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Execution.Cache;

/// <summary>What every notebook's outputs depend on beside its own code: the library, the data, the stack and the machine.</summary>
internal static class Surroundings
{
    private const string PackagedData = "/usr/share/datasets";

    internal static string Of(Repository repository, string? torchPrefix)
    {
        using var all = new Fingerprint();
        all.Add(Environment.Version.ToString()).Add(Environment.ProcessorCount.ToString()).Add(Stack.BuiltWith);
        AddLibrary(all, AppContext.BaseDirectory);
        if (Stack.BuiltWith == Stack.Local && Libtorch.Find(torchPrefix) is { } torch) AddLibtorch(all, torch);
        AddData(all, Path.Combine(repository.Root, "data"));
        if (Environment.GetEnvironmentVariable(DataFiles.FolderVariable) is { Length: > 0 } named) AddData(all, named);
        foreach (var file in FilesBelow(PackagedData)) all.AddFileByTime(file);
        return all.Finish();
    }

    /// <summary>The built assemblies, native ones too; deps.json names the versions of packages that lie elsewhere.</summary>
    internal static void AddLibrary(Fingerprint all, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsLibrary).Order(StringComparer.Ordinal)) all.AddFile(file);
    }

    private static bool IsLibrary(string path) =>
        Path.GetExtension(path) is ".dll" or ".so" || path.EndsWith(".deps.json", StringComparison.Ordinal);

    private static void AddLibtorch(Fingerprint all, Libtorch.Installation torch)
    {
        all.Add(torch.ToString());
        foreach (var beside in (string[])["../../libtorch_cpu.so", "../../../lib/libtorch_cpu.so"])
            all.AddFileByTime(Path.GetFullPath(Path.Combine(torch.Folder, beside)));
    }

    private static void AddData(Fingerprint all, string folder)
    {
        foreach (var file in FilesBelow(folder)) all.Add(Path.GetRelativePath(folder, file)).AddFile(file);
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
}
