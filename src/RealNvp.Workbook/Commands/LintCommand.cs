using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Lint;

namespace RealNvp.Workbook.Commands;

/// <summary>`lint`: holds the committed notebooks to what they promise.</summary>
internal static class LintCommand
{
    /// <summary>
    /// Prints a line for everything that is wrong; without chapters named, also what the notebooks lack together.
    /// </summary>
    /// <returns>1 where something is.</returns>
    /// <exception cref="UserException">A chapter is not there, or a file is not a notebook.</exception>
    public static int Run(Repository repository, IReadOnlyList<string> chapters)
    {
        var notebooks = repository.Resolve(chapters);
        var findings = chapters.Count == 0
            ? WorkbookLint.Check(repository)
            : [.. notebooks.SelectMany(NotebookLint.Check),
                .. notebooks.SelectMany(path => WorkbookLint.CheckFigures(repository, NotebookFile.Read(path)))];
        foreach (var finding in findings)
            Console.Error.WriteLine(finding with
            {
                Notebook =
                Path.GetRelativePath(Environment.CurrentDirectory, finding.Notebook)
            });
        Console.WriteLine(findings.Count == 0
            ? $"{notebooks.Count} notebook{(notebooks.Count == 1 ? "" : "s")}, nothing to mend"
            : $"{findings.Count} findings in {findings.Select(f => f.Notebook).Distinct().Count()} of {notebooks.Count} notebooks");
        return findings.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
