using System.Security.Cryptography;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>What a student has handed in for an assignment.</summary>
/// <param name="Student">The name of the roster's file or folder.</param>
/// <param name="Path">The notebook.</param>
internal sealed record Submission(string Student, string Path)
{
    /// <summary>The folder of all submissions: below it, nothing may be a link. Null: only the notebook may be none.</summary>
    internal string? Roster { get; init; }

    /// <summary>Why there is no notebook to grade, or null.</summary>
    internal string? Problem { get; init; }

    /// <summary>What the student and the teacher should know of how it was found.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The notebook's bytes, or why there are none to grade.</summary>
    internal (byte[]? Content, string? Reason) Read(long limit)
    {
        if (Problem is not null) return (null, Problem);
        try
        {
            // A link could point at another student's work, or at a device that never ends.
            if (HasLink()) return (null, "a link was handed in, not a notebook");
            if (!Directory.Exists(Path) && !File.Exists(Path)) return (null, "nothing was handed in");
            return (NotebookFile.ReadBytes(Path, limit), null);
        }
        catch (UserException e)
        {
            return (null, e.Message.Replace(Path + ": ", "", StringComparison.Ordinal)
                .Replace(Path, System.IO.Path.GetFileName(Path), StringComparison.Ordinal));
        }
    }

    private bool HasLink()
    {
        var end = Roster is null ? System.IO.Path.GetDirectoryName(Path) : System.IO.Path.TrimEndingDirectorySeparator(Roster);
        for (var at = Path; at is not null && at.Length > end!.Length; at = System.IO.Path.GetDirectoryName(at))
            if (new FileInfo(at).LinkTarget is not null) return true;
        return false;
    }

    internal static string Hash(byte[]? content) => content is null ? "" : Convert.ToHexStringLower(SHA256.HashData(content));
}
