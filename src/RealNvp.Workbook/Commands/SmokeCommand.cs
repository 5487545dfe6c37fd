using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Flows.Data;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;
using TorchSharp;
using Models = RealNvp.Flows.Models;

namespace RealNvp.Workbook.Commands;

/// <summary>
/// `smoke`: the least that a stack must be able to do on this machine: one training step, and in the kernel of the notebooks their first cell, a result, and a figure.
/// </summary>
public static class SmokeCommand
{
    /// <exception cref="UserException">One of them does not work; the message says which.</exception>
    public static async Task<int> RunAsync()
    {
        torch.manual_seed(0);
        using var points = Toys.Moons(64);
        var flow = Models.Flows.RealNvp2D(layers: 2, hidden: [8]);
        var trained = Trainer.Fit(flow, points, options: new TrainingOptions { Steps = 1 });
        if (trained.Steps != 1) throw new UserException($"expected one training step, got {trained.Steps}");

        using var kernel = CellKernel.Create();
        await ShownAsync(kernel, SetupScript.Text(AppContext.BaseDirectory));
        if (await ShownAsync(kernel, "var answer = 6 * 7; answer") is not [ReturnValueProduced { Value: 42 }])
            throw new UserException("expected the cell `6 * 7` to return 42, got something else");
        var figure = await ShownAsync(kernel, "RealNvp.Figures.Plot.Scatter(\"smoke\", \"x\", \"y\", (\"points\", RealNvp.Flows.Data.Toys.Moons(64)))");
        if (!figure.SelectMany(shown => shown.FormattedValues).Any(value => value.MimeType == "text/html" && value.Value.Contains("\"scatter", StringComparison.Ordinal)))
            throw new UserException("expected a figure with one trace, got another");
        Console.WriteLine("one training step, the first cell, a result, a figure: all work");
        return ExitCode.Success;
    }

    private static async Task<DisplayEvent[]> ShownAsync(Kernel kernel, string code)
    {
        var result = await kernel.SendAsync(new SubmitCode(code));
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
            throw new UserException($"expected the cell `{code.Split('\n')[^1]}` to run: {failed.Message.Split('\n')[0]}");
        return [.. result.Events.OfType<DisplayEvent>()];
    }
}
