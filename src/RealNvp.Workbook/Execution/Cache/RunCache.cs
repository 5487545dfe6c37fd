using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Execution.Cache;

/// <summary>
/// Outputs of runs that succeeded, by key: an unchanged notebook gets its executed copy back without a run. Only outputs are
/// kept, so that text edited since stands in the copy as it is now.
/// </summary>
/// <param name="folder">Where the entries lie, one compressed JSON file each.</param>
internal sealed class RunCache(string folder)
{
    private const int KeptPerNotebook = 3;
    private const int KeyLength = 32;
    private const string Ending = ".json.gz";

    /// <summary>
    /// Writes the executed copy of an earlier run with the same key; null where there was none, or its entry is damaged.
    /// </summary>
    /// <param name="notebook">The notebook as it is now; its cells get the outputs.</param>
    /// <param name="key">What <see cref="RunKey"/> says.</param>
    /// <param name="outputPath">Where the copy goes.</param>
    /// <exception cref="UserException">The copy cannot be written.</exception>
    internal RunSummary? Restore(NotebookFile notebook, string key, string outputPath)
    {
        var path = EntryPath(notebook, key);
        if (Load(path) is not { } entry || entry["cells"] is not JsonArray kept) return null;
        var cells = notebook.Cells.Where(cell => cell.IsCode).ToList();
        if (kept.Count != cells.Count) return null;
        notebook.Upgrade();
        List<CellSummary> summaries = [];
        foreach (var (cell, earlier) in cells.Zip(kept))
        {
            cell.Json["execution_count"] = earlier!["execution_count"]?.DeepClone();
            cell.Json["outputs"] = earlier["outputs"]!.DeepClone();
            summaries.Add(new CellSummary(cell.Number, cell.Id, cell.FirstLine, TimeSpan.FromSeconds((double)earlier["seconds"]!),
                Enum.Parse<CellOutcome>((string)earlier["outcome"]!)));
        }
        Directory.CreateDirectory(Path.GetDirectoryName(outputPath)!);
        notebook.Write(outputPath);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        return new RunSummary(notebook.Path, outputPath, summaries, TimeSpan.FromSeconds((double)entry["seconds"]!), null)
        {
            Restored = true
        };
    }

    /// <summary>Keeps a run that succeeded; one that did not is never kept.</summary>
    internal void Keep(RunSummary summary, string key)
    {
        if (!summary.Succeeded) return;
        var executed = NotebookFile.ReadExecuted(summary.OutputPath);
        var cells = executed.Cells.Where(cell => cell.IsCode).Zip(summary.Cells, (cell, done) => (JsonNode)new JsonObject
        {
            ["seconds"] = Math.Round(done.Elapsed.TotalSeconds, 3),
            ["outcome"] = done.Outcome.ToString(),
            ["execution_count"] = cell.Json["execution_count"]?.DeepClone(),
            ["outputs"] = cell.Json["outputs"]!.DeepClone(),
        });
        var entry = new JsonObject
        {
            ["seconds"] = Math.Round(summary.Elapsed.TotalSeconds, 3),
            ["cells"] = new JsonArray([.. cells])
        };
        var notebook = NotebookFile.Read(summary.NotebookPath);
        AtomicFile.Write(EntryPath(notebook, key), stream =>
        {
            using var packed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            using var writer = new Utf8JsonWriter(packed);
            entry.WriteTo(writer);
        });
        foreach (var old in Entries(notebook).Skip(KeptPerNotebook)) old.Delete();
    }

    /// <summary>How long the notebook's last run took, whatever has changed since; null where it never ran.</summary>
    internal TimeSpan? LastDuration(NotebookFile notebook)
    {
        var seconds = Entries(notebook).Select(file => Load(file.FullName))
            .FirstOrDefault(entry => entry is not null)?["seconds"];
        return seconds is null ? null : TimeSpan.FromSeconds((double)seconds);
    }

    private string EntryPath(NotebookFile notebook, string key) =>
        Path.Combine(folder, $"{Prefix(notebook)}{key[..KeyLength]}{Ending}");

    private IEnumerable<FileInfo> Entries(NotebookFile notebook) => !Directory.Exists(folder) ? [] :
        new DirectoryInfo(folder).EnumerateFiles("*" + Ending)
            .Where(file => file.Name.StartsWith(Prefix(notebook), StringComparison.Ordinal)
                && file.Name.Length == Prefix(notebook).Length + KeyLength + Ending.Length)
            .OrderByDescending(file => file.LastWriteTimeUtc);

    /// <summary>Chapters and solutions have the same names: the folder's name keeps them apart.</summary>
    private static string Prefix(NotebookFile notebook) =>
        $"{Path.GetFileName(Path.GetDirectoryName(notebook.Path))}.{Path.GetFileNameWithoutExtension(notebook.Path)}.";

    private static JsonObject? Load(string path)
    {
        try
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return JsonNode.Parse(packed, null, new JsonDocumentOptions { MaxDepth = 2 * NotebookJson.Deepest }) as JsonObject;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
