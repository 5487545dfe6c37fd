using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class GaussianizationTests
{
    /// <summary>One element with parameters of three normals.</summary>
    private static (Flow Flow, GaussianMixture Mixture) Three()
    {
        double[] weights = [0.2, 0.5, 0.3], means = [-2, 0.5, 3], scales = [0.5, 1, 0.25];
        var bend = new Elementwise(new MixtureOfNormalsTransformer(3), 1).to(torch.float64);
        using (torch.no_grad())
            bend.parameters().Single()
                .copy_(torch.tensor([.. weights.Select(w => Math.Log(w)), .. means,
                .. scales.Select(s => 7 * Math.Atanh(Math.Log(s) / 7))]));
        var mixture = new GaussianMixture(torch.tensor(weights), torch.tensor(means).unsqueeze(1), torch.tensor(scales).square()
            .view(3, 1, 1));
        return (new Flow(bend).to(torch.float64), mixture);
    }

    [Fact]
    public void Its_flow_has_the_mixtures_density_and_its_map_is_the_normal_quantile_of_the_mixtures_cdf()
    {
        using var scope = NewDisposeScope();
        var (flow, mixture) = Three();
        var x = torch.linspace(-9, 7, 401, torch.float64).unsqueeze(1);
        Assert.True(flow.LogProb(x).allclose(mixture.LogProb(x), 1e-10, 1e-10));
        var cdf = ((torch.special.erfc(
            (mixture.Means.t() - x) / mixture.Factors.view(1, 3) / Math.Sqrt(2)) / 2) * mixture.Weights).sum(1L, keepdim: true);
        // Near 1 the CDF keeps 1e-16 of what is left of it, which is 1e-8 at quantiles of 5.6.
        var seen = cdf.lt(1 - 1e-8).to(torch.float64);
        Assert.True((flow.Bijection.Forward(x).Z * seen).allclose(torch.special.ndtri(cdf) * seen, 1e-7, 1e-7));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-11)]
    public void Far_out_it_is_a_line_of_the_widest_components_slope_and_comes_back(ScalarType dtype, double relative)
    {
        using var scope = NewDisposeScope();
        var flow = Three().Flow.to(dtype);
        var x = torch.tensor(new[] { -1e6, -1e4, -30, -3, 0, 3, 20, 1e4, 1e6 }).to(dtype).unsqueeze(1).requires_grad_();
        var (z, logDet) = flow.Bijection.Forward(x);
        var back = flow.Bijection.Inverse(z).X;
        Assert.True(back.allclose(x, relative, 10 * relative),
            string.Join(" ", back.detach().to(torch.float64).data<double>().ToArray()));
        // The middle one is the widest, of scale 1 around 0.5.
        Assert.Equal(1e6 - 0.5, z[8].ToDouble(), 1e6 * relative);
        Assert.Equal(-1e6 - 0.5, z[0].ToDouble(), 1e6 * relative);
        Assert.Equal(0, logDet[8].ToDouble(), 1e-5);   // two logarithms of 5e11 were not subtracted
        flow.LogProb(x).sum().backward();
        Assert.True(x.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Turns_and_marginals_alone_fit_two_moons_as_no_gaussian_can_and_sample_them()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var (train, heldOut) = (Toys.Moons(2000, seed: 1), Toys.Moons(2000, seed: 2));
        var flow = Architectures.Gaussianization(2, 6, 6);
        Trainer.Fit(flow, train, heldOut, new() { Steps = 400, LearningRate = 2e-2 });
        var baseline = Gaussian.Fit(train).LogProb(heldOut).mean().ToDouble();
        var reached = flow.LogProb(heldOut).mean().ToDouble();
        Assert.True(reached > baseline + 0.5, $"{reached:f3} nats, a Gaussian {baseline:f3}");
        Assert.True(flow.Sample(5000).abs().max().ToDouble() < 10);   // tails as long as a normal's, of data of unit scale
    }
}
