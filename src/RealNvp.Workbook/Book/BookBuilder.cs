using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealNvp.Figures;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Book;

/// <summary>
/// Makes a book of executed notebooks: a page a chapter, contents, search; formulas and figures are drawn without a network.
/// </summary>
internal static class BookBuilder
{
    private const int PageLimit = 6_000_000;
    private static readonly string[] OwnAssets = ["book.css", "book.js"];
    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the book of the chapters (NN-name.ipynb) in <paramref name="executedDir"/> (in the order of their names)
    /// to <paramref name="outDir"/>
    /// and returns its contents page.</summary>
    /// <param name="executedDir">Where the executed copies are.</param>
    /// <param name="outDir">Where the book goes.</param>
    /// <param name="include">Which file names belong in it; all where it is null.</param>
    /// <param name="typeset">Whether KaTeX typesets the formulas, which else stand as TeX; null: where it is there.</param>
    /// <exception cref="UserException">There are no executed notebooks, one is not a notebook, or a page is over 6
    /// MB.</exception>
    public static string Build(string executedDir, string outDir, Func<string, bool>? include = null, bool? typeset = null)
    {
        var katex = typeset ?? BrowserAssets.HasKatex;
        string[] paths = Directory.Exists(executedDir)
            ? [.. Directory.GetFiles(executedDir, "*.ipynb").Where(IsChapter)
                .Where(path => include?.Invoke(Path.GetFileName(path)) != false).Order(StringComparer.Ordinal)] : [];
        if (paths.Length == 0)
            throw new UserException($"expected executed chapters (NN-name.ipynb) in {executedDir}, found none; ./workbook run "
                + "makes them");

        Chapter[] chapters = [.. paths.Select(path => Chapter.Of(NotebookFile.ReadExecuted(path)))];
        var pages =
            chapters.ToDictionary(chapter => chapter.Page, chapter => BookPage.Of(chapter, chapters, katex));
        pages["index.html"] = BookPage.Contents(chapters, katex);
        foreach ((var name, var page) in pages)
            if (Encoding.UTF8.GetByteCount(page) is > PageLimit and int size)
                throw new UserException($"{name} would be {size / 1e6:f1} MB, over the limit of {PageLimit / 1e6:f0} MB; its "
                    + "notebook's outputs are too large");

        var assets = Path.Combine(outDir, "assets");
        BrowserAssets.CopyTo(assets, katex);
        foreach (var name in OwnAssets) AtomicFile.Write(Path.Combine(assets, name), Embedded(name));
        AtomicFile.Write(Path.Combine(assets, "search.js"),
            $"window.bookPassages = {JsonSerializer.Serialize(chapters.SelectMany(chapter => chapter.Passages), Relaxed)};\n");
        RemoveFormerPages(outDir, pages.Keys);
        foreach ((var name, var page) in pages) AtomicFile.Write(Path.Combine(outDir, name), page);
        return Path.Combine(outDir, "index.html");
    }

    private static bool IsChapter(string path) => Path.GetFileName(path) is [>= '0' and <= '9', >= '0' and <= '9', '-', ..];

    // Pages of chapters that are gone; a page that another program made stays.
    private static void RemoveFormerPages(string outDir, IEnumerable<string> now)
    {
        foreach (var path in Directory.GetFiles(outDir, "*.html"))
            if (!now.Contains(Path.GetFileName(path)) && File.ReadLines(path).Take(12)
                .Any(line => line.Contains(BookPage.Generator, StringComparison.Ordinal)))
                File.Delete(path);
    }

    private static string Embedded(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
