namespace RealNvp.Workbook.Setup;

/// <summary>Whether the packages of the nuget stack restore and work on this machine.</summary>
public static class StackProbe
{
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Restores the packages, builds this program on them, and runs its smoke test: one training step, one executed cell, one figure.
    /// </summary>
    /// <returns>Null where all of it passed, else one line that says what did not.</returns>
    public static string? TryNuGet(Repository repository, Action<string> report)
    {
        if (TorchSharpNative.Refusal() is { } refusal) return refusal;
        var folder = Path.Combine(repository.Artifacts, "stack-probe");
        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, "probe.csproj");
        // The versions and the list of packages come from the two props files above this folder.
        File.WriteAllText(project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <Needs>TorchSharp;Plotly;Interactive</Needs>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        report("looking for the packages of the nuget stack ...");
        string[] nuget = ["-p:WorkbookStack=nuget", "--nologo", "-v:quiet"];
        var (code, output) = Tool.Capture("dotnet", ["restore", project, .. nuget], RestoreLimit);
        if (code != 0) return Reason(output, "the packages do not restore");

        report("trying the packages out ...");
        var bin = Path.Combine(folder, "bin");
        (code, output) = Tool.Capture("dotnet",
            ["build", Path.Combine(repository.Root, "src", "RealNvp.Workbook"), "-c", "Release", "-o", bin, .. nuget], RestoreLimit);
        if (code != 0) return Reason(output, "the workbook does not build on the packages");
        (code, output) = Tool.Capture("dotnet", [Path.Combine(bin, "RealNvp.Workbook.dll"), "smoke"], TimeSpan.FromMinutes(2));
        return code == 0 ? null : Reason(output, "the smoke test failed on the packages");
    }

    private static string Reason(string output, string summary)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "";
        var text = line.IndexOf("error ", StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? line[at..] : line;
        // MSBuild ends a line with the project's path; a feed's address is nobody's business here.
        if (text.IndexOf(" [", StringComparison.Ordinal) is var end and > 0) text = text[..end];
        if (text.IndexOf(" in source", StringComparison.Ordinal) is var source and > 0) text = text[..source];
        return $"{summary} ({text.TrimEnd('.')})";
    }
}
