using RealNvp.Tests.Browser;
using RealNvp.Workbook.Setup;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>A reader in Jupyter Notebook: open, run all, see the figure, stop a loop, restart.</summary>
public sealed class NotebookInBrowserTests : IDisposable
{
    private const string Cells = "Jupyter.notebook.get_cells().filter(cell => cell.cell_type === 'code')";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string OutputOf(int cell) => $"{Cells}[{cell}].element.find('.output').text()";

    [Fact]
    public async Task A_chapter_opens_runs_draws_stops_and_restarts_in_Jupyter_Notebook()
    {
        HeadlessBrowser.Require();
        if (NotebookServer.Missing is { } missing) Assert.Skip(missing);
        var repository = new Repository(_folder.Path);
        SetupScript.Write(repository, AppContext.BaseDirectory);
        _folder.Write("notebooks/chapter.ipynb", NotebookText.Of(
            "#!import \"setup.csx\"",
            "using RealNvp.Figures;\nvar kept = 41;\nPlot.Lines(\"Two points\", \"x\", \"y\", (\"line\", new double[] { 0, 1 "
            + "}, new double[] { 0, 2 }))",
            "kept + 1",
            "1"));
        await using var server = await NotebookServer.StartAsync(repository.Notebooks, _folder["jupyter"]);
        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.NewPageAsync(1100, 1000);

        await page.GoAsync(server.AddressOf("chapter.ipynb"));
        await page.UntilAsync("Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.language_info.name "
            + "=== 'C#'");
        await page.EvaluateAsync("Jupyter.notebook.execute_all_cells()");
        await page.UntilAsync($"{OutputOf(2)}.includes('42')");
        await page.UntilAsync($"{Cells}[1].element.find('.js-plotly-plot .main-svg')[0].getBoundingClientRect().width > 300");
        Assert.Equal("Two points", await page.TextAsync($"{Cells}[1].element.find('.gtitle').text()"));
        Assert.True(await page.EvaluateAsync<bool>(
            $"{Cells}[1].element.find('.js-plotly-plot .main-svg')[0].getBoundingClientRect().height > 200"));
        await page.EvaluateAsync($"{Cells}[1].element[0].scrollIntoView()");
        await page.ScreenshotAsync(Path.Combine(Repository.Find().Artifacts, "jupyter-notebook.png"));

        // An endless loop that is told to stop, by the button.
        await page.EvaluateAsync($"{Cells}[3].set_text('Console.WriteLine(\"begun\"); while (true) ;'); {Cells}[3].execute()");
        await page.UntilAsync($"{OutputOf(3)}.includes('begun')");
        await page.EvaluateAsync("document.querySelector('[data-jupyter-action=\"jupyter-notebook:interrupt-kernel\"]').click()");
        await page.UntilAsync($"{Cells}[3].element.find('.output_error').length > 0 && !{Cells}[3].element.hasClass('running')");
        await page.EvaluateAsync($"{Cells}[3].set_text('kept + 2'); {Cells}[3].execute()");
        await page.UntilAsync($"{OutputOf(3)}.includes('43')");

        // Restart, by the button and its dialog: what the cells defined is gone.
        await page.EvaluateAsync(
            "document.querySelector('[data-jupyter-action=\"jupyter-notebook:confirm-restart-kernel\"]').click()");
        await page.UntilAsync("document.querySelector('.modal.in .btn-danger') !== null");
        await page.EvaluateAsync("window.ready = false; Jupyter.notebook.events.one('kernel_ready.Kernel', () => { "
            + "window.ready = true; }); document.querySelector('.modal.in .btn-danger').click()");
        await page.UntilAsync("window.ready");
        await page.EvaluateAsync($"{Cells}[3].set_text('kept + 3'); {Cells}[3].execute()");
        await page.UntilAsync($"{OutputOf(3)}.includes('CS0103')");
        Assert.DoesNotContain(page.Requests, request => !request.StartsWith("http://127.0.0.1", StringComparison.Ordinal)
            && !request.StartsWith("ws://127.0.0.1", StringComparison.Ordinal));
    }
}
