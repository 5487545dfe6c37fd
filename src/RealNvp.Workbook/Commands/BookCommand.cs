using RealNvp.Workbook.Book;

namespace RealNvp.Workbook.Commands;

/// <summary>Makes the book of the chapters that were executed.</summary>
public static class BookCommand
{
    public static int Run(Repository repository)
    {
        string index = BookBuilder.Build(repository.Executed, Path.Combine(repository.Artifacts, "book"));
        Console.WriteLine($"book: {Path.GetRelativePath(Environment.CurrentDirectory, index)}");
        return ExitCode.Success;
    }
}
