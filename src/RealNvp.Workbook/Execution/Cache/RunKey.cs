using System.Text.RegularExpressions;

namespace RealNvp.Workbook.Execution.Cache;

/// <summary>
/// What a notebook's outputs depend on, as one hash: its code cells (text cells are not run), every file that its code names, the
/// budget, and what <see cref="CacheInputs"/> says.
/// </summary>
internal static partial class RunKey
{
    private const int DeepestImport = 8;
    private const long MostBytesOfCode = 1 << 24;

    internal static string Of(NotebookFile notebook, string budget, string inputs)
    {
        using var key = new Fingerprint();
        var folder = Path.GetDirectoryName(notebook.Path)!;
        key.Add(inputs).Add(budget).Add(folder);
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
            key.Add(cell.Submission).Add(cell.HasSomethingToRun ? "run" : "skip")
                .Add(cell.HasTag("raises-exception") ? "raises" : "");
        var named = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode)) Name(named, cell.Source, folder, DeepestImport);
        foreach (var file in named) key.Add(file).AddFile(file);
        return key.Finish();
    }

    /// <summary>
    /// A text in quotes that is a file's path, relative to the notebook or absolute: imported, referenced or read. Code is looked
    /// into.
    /// </summary>
    private static void Name(SortedSet<string> named, string code, string folder, int depth)
    {
        foreach (Match quoted in Quoted().Matches(code))
        {
            var path = Path.GetFullPath(quoted.Groups[1].Value, folder);
            if (!PlainFile.IsThere(path) || !named.Add(path) || depth == 0) continue;
            if (Path.GetExtension(path) is ".csx" or ".cs" or ".dib" && new FileInfo(path).Length <= MostBytesOfCode)
                Name(named, File.ReadAllText(path), Path.GetDirectoryName(path)!, depth - 1);
        }
    }

    [GeneratedRegex("\"([^\"\n\0]{1,400})\"")]
    private static partial Regex Quoted();
}
