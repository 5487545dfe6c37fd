namespace RealNvp.Workbook.Setup;

/// <summary>notebooks/setup.csx: what a notebook's first cell imports, written for this checkout's build.</summary>
public static class SetupScript
{
    private static readonly string[] Assemblies = ["TorchSharp", "Plotly.NET", "RealNvp.Flows", "RealNvp.Figures"];

    /// <summary>Writes the script where it is not there or not current.</summary>
    public static void Write(Repository repository, string build)
    {
        if (IsCurrent(repository, build)) return;
        Directory.CreateDirectory(repository.Notebooks);
        var temporary = repository.SetupScript + ".tmp";
        File.WriteAllText(temporary, Text(build));
        File.Move(temporary, repository.SetupScript, overwrite: true);
    }

    public static bool IsCurrent(Repository repository, string build) =>
        File.Exists(repository.SetupScript) && File.ReadAllText(repository.SetupScript) == Text(build);

    /// <summary>Register makes a reader's own Plotly.NET charts show, too, and offline: Plotly.NET.Interactive would do so with a plotly.js from the network.</summary>
    internal static string Text(string build) => string.Concat(((string[])
    [
        "// Written by ./workbook setup for this checkout; do not edit, do not commit.",
        .. Assemblies.Select(name => Path.Combine(build, name + ".dll")).Where(File.Exists).Select(path => $"#r \"{path}\""),
        "RealNvp.Figures.NotebookFigures.Register();",
    ]).Select(line => line + "\n"));
}
