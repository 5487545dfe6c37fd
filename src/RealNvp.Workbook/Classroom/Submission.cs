using System.Security.Cryptography;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>What a student has handed in for an assignment.</summary>
/// <param name="Student">The name of the roster's file or folder.</param>
/// <param name="Path">The notebook.</param>
internal sealed partial record Submission(string Student, string Path)
{
    /// <summary>
    /// The submissions in a folder: STUDENT.ipynb, STUDENT/ASSIGNMENT.ipynb or STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb (nbgrader's), in
    /// the order of the names. A student's folder without the notebook is a submission too: of nothing.
    /// </summary>
    /// <exception cref="UserException">There is no such folder, it holds no submission, or a name will not do.</exception>
    internal static IReadOnlyList<Submission> In(string roster, string assignment)
    {
        if (!Directory.Exists(roster)) throw new UserException($"{roster}: expected a folder of submissions named by student, found none");
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(roster, "*.ipynb")) found[System.IO.Path.GetFileNameWithoutExtension(file)] = file;
        foreach (var folder in Directory.EnumerateDirectories(roster).Where(f => !System.IO.Path.GetFileName(f).StartsWith('.')))
        {
            string[] places = [System.IO.Path.Combine(folder, assignment + ".ipynb"), System.IO.Path.Combine(folder, assignment, assignment + ".ipynb")];
            found[System.IO.Path.GetFileName(folder)] = places.FirstOrDefault(File.Exists) ?? places[0];
        }
        if (found.Count == 0) throw new UserException($"{roster}: expected STUDENT.ipynb or STUDENT/{assignment}.ipynb, found neither");
        if (found.Keys.FirstOrDefault(name => !Name().IsMatch(name)) is { } bad)
            throw new UserException($"{roster}: a student's name is made of letters, digits and . _ @ + -, got '{bad}'");
        return [.. found.Select(entry => new Submission(entry.Key, entry.Value))];
    }

    /// <summary>The notebook's bytes, or why there are none to grade.</summary>
    internal (byte[]? Content, string? Reason) Read(long limit)
    {
        try
        {
            var info = new FileInfo(Path);
            // A link could point at another student's work, or at a device that never ends.
            if (info.LinkTarget is not null) return (null, "a link was handed in, not a notebook");
            if (!info.Exists) return (null, "nothing was handed in");
            if (info.Length > limit) return (null, $"the notebook has {info.Length >> 20} MB; at most {limit >> 20} MB are read");
            return (File.ReadAllBytes(Path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the notebook could not be read: {e.Message}");
        }
    }

    internal static string Hash(byte[]? content) => content is null ? "" : Convert.ToHexStringLower(SHA256.HashData(content));

    [GeneratedRegex(@"^[\p{L}\p{Nd}_@+-][\p{L}\p{Nd}._@+-]*$")]
    private static partial Regex Name();
}
