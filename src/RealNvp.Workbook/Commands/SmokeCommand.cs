using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Figures;
using RealNvp.Flows.Data;
using RealNvp.Flows.Training;
using TorchSharp;
using Models = RealNvp.Flows.Models;

namespace RealNvp.Workbook.Commands;

/// <summary>`smoke`: the least that a stack must be able to do on this machine: one training step, one executed cell, one figure.</summary>
public static class SmokeCommand
{
    /// <exception cref="UserException">One of the three does not work; the message says which.</exception>
    public static async Task<int> RunAsync()
    {
        torch.manual_seed(0);
        using var points = Toys.Moons(64);
        var flow = Models.Flows.RealNvp2D(layers: 2, hidden: [8]);
        var trained = Trainer.Fit(flow, points, options: new TrainingOptions { Steps = 1 });
        if (trained.Steps != 1) throw new UserException($"expected one training step, got {trained.Steps}");

        using var kernel = new CompositeKernel { new CSharpKernel().UseKernelHelpers() };
        var result = await kernel.SendAsync(new SubmitCode("var answer = 6 * 7; answer", "csharp"));
        if (!result.Events.OfType<ReturnValueProduced>().Any(e => Equals(e.Value, 42)))
            throw new UserException($"expected the cell `6 * 7` to return 42: {result.Events.OfType<CommandFailed>().FirstOrDefault()?.Message ?? "nothing came back"}");

        var json = Plot.Scatter("smoke", "x", "y", ("points", points)).ToJson();
        if (!json.Contains("\"scatter", StringComparison.Ordinal)) throw new UserException("expected a figure with one trace, got another");
        Console.WriteLine("one training step, one cell, one figure: all work");
        return ExitCode.Success;
    }
}
