using RealNvp.Chapters;

namespace RealNvp.Workbook.Execution.Cache;

/// <summary>What every notebook's outputs depend on beside its own code: the library, the data and the machine.</summary>
internal static class CacheInputs
{
    private const string PackagedData = "/usr/share/datasets";

    internal static string Of(Repository repository)
    {
        using var all = new Fingerprint();
        all.Add(Environment.Version.ToString()).Add(Environment.ProcessorCount.ToString());
        AddLibrary(all, AppContext.BaseDirectory);
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

    private static void AddData(Fingerprint all, string folder)
    {
        foreach (var file in FilesBelow(folder)) all.Add(Path.GetRelativePath(folder, file)).AddFile(file);
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal) : [];
}
