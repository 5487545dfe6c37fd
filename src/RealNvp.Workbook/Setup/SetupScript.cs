using System.Text.RegularExpressions;

namespace RealNvp.Workbook.Setup;

/// <summary>notebooks/setup.csx: what a notebook's first cell imports, written for this checkout's build.</summary>
internal static partial class SetupScript
{
    private static readonly string[] Assemblies =
        ["TorchSharp", "Plotly.NET", "RealNvp.Flows", "RealNvp.Figures", "RealNvp.Chapters"];

    /// <summary>Writes the script where it is not there or not current.</summary>
    public static void Write(Repository repository, string build)
    {
        if (IsCurrent(repository, build)) return;
        AtomicFile.Write(repository.SetupScript, Text(build));
    }

    /// <summary>Whether it is there, and for that build.</summary>
    public static bool IsCurrent(Repository repository, string build) =>
        File.Exists(repository.SetupScript) && File.ReadAllText(repository.SetupScript) == Text(build);

    /// <summary>
    /// A cell's code where the notebook lies in a folder without the script, as one that was handed out does: what it imports is
    /// the checkout's.
    /// </summary>
    internal static string Supplied(string code) => Import().Replace(code, import =>
        File.Exists(import.Groups["path"].Value) || Own() is not { } script ? import.Value
            : $"#!import \"{script.Replace('\\', '/')}\"");

    private static string? Own()
    {
        try
        {
            return Repository.Find().SetupScript is var script && File.Exists(script) ? script : null;
        }
        catch (UserException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^#!import "(?<path>(\.\./)*setup\.csx)"(?=\s*$)""", RegexOptions.Multiline)]
    private static partial Regex Import();

    /// <summary>
    /// Register makes a reader's own Plotly.NET charts show, too, and offline: Plotly.NET.Interactive would do so with a
    /// plotly.js from the network.
    /// </summary>
    internal static string Text(string build) => string.Concat(((string[])
    [
        "// Written by ./workbook setup for this checkout; do not edit, do not commit.",
        .. Assemblies.Select(name => $"#r \"{Path.Combine(build, name + ".dll")}\""),
        $"RealNvp.Flows.TorchLibrary.Load(@\"{build}\");",
        "RealNvp.Figures.NotebookFigures.Register();",
        "RealNvp.Chapters.NativeMemory.Watch();",
    ]).Select(line => line + "\n"));
}
