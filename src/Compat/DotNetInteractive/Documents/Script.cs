using System.Text;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Documents.Jupyter;

namespace Microsoft.DotNet.Interactive.Documents;

/// <summary>The cells of a file, whatever its kind.</summary>
internal static class Script
{
    private static readonly HashSet<string> TextKinds = new(StringComparer.Ordinal) { "markdown", "mermaid", "html", "raw" };

    /// <summary>The code cells in their order; a null kernel name means the kernel that imports.</summary>
    /// <exception cref="DirectiveException">The kind of file is not known, or a notebook cannot be read.</exception>
    internal static IEnumerable<(string? KernelName, string Code)> Read(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".cs" or ".csx" => [(null, File.ReadAllText(path))],
        ".dib" => ReadDib(File.ReadAllText(path)),
        ".ipynb" => ReadNotebook(path),
        var other => throw new DirectiveException($"#!import takes .ipynb, .dib, .cs and .csx files, not {other} ({path})"),
    };

    private static IEnumerable<(string?, string)> ReadNotebook(string path)
    {
        InteractiveDocument document;
        try
        {
            document = Notebook.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException)
        {
            throw new DirectiveException($"#!import: {path} is not a notebook: {e.Message}", e);
        }
        return document.Elements.Where(element => !TextKinds.Contains(element.KernelName ?? "csharp"))
            .Select(element => (element.KernelName is null or "csharp" ? null : element.KernelName, element.Contents));
    }

    /// <summary>A .dib is code under lines `#!kernel`; cells that are only text are left out.</summary>
    private static IEnumerable<(string?, string)> ReadDib(string text)
    {
        var kernel = "csharp";
        var cell = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (DirectiveLine.TryParse(line, out var directive) && directive.Argument.Length == 0
                && (TextKinds.Contains(directive.Name[2..]) || directive.Name is "#!csharp" or "#!c#" or "#!meta"))
            {
                if (IsCode(kernel, cell)) yield return (null, cell.ToString());
                kernel = directive.Name is "#!csharp" or "#!c#" ? "csharp" : "text";
                cell.Clear();
            }
            else cell.Append(line).Append('\n');
        }
        if (IsCode(kernel, cell)) yield return (null, cell.ToString());
    }

    private static bool IsCode(string kernel, StringBuilder cell) => kernel == "csharp" && !string.IsNullOrWhiteSpace(cell.ToString());
}
