using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed partial class NotebookFileTests
{
    private const string Cell = "{\"cell_type\": \"code\", \"id\": \"a\", \"metadata\": {}, \"outputs\": [], "
        + "\"execution_count\": null, \"source\": \"1\"}";

    private static string With(string cell, string metadata = "{}") =>
        $"{{\"cells\": [{cell}], \"metadata\": {metadata}, \"nbformat\": 4, \"nbformat_minor\": 5}}";

    public static TheoryData<string, string> Shapes => new()
    {
        { With(Cell, "[]"), "the notebook has metadata that are a list, expected is an object" },
        { With(Cell, "\"x\""), "the notebook has metadata that are a string" },
        { With(Cell, "{\"kernelspec\": []}"), "" },
        { With(Cell, "{\"kernelspec\": {\"name\": [\"python3\"], \"language\": []}}"), "" },
        { With(Cell, "{\"kernelspec\": {\"name\": \"\\u001b[2J\"}}"), "for the kernel \\u001b[2J" },
        { With(Cell.Replace("\"metadata\": {}", "\"metadata\": []")), "cell 1 has metadata that are a list" },
        { With(Cell.Replace("\"metadata\": {}", "\"metadata\": {}, \"attachments\": []")), "cell 1 has attachments that are a list" },
        { With(Cell.Replace("\"outputs\": []", "\"outputs\": {}")), "" },
        { With(Cell.Replace("\"outputs\": []", "\"outputs\": [1]")), "" },
        { With(Cell.Replace("\"1\"", "\"\\ud800\"")), "" },
        { With(Cell.Replace("\"id\"", "\"\\udfff\": 1, \"id\"")), "" },
        { With(Cell, "{\"\\ud800\": {}}"), "" },
        { With(new string('[', 100_000)), "nested deeper than 512 levels" },
        { With("{\"cell_type\": \"\\u0007" + new string('x', 5_000_000) + "\"}"), "cell 1 has the type '\\u0007xxx" },
    };

    /// <summary>An empty reason stands for a notebook that is read: what is odd in it concerns nobody.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_notebook_whose_parts_are_of_another_kind_gets_one_clear_line(string text, string reason)
    {
        var path = _folder.Write("odd.ipynb", text);
        if (reason.Length == 0)
        {
            NotebookFile.Read(path);
            return;
        }
        var message = Assert.Throws<UserException>(() => NotebookFile.Read(path)).Message;
        Assert.StartsWith(path + ": ", message);
        Assert.Contains(reason, message);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Replace(path, "").Length, 10, 500);
    }

    [Fact]
    public void What_is_no_plain_file_is_said_to_be_none()
    {
        Assert.Contains("a folder", Assert.Throws<UserException>(() => NotebookFile.Read(_folder.Path)).Message);
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes and devices are files");
        var pipe = Pipe.At(_folder["pipe.ipynb"]);
        Pipe.NotAwaited(() => Assert.Contains("a pipe", Assert.Throws<UserException>(() => NotebookFile.Read(pipe)).Message));
        Assert.Contains("a device", Assert.Throws<UserException>(() => NotebookFile.Read("/dev/zero")).Message);
    }

    [Fact]
    public void A_notebook_of_gigabytes_is_not_read()
    {
        var path = _folder.Write("large.ipynb", "{");
        using (var file = File.OpenWrite(path)) file.SetLength(1L << 31);   // a hole: no disk is filled
        Assert.Contains("2048 MB", Assert.Throws<UserException>(() => NotebookFile.Read(path)).Message);
    }

    [Fact]
    public void Damaged_notebooks()
    {
        var sound = NotebookText.Of("// a cell\nvar x = 1;", "x + 1");
        Fuzz.Run("n.ipynb", 3000, mutator => mutator.Damaged(sound), path =>
        {
            var notebook = NotebookFile.Read(path);
            foreach (var cell in notebook.Cells)
                _ = (cell.Id, cell.Submission, cell.FirstLine, cell.HasSomethingToRun, cell.LineAt(1));
            notebook.Upgrade();
            _ = notebook.Root.ToJsonString();
        }, error => error is UserException);
    }
}
