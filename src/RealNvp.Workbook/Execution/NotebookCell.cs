using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Execution;

/// <summary>A cell of a notebook's file.</summary>
internal sealed class NotebookCell
{
    private const string CSharp = "csharp";

    internal NotebookCell(int number, JsonObject json, string path)
    {
        (Number, Json) = (number, json);
        Type = NotebookFile.Text(json["cell_type"]);
        if (Type is not ("code" or "markdown" or "raw"))
            throw new UserException($"{path}: cell {number} has the type '{Shown.Text(Type)}', expected is code, markdown or "
                + "raw");
        Source = NotebookFile.Text(json["source"]).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    /// <summary>Its place in the notebook, from 1.</summary>
    public int Number { get; }

    /// <summary>The cell in the document.</summary>
    public JsonObject Json { get; }

    /// <summary>code, markdown or raw.</summary>
    public string Type { get; }

    /// <summary>Its text; a line ends with \n, however the file has it.</summary>
    public string Source { get; }

    /// <summary>Its id; empty before nbformat 4.5.</summary>
    public string Id => NotebookFile.Text(Json["id"]);

    /// <summary>Its first line that is not empty.</summary>
    public string FirstLine => Source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";

    internal bool IsCode => Type == "code";

    internal bool HasSomethingToRun => IsCode && FirstLine.Length > 0 && !HasTag("skip-execution");

    /// <summary>What the kernel gets: cells of another language carry its name in their metadata.</summary>
    internal string Submission => Language is CSharp ? Source : $"#!{Language}\n{Source}";

    internal bool HasTag(string tag) =>
        (Json["metadata"] as JsonObject)?["tags"] is JsonArray tags && tags.Any(t => NotebookFile.Text(t) == tag);

    /// <summary>The text of one of its lines, counted from 1.</summary>
    internal string? LineAt(int line) => Source.Split('\n').ElementAtOrDefault(line - 1);

    internal int LineOffset => Language is CSharp ? 0 : 1;

    private string Language
    {
        get
        {
            var metadata = Json["metadata"] as JsonObject;
            var name = NotebookFile.Text((metadata?["polyglot_notebook"] as JsonObject)?["kernelName"]);
            if (name.Length == 0) name = NotebookFile.Text((metadata?["dotnet_interactive"] as JsonObject)?["language"]);
            return name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '#' or '.'))
                ? CSharp : name;
        }
    }
}
