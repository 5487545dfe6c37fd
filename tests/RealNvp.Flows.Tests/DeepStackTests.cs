using RealNvp.Flows.Networks;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests;

public sealed class DeepStackTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    public void Sixty_four_couplings_with_weights_of_size_five_stay_finite_and_invert_in_double_precision(Activation activation)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var flow = Ready.RealNvp(4, 64, [8], activation);
        using (torch.no_grad())
            foreach (var p in flow.parameters()) p.normal_(0, 5);
        var x = torch.randn(64, 4);
        var (z, logDet) = flow.Bijection.Forward(x);
        Assert.True(z.isfinite().all().ToBoolean());
        Assert.True(logDet.isfinite().all().ToBoolean());
        flow.LogProb(x).mean().neg().backward();
        foreach (var (name, p) in flow.named_parameters()) Assert.True(p.grad!.isnan().logical_not().all().ToBoolean(), name);
        output.WriteLine($"{activation}: |z| up to {z.abs().max().ToDouble():e2}, inverse error {InverseError(flow, x):e2} in float32");
        // Such a stack is chaotic: it stretches some directions a millionfold and folds as many flat, more than float32's 7 digits can carry back.
        flow.to(torch.float64);
        Assert.InRange(InverseError(flow, x.to(torch.float64)), 0, 1e-3);
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    public void Sixty_four_couplings_with_weights_as_training_leaves_them_invert_in_single_precision(Activation activation)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var flow = Ready.RealNvp(4, 64, [8], activation);
        using (torch.no_grad())
            foreach (var p in flow.parameters()) p.normal_(0, 0.3);
        Assert.InRange(InverseError(flow, torch.randn(64, 4)), 0, 1e-3);
    }

    private static double InverseError(Distributions.Flow flow, Tensor x)
    {
        using var scope = NewDisposeScope();
        var back = flow.Bijection.Inverse(flow.Bijection.Forward(x).Z).X;
        return ((back - x).abs() / (x.abs() + 1)).max().ToDouble();
    }
}
