using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Execution.Cache;

namespace RealNvp.Workbook.Tests.Execution.Cache;

public sealed class RunKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Key(string budget = "quick", string inputs = "here") =>
        RunKey.Of(NotebookFile.Read(_folder["n.ipynb"]), budget, inputs);

    private void Write(params JsonObject[] cells) => _folder.Write("n.ipynb", NotebookText.Of(cells));

    private static JsonObject Words(string text) =>
        new() { ["cell_type"] = "markdown", ["id"] = "m", ["metadata"] = new JsonObject(), ["source"] = text };

    [Fact]
    public void Text_and_ids_may_change()
    {
        Write(NotebookText.Code("a", "1"), Words("before"));
        var before = Key();
        Write(Words("after"), NotebookText.Code("b", "1"), Words("more"));
        Assert.Equal(before, Key());
    }

    [Fact]
    public void Code_tags_order_budget_and_surroundings_may_not()
    {
        string[] keys = [.. Keys()];
        Assert.Equal(keys.Length, keys.Distinct().Count());

        IEnumerable<string> Keys()
        {
            Write(NotebookText.Code("a", "1"), NotebookText.Code("b", "2"));
            yield return Key();
            yield return Key(budget: "full");
            yield return Key(inputs: "there");
            Write(NotebookText.Code("a", "2"), NotebookText.Code("b", "1"));
            yield return Key();
            Write(NotebookText.Code("a", "12"), NotebookText.Code("b", ""));
            yield return Key();
            Write(NotebookText.Code("a", "1"), NotebookText.Code("b", "2", "raises-exception"));
            yield return Key();
            Write(NotebookText.Code("a", "1"), NotebookText.Code("b", "2", "skip-execution"));
            yield return Key();
        }
    }

    [Theory]
    [InlineData("#!import \"setup.csx\"", "setup.csx")]
    [InlineData("#!import \"setup.csx\"", "parts/deeper.csx")]
    [InlineData("var text = System.IO.File.ReadAllText(\"parts/numbers.csv\");", "parts/numbers.csv")]
    [InlineData("#r \"parts/library.dll\"", "parts/library.dll")]
    public void A_file_that_the_code_names_may_not_change(string code, string file)
    {
        _folder.Write("setup.csx", "#load \"parts/deeper.csx\"\n");
        foreach (var name in new[] { "parts/deeper.csx", "parts/numbers.csv", "parts/library.dll" }) _folder.Write(name, "old");
        Write(NotebookText.Code("a", code));
        var before = Key();
        Assert.Equal(before, Key());
        _folder.Write(file, file == "setup.csx" ? "#load \"parts/deeper.csx\"\n// changed" : "new");
        Assert.NotEqual(before, Key());
    }

    [Fact]
    public void The_library_is_what_is_built()
    {
        string Library(string name, string text)
        {
            _folder.Write($"bin/{name}", text);
            using var all = new Fingerprint();
            CacheInputs.AddLibrary(all, _folder["bin"]);
            return all.Finish();
        }
        var before = Library("Flows.dll", "1");
        Assert.Equal(before, Library("Flows.pdb", "1"));
        Assert.NotEqual(before, Library("Flows.dll", "2"));
        Assert.Equal(before, Library("Flows.dll", "1"));
        Assert.NotEqual(before, Library("native.so", "1"));
    }
}
