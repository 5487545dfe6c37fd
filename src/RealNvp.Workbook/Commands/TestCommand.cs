using System.Xml.Linq;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Commands;

/// <summary>`test`: every test project, through `dotnet test`, with one total.</summary>
internal static class TestCommand
{
    /// <returns>1 where a test failed or none ran.</returns>
    public static async Task<int> RunAsync(Repository repository, string? filter, CancellationToken cancel)
    {
        using var turn = CheckoutLock.Take(repository, "test", Console.WriteLine, cancel);
        var results = Path.Combine(repository.Artifacts, "tests");
        if (Directory.Exists(results)) Directory.Delete(results, recursive: true);
        if (!BuildStamp.IsCurrent(repository))
        {
            var began = DateTime.UtcNow;
            Console.WriteLine("building the tests ...");
            var built = await Tool.RunAsync("dotnet",
                ["build", repository.Solution, "-c", "Release", "--nologo", "-v:quiet", "-clp:NoSummary"], cancel,
                repository.Root);
            if (built != 0) throw new UserException("the tests do not build (above)");
            BuildStamp.Write(repository, began);
        }
        List<string> arguments =
            ["test", repository.Solution, "-c", "Release", "--no-build", "--nologo", "--logger", "trx", "--results-directory",
            results];
        if (filter is not null) arguments.AddRange(["--filter", filter]);
        var code = await WithTemporaryFolderAsync(
            folder => Tool.RunAsync("dotnet", arguments, cancel, repository.Root,
            new Dictionary<string, string?> { ["TMPDIR"] = folder, ["TEMP"] = folder, ["TMP"] = folder }));

        var (passed, failed, skipped) = Count(results);
        Console.WriteLine();
        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        if (passed + failed == 0)
            throw new UserException(filter is null ? "no test ran" : $"no test matches the filter \"{filter}\"");
        return code == 0 && failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>`dotnet test` leaves folders behind: they go with the folder that it takes for the system's.</summary>
    private static async Task<T> WithTemporaryFolderAsync<T>(Func<string, Task<T>> work)
    {
        var folder = Directory.CreateTempSubdirectory("workbook-tests-");
        try
        {
            // As the system's own: tests start servers and graders that run as other users.
            if (!OperatingSystem.IsWindows())
                folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            return await work(folder.FullName);
        }
        finally
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A process of a test that was stopped may still write there while it ends.
            }
        }
    }

    private static (int Passed, int Failed, int Skipped) Count(string folder)
    {
        if (!Directory.Exists(folder)) return default;
        var counters = Directory.EnumerateFiles(folder, "*.trx")
            .SelectMany(f => XDocument.Load(f).Descendants().Where(e => e.Name.LocalName == "Counters")).ToList();
        int Sum(string name) => counters.Sum(c => (int?)c.Attribute(name) ?? 0);
        return (Sum("passed"), Sum("failed") + Sum("error") + Sum("timeout") + Sum("aborted"), Sum("total") - Sum("executed"));
    }
}
