using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Execution;

/// <summary>A notebook as it lies in its file: every field that nobody changes is written as it was read.</summary>
internal sealed class NotebookFile
{
    private const long MostBytes = 256L << 20;

    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private NotebookFile(string path, JsonObject root, IReadOnlyList<NotebookCell> cells) =>
        (Path, Root, Cells) = (path, root, cells);

    /// <summary>Where it was read from, as a full path.</summary>
    public string Path { get; }

    /// <summary>The whole document.</summary>
    public JsonObject Root { get; }

    /// <summary>Every cell, code or not.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>Reads a C# notebook; outputs of an earlier run are left out, whatever they hold.</summary>
    /// <exception cref="UserException">There is no such file, it is not JSON, not nbformat 4, or not in C#.</exception>
    public static NotebookFile Read(string path) => Read(path, withOutputs: false);

    /// <summary>Reads a C# notebook with its outputs.</summary>
    /// <exception cref="UserException">As <see cref="Read(string)"/>, or an output is not JSON.</exception>
    public static NotebookFile ReadExecuted(string path) => Read(path, withOutputs: true);

    private static NotebookFile Read(string path, bool withOutputs)
    {
        var full = System.IO.Path.GetFullPath(path);
        var notebook = Parse(full, ReadBytes(full), withOutputs);
        notebook.RequireCSharp();
        return notebook;
    }

    /// <summary>A file's bytes.</summary>
    /// <exception cref="UserException">There is no such file, it is no plain file, or it is too large.</exception>
    internal static byte[] ReadBytes(string path, long most = MostBytes)
    {
        try
        {
            using var stream = PlainFile.OpenRead(path);
            if (stream.Length > most)
                throw new UserException($"{path}: the notebook has {stream.Length >> 20} MB; at most {most >> 20} MB are read");
            var content = new byte[stream.Length];
            return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{path}: there is no such notebook", e);
        }
        catch (InvalidDataException e)
        {
            throw new UserException($"{path}: a notebook is expected; {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the notebook cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A notebook of any kernel.</summary>
    /// <exception cref="UserException">It is not JSON, or not nbformat 4.</exception>
    internal static NotebookFile Parse(string path, byte[] content, bool withOutputs = false)
    {
        var root = ParseJson(path, content, withOutputs);
        if (root is not JsonObject document || Number(document["nbformat"]) is not { } major)
            throw new UserException($"{path}: a notebook is expected, this JSON has no nbformat");
        if (major != 4)
            throw new UserException($"{path}: nbformat 4 is expected, this is nbformat {major}; Jupyter's `nbconvert --to "
                + "notebook` converts it");
        if (document["cells"] is not JsonArray cells || cells.Any(cell => cell is not JsonObject))
            throw new UserException($"{path}: a notebook has a list of cells, this one has none");
        NotebookShape.Require(path, document, cells.Cast<JsonObject>());
        return new NotebookFile(path, document, [.. cells.Select((cell, i) => new NotebookCell(i + 1, (JsonObject)cell!, path))]);
    }

    private static JsonNode? ParseJson(string path, byte[] content, bool withOutputs)
    {
        try
        {
            var json = NotebookJson.Of(content, withOutputs);
            if (json.Length == 0) throw new UserException($"{path}: a notebook is expected, this file is empty");
            return JsonNode.Parse(Encoding.UTF8.GetBytes(json), null,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = NotebookJson.Deepest });
        }
        catch (InvalidDataException e)
        {
            throw new UserException($"{path}: a notebook is expected, this has {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: a notebook is expected, this is not JSON (line {e.LineNumber + 1}, column "
                + $"{e.BytePositionInLine + 1})", e);
        }
    }

    /// <exception cref="UserException">The notebook names another kernel.</exception>
    private void RequireCSharp()
    {
        if (((Root["metadata"] as JsonObject)?["kernelspec"] as JsonObject) is not { } spec || spec["name"] is not JsonValue name)
            return;
        if (!Text(name).Contains("csharp", StringComparison.OrdinalIgnoreCase)
            && Text(spec["language"]) is not ("C#" or "csharp"))
            throw new UserException($"{Path}: a C# notebook is expected, this one is for the kernel {Shown.Text(Text(name))}");
    }

    /// <summary>Makes it nbformat 4.5, where every cell has an id.</summary>
    internal void Upgrade()
    {
        Root["metadata"] ??= new JsonObject();
        foreach (var cell in Cells) cell.Json["metadata"] ??= new JsonObject();
        if (Number(Root["nbformat_minor"]) is >= 5) return;
        Root["nbformat_minor"] = 5;
        var taken = Cells.Select(cell => cell.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var cell in Cells.Where(cell => cell.Id.Length == 0))
        {
            var id = $"cell-{cell.Number}";
            while (!taken.Add(id)) id += "x";
            cell.Json["id"] = id;
        }
    }

    /// <summary>Writes to a temporary file beside the target, then renames it: the target is whole at any time.</summary>
    /// <exception cref="UserException">The target cannot be written.</exception>
    internal void Write(string path) => Write(path, Root);

    /// <summary>The same for any document.</summary>
    /// <exception cref="UserException">The target cannot be written.</exception>
    internal static void Write(string path, JsonObject root)
    {
        try
        {
            AtomicFile.Write(path, stream =>
            {
                using (var writer = new Utf8JsonWriter(stream, Format)) root.WriteTo(writer);
                stream.WriteByte((byte)'\n');
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the notebook cannot be written: {e.Message}", e);
        }
    }

    internal static int? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number)
        && number % 1 == 0
            ? (int)number : null;

    internal static string Text(JsonNode? node) => node switch
    {
        JsonArray lines => new StringBuilder().AppendJoin("", lines.Select(Text)).ToString(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => "",
    };
}
