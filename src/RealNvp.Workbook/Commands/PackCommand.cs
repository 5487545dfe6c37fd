using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Commands;

/// <summary>`pack`: the libraries as NuGet packages, with symbols, in artifacts/packages/.</summary>
internal static class PackCommand
{
    private static readonly string[] Libraries = ["RealNvp.Flows", "RealNvp.Figures"];

    public static async Task<int> RunAsync(Repository repository, CancellationToken cancel)
    {
        var folder = Path.Combine(repository.Artifacts, "packages");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        await PackAsync(repository, folder, [], cancel);
        foreach (var package in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            Console.WriteLine($"{package} ({new FileInfo(package).Length / 1024:n0} KB)");
        foreach (var remark in Remarks(repository)) Console.WriteLine(remark);
        return ExitCode.Success;
    }

    /// <summary>Writes the packages into a folder.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="options">More options of `dotnet pack`.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserException">A library does not build, or is no sound package.</exception>
    internal static async Task PackAsync(Repository repository, string folder, string[] options, CancellationToken cancel)
    {
        foreach (var library in Libraries)
        {
            string[] arguments = ["pack", Path.Combine(repository.Root, "src", library), "-c", "Release", "-o", folder,
                "--nologo", "-v:quiet", "-clp:NoSummary", .. options];
            if (await Tool.RunAsync("dotnet", arguments, cancel, repository.Root) != 0)
                throw new UserException($"{library} cannot be packed (above)");
        }
    }

    /// <summary>What the packages say of their source that is not so, or do not say.</summary>
    private static IEnumerable<string> Remarks(Repository repository)
    {
        if (Git("rev-parse", "HEAD") is not { } commit)
        {
            yield return "not a git checkout: the packages name no commit, and have version 0.0.0-alpha.0";
            yield break;
        }
        if (Git("status", "--porcelain") is { Length: > 0 })
            yield return $"the checkout has changes that are in no commit, and the packages say that they are of {commit[..7]}";
        if (Git("remote") is { Length: 0 })
            yield return "git has no remote: the packages name no repository, and their symbols lead to no source";

        string? Git(params string[] arguments) =>
            Tool.Capture("git", ["-C", repository.Root, .. arguments], TimeSpan.FromSeconds(30)) is (0, var output)
                ? output.Trim() : null;
    }
}
