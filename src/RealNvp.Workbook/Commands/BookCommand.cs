using RealNvp.Workbook.Book;

namespace RealNvp.Workbook.Commands;

/// <summary>Makes the book of the chapters that were executed.</summary>
internal static class BookCommand
{
    public static int Run(Repository repository)
    {
        // A chapter that was renamed or removed leaves its executed copy behind, which is no chapter any more.
        var index = BookBuilder.Build(repository.Executed, Path.Combine(repository.Artifacts, "book"), name =>
            File.Exists(Path.Combine(repository.Notebooks, name)));
        Console.WriteLine($"book: {Path.GetRelativePath(Environment.CurrentDirectory, index)}");
        return ExitCode.Success;
    }
}
