using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// A folder of submissions: STUDENT.ipynb, STUDENT/ASSIGNMENT.ipynb or STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb (nbgrader's). In a
/// student's folder a notebook of another name is found by its cells' ids. A folder without one is a submission too: of nothing.
/// </summary>
/// <param name="Submissions">One a student, in the order of the names.</param>
/// <param name="Odd">What is left out, and why: it costs nobody else.</param>
internal sealed record Roster(IReadOnlyList<Submission> Submissions, IReadOnlyList<string> Odd)
{
    private const string Ending = ".ipynb";
    private const string ALink = "a link was handed in, not a notebook";
    private const int Deepest = 3, MostNotebooks = 50;

    /// <summary>Whether two names are one where their work is kept: most file systems do not tell Ada from ada.</summary>
    private static readonly StringComparer Names =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <exception cref="UserException">There is no such folder, or it holds no submission.</exception>
    internal static Roster In(string folder, Assignment assignment)
    {
        if (!Directory.Exists(folder))
            throw new UserException($"{folder}: expected a folder of submissions named by student, found none");
        List<string> odd = [];
        var found = new SortedDictionary<string, List<Submission>>(Names);
        var root = new DirectoryInfo(Path.GetFullPath(folder));
        foreach (var entry in root.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry.Name.StartsWith('.')) continue;
            if (OddName(entry, assignment.Name) is { } reason) odd.Add(reason);
            else if (Of(entry, root.FullName, assignment) is { } submission)
            {
                if (!found.TryGetValue(submission.Student, out var all)) found[submission.Student] = all = [];
                all.Add(submission);
            }
        }
        if (found.Count == 0)
            throw new UserException(string.Join("; ",
                [$"{folder}: expected STUDENT.ipynb or STUDENT/{assignment.Name}.ipynb, found neither", .. odd]));
        return new Roster([.. found.Values.Select(One)], odd);
    }

    private static bool IsNotebook(string name) => name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    private static string? OddName(FileSystemInfo entry, string assignment)
    {
        var shown = Shown.Text(entry.Name);
        if (entry is FileInfo && !IsNotebook(entry.Name))
            return Path.GetExtension(entry.Name).ToLowerInvariant() is ".zip" or ".7z" or ".gz" or ".tar" or ".rar"
                ? $"{shown}: left out; unpack it first" : null;
        var name = entry is FileInfo ? Path.GetFileNameWithoutExtension(entry.Name) : entry.Name;
        if (entry is FileInfo && IsNamed(name, assignment))
            return $"{shown}: left out; this is the assignment's name, expected is the student's";
        return StudentName.Of(name) is null ? $"{shown}: left out; a student's name is made of letters, digits, blanks and "
            + "marks that every system takes in a file's name" : null;
    }

    private static Submission? Of(FileSystemInfo entry, string root, Assignment assignment)
    {
        if (entry is FileInfo && !IsNotebook(entry.Name)) return null;
        var student = StudentName.Of(entry is FileInfo ? Path.GetFileNameWithoutExtension(entry.Name) : entry.Name)!;
        if (entry.LinkTarget is not null)
            return new Submission(student, entry.FullName) { Roster = root, Problem = ALink };
        return entry is DirectoryInfo folder ? Within(folder, student, root, assignment)
            : new Submission(student, entry.FullName) { Roster = root };
    }

    private static Submission Within(DirectoryInfo folder, string student, string root, Assignment assignment)
    {
        var usual = Path.Combine(folder.FullName, assignment.Name + Ending);
        List<FileInfo> all = [.. Notebooks(folder, Deepest).Take(MostNotebooks)];
        // The usual places first, then what has the assignment's name, then what has its cells; of several the newest.
        var named = all.Where(f => IsNamed(Path.GetFileNameWithoutExtension(f.Name), assignment.Name)).ToList();
        var exact = all.FirstOrDefault(f => f.FullName == usual)
            ?? all.FirstOrDefault(f => f.FullName == Path.Combine(folder.FullName, assignment.Name, assignment.Name + Ending));
        if (exact is null && folder.EnumerateFileSystemInfos(assignment.Name + Ending).FirstOrDefault() is { } other)
            return new Submission(student, other.FullName) { Roster = root };   // a link, a pipe, a folder: reading it says so
        var candidates = exact is not null ? [exact] : all.Where(f => IsOf(f, root, assignment)).ToList();
        if (candidates.Count == 0) candidates = named.Count > 0 ? named : all;
        var taken = candidates.OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.FullName, StringComparer.Ordinal)
            .FirstOrDefault();
        if (taken is null)
        {
            var isLinked = folder.EnumerateFileSystemInfos().Any(e => e.LinkTarget is not null);
            return new Submission(student, usual) { Roster = root, Problem = isLinked ? ALink : null };
        }
        string Inside(FileInfo file) => Shown.Text(Path.GetRelativePath(folder.FullName, file.FullName));
        List<string> notes = [];
        if (exact is null) notes.Add($"the notebook was handed in as {Inside(taken)}");
        var rest = (exact is not null ? named : candidates).Where(f => f.FullName != taken.FullName).Select(Inside).ToList();
        if (rest.Count > 0) notes.Add($"{string.Join(", ", rest)}: handed in too and not graded; {Inside(taken)} was");
        return new Submission(student, taken.FullName) { Roster = root, Notes = notes };
    }

    /// <summary>NAME, or what browsers and people make of it: NAME (1), NAME-1, NAME copy.</summary>
    private static bool IsNamed(string name, string assignment) =>
        name.StartsWith(assignment, StringComparison.OrdinalIgnoreCase)
        && (name.Length == assignment.Length || !char.IsLetterOrDigit(name[assignment.Length]));

    private static bool IsOf(FileInfo file, string root, Assignment assignment)
    {
        if (new Submission("", file.FullName) { Roster = root }.Read(new GradingLimits().Notebook).Content is not { } content)
            return false;
        try
        {
            return HandedIn.IsOf(assignment, NotebookFile.Parse(file.FullName, content));
        }
        catch (UserException)
        {
            return false;
        }
    }

    /// <summary>Notebooks in a folder and those below it, no links, no folders that programs make for themselves.</summary>
    private static IEnumerable<FileInfo> Notebooks(DirectoryInfo folder, int depth)
    {
        List<FileSystemInfo> entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos().Where(e => e.LinkTarget is null && e.Name[0] is not ('.' or '_'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return entries.OfType<FileInfo>().Where(f => IsNotebook(f.Name)).OrderBy(f => f.Name, StringComparer.Ordinal)
            .Concat(depth == 0 ? [] : entries.OfType<DirectoryInfo>().OrderBy(d => d.Name, StringComparer.Ordinal)
                .SelectMany(d => Notebooks(d, depth - 1)));
    }

    /// <summary>The one of a student's that holds a notebook; which of several is not for us to say.</summary>
    private static Submission One(List<Submission> all)
    {
        var there = all.Where(s => s.Problem is not null || File.Exists(s.Path)).ToList();
        return there.Count <= 1 ? there.FirstOrDefault() ?? all[0] : there[0] with
        {
            Problem = $"handed in twice, as {string.Join(" and as ", there.Select(s =>
                Shown.Text(Path.GetRelativePath(s.Roster!, s.Path))))}; keep one",
        };
    }
}
