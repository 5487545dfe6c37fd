namespace RealNvp.Workbook.Setup;

/// <summary>Remembers when the whole solution was last built, so that a build is skipped while no source is newer.</summary>
internal static class BuildStamp
{
    private static readonly string[] Sources = ["src", "tests", "data", "build"];
    private static readonly string[] OutputFolders = ["bin", "obj", "node_modules", "__pycache__"];

    private static string PathOf(Repository repository) => Path.Combine(repository.StateFolder, "solution-built");

    /// <summary>Whether every source is older than the last build that succeeded.</summary>
    public static bool IsCurrent(Repository repository)
    {
        var stamp = new FileInfo(PathOf(repository));
        if (!stamp.Exists) return false;
        var top = new DirectoryInfo(repository.Root).EnumerateFiles().Where(f => f.Extension is ".props" or ".json" or ".sln");
        return top.Concat(Sources.Select(s => new DirectoryInfo(Path.Combine(repository.Root, s))).SelectMany(FilesBelow))
            .All(f => f.LastWriteTimeUtc < stamp.LastWriteTimeUtc);
    }

    /// <summary>Says that a build that began then has succeeded.</summary>
    public static void Write(Repository repository, DateTime began)
    {
        Directory.CreateDirectory(repository.StateFolder);
        File.WriteAllText(PathOf(repository), "");
        File.SetLastWriteTimeUtc(PathOf(repository), began);
    }

    private static IEnumerable<FileInfo> FilesBelow(DirectoryInfo folder) => !folder.Exists ? [] : folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(d => !OutputFolders.Contains(d.Name)).SelectMany(FilesBelow));
}
