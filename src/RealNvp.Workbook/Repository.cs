using System.Security.Cryptography;
using System.Text;

namespace RealNvp.Workbook;

/// <summary>Where things are in a checkout of the workbook.</summary>
/// <param name="Root">The folder that holds RealNvp.Notebooks.sln.</param>
internal sealed record Repository(string Root)
{
    private const string SolutionName = "RealNvp.Notebooks.sln";

    public string Solution => Path.Combine(Root, SolutionName);
    public string Notebooks => Path.Combine(Root, "notebooks");
    public string Assignments => Path.Combine(Notebooks, "assignments");
    public string Data => Path.Combine(Root, "data");
    public string Artifacts => Path.Combine(Root, "artifacts");
    public string Executed => Path.Combine(Artifacts, "executed");
    public string StateFolder => Path.Combine(Root, ".workbook");
    public string RunCache => Path.Combine(StateFolder, "runs");
    public string SetupScript => Path.Combine(Notebooks, "setup.csx");
    public string FigureAssets => Path.Combine(Root, "src", "RealNvp.Figures", "assets");

    /// <summary>The checkout that this program was built in; the working folder's where it was moved.</summary>
    /// <exception cref="UserException">Neither lies in a checkout.</exception>
    public static Repository Find()
    {
        string?[] starts = [Environment.GetEnvironmentVariable("WORKBOOK_ROOT"), AppContext.BaseDirectory,
            Environment.CurrentDirectory];
        foreach (var start in starts)
            for (var folder = string.IsNullOrEmpty(start)
                ? null : new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, SolutionName)))
                    return new Repository(folder.FullName);
        throw new UserException($"expected to run inside a checkout of the workbook (a folder with {SolutionName}), found "
            + "none above "
            + $"{Environment.CurrentDirectory}; change into it and run ./workbook there");
    }

    /// <summary>The chapters (NN-name.ipynb) in reading order.</summary>
    public IReadOnlyList<string> Chapters() => NotebooksIn(Notebooks);

    /// <summary>The chapters' worked solutions.</summary>
    public IReadOnlyList<string> Solutions() => NotebooksIn(Path.Combine(Notebooks, "solutions"));

    private static IReadOnlyList<string> NotebooksIn(string folder) =>
        !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.ipynb").Order(StringComparer.Ordinal)];

    /// <summary>
    /// Where a notebook's executed copy goes: its place below notebooks/ is kept; a notebook from elsewhere goes by its file name
    /// into a folder of its own, where it stands in no chapter's place.
    /// </summary>
    public string ExecutedCopy(string notebook)
    {
        var place = Path.GetRelativePath(Notebooks, notebook);
        return Path.Combine(Executed, place.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(place)
            ? Path.Combine("elsewhere", Mark(notebook), Path.GetFileName(notebook)) : place);
    }

    /// <summary>Tells notebooks of one name in different folders apart.</summary>
    private static string Mark(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..8];

    /// <summary>
    /// The notebooks that the words name: a chapter's number ("8" or "08"), the start of its file name, either after "solutions/"
    /// for its worked solutions, or a path to a notebook. No words: every chapter, and the solutions.
    /// </summary>
    /// <exception cref="UserException">A word names no notebook.</exception>
    public IReadOnlyList<string> Resolve(IReadOnlyList<string> words)
    {
        var chapters = Chapters();
        if (words.Count == 0)
            return chapters.Count > 0 ? [.. chapters, .. Solutions()] : throw new UserException("expected chapters "
                + $"(NN-name.ipynb) in {Notebooks}, found none");
        return [.. words.Select(word => ResolveOne(word, chapters)).Distinct()];
    }

    private string ResolveOne(string word, IReadOnlyList<string> chapters)
    {
        const string solutions = "solutions/";
        if (word.StartsWith('-')) throw new UserException($"there is no option {word} here (--help lists them)");
        if (word.Length == 0) throw new UserException("expected a chapter, got an empty word");
        var isPath = word.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);
        if (!isPath && word.StartsWith(solutions, StringComparison.Ordinal))
            return Named(word[solutions.Length..], Solutions(), "solutions of");
        if (!isPath && !word.Contains('/')) return Named(word, chapters, "chapter");
        var path = Path.GetFullPath(word);
        return File.Exists(path) ? path : throw new UserException($"no notebook at {path}");
    }

    private static string Named(string word, IReadOnlyList<string> chapters, string kind)
    {
        var prefix = int.TryParse(word, out var number) && number >= 0 ? $"{number:00}-" : word;
        var found = chapters.Where(c => Path.GetFileName(c).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new UserException($"no {kind} \"{word}\"; there are: "
                + $"{string.Join(", ", chapters.Select(Path.GetFileNameWithoutExtension))}"),
            _ => throw new UserException($"\"{word}\" names several: "
                + $"{string.Join(", ", found.Select(Path.GetFileNameWithoutExtension))}"),
        };
    }
}
