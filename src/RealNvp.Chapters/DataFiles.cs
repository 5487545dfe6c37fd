namespace RealNvp.Chapters;

/// <summary>Finds the files of the repository's data folder, and those that the reader keeps in the cache folder.</summary>
public static class DataFiles
{
    /// <summary>Names a folder to look in first.</summary>
    public const string FolderVariable = "WORKBOOK_DATA";

    /// <summary>
    /// Where larger sets that no package brings may be put, a folder for each: realnvp-workbook under XDG_CACHE_HOME, else under
    /// ~/.cache.
    /// </summary>
    public static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "realnvp-workbook");

    /// <summary>
    /// The path of a data file: in the folder that WORKBOOK_DATA names, else in the nearest folder "data" above the working
    /// directory or above the program, else in the cache folder.
    /// </summary>
    /// <exception cref="FileNotFoundException">It is in none of them; the message lists where it was looked for.</exception>
    public static string Find(string name)
    {
        var tried = new List<string>();
        foreach (var folder in Folders())
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path)) return path;
            tried.Add(folder);
        }
        throw new FileNotFoundException(
            $"There is no data file {name}. It was looked for in {string.Join(", ", tried)}. "
            + $"Run from inside the repository, or set {FolderVariable} to the folder that holds it.", name);
    }

    internal static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named) yield return named;
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory }.Distinct())
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
                if (Directory.Exists(Path.Combine(at.FullName, "data"))) yield return Path.Combine(at.FullName, "data");
        yield return CacheFolder;
    }
}
