using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests;

public sealed class GaussianizationTests
{
    [Fact]
    public void A_logistic_becomes_normal_as_by_sigmoid_and_quantile_where_those_still_see_it()
    {
        using var scope = NewDisposeScope();
        var x = torch.linspace(-30, 8, 400, torch.float64).unsqueeze(1);
        var (z, logDet) = new LogisticToNormal().Forward(x);
        var (expected, expectedLogDet) = new Chain(new Sigmoid(), new NormalQuantile()).Forward(x);
        // Near 1 the sigmoid keeps 1e-16 of what is left of 1, 3e-4 at x = 8: 3e-13 of it, and less elsewhere.
        Assert.True(z.allclose(expected, 1e-11, 1e-11));
        Assert.True(logDet.allclose(expectedLogDet, 1e-10, 1e-10));
        Assert.True(new Flow(new LogisticToNormal(), new StandardNormal(1)).to(torch.float64).LogProb(x).allclose(new Logistic(1).LogProb(x), 1e-11, 1e-11));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void It_is_odd_finite_far_out_and_comes_back(ScalarType dtype, double relative)
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 0.0, 1e-3, 5, 20, 200, 1e4, 1e6 }).to(dtype).unsqueeze(1).requires_grad_();
        var map = new LogisticToNormal();
        var (z, logDet) = map.Forward(x);
        Assert.True(map.Forward(x.neg()).Z.allclose(z.neg(), relative, relative));
        Assert.True(map.Inverse(z).X.allclose(x, 100 * relative, relative));
        // Far out Phi(-z) is exp(-z^2 / 2) / (z sqrt(2 pi)) to a part of 1 / z^2 = 5e-7, so that z^2 / 2 + log(z sqrt(2 pi)) = x.
        var far = z.detach().select(1, 0)[^1].ToDouble();
        Assert.Equal(1e6, far * far / 2 + Math.Log(far * Math.Sqrt(2 * Math.PI)), Math.Max(1e6 * relative, 1e-5));
        (z.sum() + logDet.sum()).backward();
        Assert.True(x.grad!.isfinite().all().ToBoolean());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Turns_and_marginals_alone_fit_what_no_gaussian_can(int dim)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        Tensor Data(int seed) => dim == 2 ? Toys.Moons(2000, seed: seed) : Toys.Moons(2000, seed: seed).narrow(1, 1, 1) * 2 + Toys.Circles(2000, seed: seed).narrow(1, 0, 1);
        var (train, heldOut) = (Data(1), Data(2));
        var flow = dim == 2 ? Ready.Gaussianization(2, 6, 6) : new Flow(new Chain(new Elementwise(new MixtureOfLogisticsTransformer(6), 1), new LogisticToNormal()));
        Trainer.Fit(flow, train, heldOut, new() { Steps = 500, LearningRate = 2e-2 });
        var baseline = Gaussian.Fit(train).LogProb(heldOut).mean().ToDouble();
        var reached = flow.LogProb(heldOut).mean().ToDouble();
        Assert.True(reached > baseline + (dim == 2 ? 0.5 : 0.03), $"{reached:f3} nats, a Gaussian {baseline:f3}");
    }
}
