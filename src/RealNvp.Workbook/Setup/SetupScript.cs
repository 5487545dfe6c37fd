namespace RealNvp.Workbook.Setup;

/// <summary>notebooks/setup.csx: what a notebook's first cell imports, written for the chosen stack and this checkout's build.</summary>
public static class SetupScript
{
    private static readonly string[] Assemblies = ["TorchSharp", "Plotly.NET", "RealNvp.Flows", "RealNvp.Figures"];

    /// <summary>Writes the script where it is not there or not current.</summary>
    public static void Write(Repository repository, Stack stack, string build)
    {
        if (IsCurrent(repository, stack, build)) return;
        Directory.CreateDirectory(repository.Notebooks);
        var temporary = repository.SetupScript + ".tmp";
        File.WriteAllText(temporary, Text(stack, build));
        File.Move(temporary, repository.SetupScript, overwrite: true);
    }

    public static bool IsCurrent(Repository repository, Stack stack, string build) =>
        File.Exists(repository.SetupScript) && File.ReadAllText(repository.SetupScript) == Text(stack, build);

    private static string Text(Stack stack, string build)
    {
        List<string> lines =
        [
            "// Written by ./workbook setup for this checkout; do not edit, do not commit.",
            .. Assemblies.Select(name => Path.Combine(build, name + ".dll")).Where(File.Exists).Select(path => $"#r \"{path}\""),
        ];
        // A reader's own Plotly.NET charts show through the package's extension; the workbook's figures bring their own formatter.
        if (stack.Name == Stack.NuGet) lines.Add("#r \"nuget: Plotly.NET.Interactive, 5.0.0\"");
        lines.Add("RealNvp.Figures.NotebookFigures.Register();");
        return string.Join('\n', lines) + "\n";
    }
}
