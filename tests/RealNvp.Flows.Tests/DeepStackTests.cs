using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class DeepStackTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, Activation.Relu, 64)]
    [InlineData(4, Activation.Relu, 8)]
    [InlineData(4, Activation.Tanh, 8)]
    [InlineData(4, Activation.Silu, 64)]
    [InlineData(16, Activation.Relu, 16)]
    public void Sixty_four_couplings_with_weights_of_size_five_stay_finite_and_invert_in_single_precision(int dim,
        Activation activation, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var seed in new[] { 1, 2, 3, 4 })
        {
            torch.manual_seed(seed);
            var flow = Architectures.RealNvp(dim, 64, [width, width], activation);
            using (torch.no_grad())
                foreach (var p in flow.parameters()) p.normal_(0, 5);
            var x = torch.randn(256, dim);
            var (z, logDet) = flow.Bijection.Forward(x);
            Assert.True(z.isfinite().all().ToBoolean());
            Assert.True(logDet.isfinite().all().ToBoolean());
            flow.LogProb(x).mean().neg().backward();
            foreach (var (name, p) in flow.named_parameters()) Assert.True(p.grad!.isfinite().all().ToBoolean(), name);
            var error = InverseError(flow, x);
            output.WriteLine($"{dim} features, {activation}, seed {seed}: |z| up to {z.abs().max().ToDouble():e2}, inverse "
                + $"error {error:e2}");
            Assert.InRange(error, 0, 1e-3);
        }
    }

    [Fact]
    public void A_network_with_a_largest_slope_keeps_to_it_and_one_of_moderate_weights_is_left_alone()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var steep = new Mlp(3, 4, [16, 16], activation, largestSlope: 0.5).to(torch.float64);
            using (torch.no_grad()) foreach (var p in steep.parameters()) p.normal_(0, 5);
            var jacobians = Jacobians.Autograd(x => steep.call(x, null), torch.randn(200, 3, torch.float64));
            var largest = torch.linalg.svdvals(jacobians).max().ToDouble();
            Assert.InRange(largest, 1e-4, 0.5);
        }
        var (free, limited) = (new Mlp(3, 4, [16], zeroLast: false), new Mlp(3, 4, [16], zeroLast: false, largestSlope: 100));
        limited.load_state_dict(free.state_dict());
        var at = torch.randn(5, 3);
        Assert.True(free.call(at, null).Equals(limited.call(at, null)));
    }

    [Fact]
    public void A_deep_stack_trains()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var flow = Architectures.RealNvp(2, 32, [16]);
        var (train, test) = (Toys.Moons(2000), Toys.Moons(1000, seed: 1));
        Trainer.Fit(flow, train, options: new() { Steps = 150, LearningRate = 5e-3 });
        Assert.True(Trainer.MeanLogProb(flow, test) > Trainer.MeanLogProb(Gaussian.Fit(train), test) + 0.3);
    }

    private static double InverseError(Flow flow, Tensor x)
    {
        using var scope = NewDisposeScope();
        var back = flow.Bijection.Inverse(flow.Bijection.Forward(x).Z).X;
        return ((back - x).abs() / (x.abs() + 1)).max().ToDouble();
    }
}
