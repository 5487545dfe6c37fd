namespace RealNvp.Flows.Data;

/// <summary>Finds the files of the repository's data folder.</summary>
public static class DataFiles
{
    /// <summary>Names a folder to look in first.</summary>
    public const string FolderVariable = "WORKBOOK_DATA";

    /// <summary>
    /// The path of a data file: in the folder that WORKBOOK_DATA names, else in the nearest folder "data" above the working directory or above the program.
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
    }
}
