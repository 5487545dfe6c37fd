using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Inference;

/// <summary>Chains and particles find a known density, from a flow that is another one.</summary>
public sealed class ChainTests
{
    private static readonly Gaussian Target = (Gaussian)new Gaussian(tensor(new[] { 0.5, -0.5 }, float64),
        tensor(new[,] { { 1.0, 0.6 }, { 0.6, 0.8 } }, float64)).to(float64);

    /// <summary>A flow with weights off the identity, whose density is not the target's.</summary>
    private static Flow Bent()
    {
        manual_seed(1);
        var flow = (Flow)Architectures.RealNvp(2, 4, [8]).to(float64);
        using var guard = no_grad();
        foreach (var p in flow.parameters()) p.add_(randn_like(p) * 0.15);
        return flow;
    }

    private static void IsTarget(Tensor x, double slack)
    {
        var flat = x.reshape(-1, 2);
        var centred = flat - flat.mean([0]);
        var covariance = centred.t().mm(centred) / flat.size(0);
        Assert.True(flat.mean([0]).allclose(tensor(new[] { 0.5, -0.5 }, float64), 0, slack), $"mean {flat.mean([0]).str()}");
        Assert.True(covariance.allclose(tensor(new[,] { { 1.0, 0.6 }, { 0.6, 0.8 } }, float64), 0, 2 * slack), covariance.str());
    }

    [Fact]
    public void Hamiltonian_moves_in_the_latents_draw_from_the_target()
    {
        using var scope = NewDisposeScope();
        var sample = LatentHamiltonian.Run(Bent(), x => Target.LogProb(x) + 5, chains: 50, steps: 200, warmup: 60,
            generator: new Generator(1));
        Assert.Equal([200, 50, 2], sample.X.shape);
        Assert.InRange(sample.Acceptance, 0.6, 0.97);
        IsTarget(sample.X, 0.06);   // 10,000 draws that hang together over a few steps
    }

    [Fact]
    public void Independent_proposals_draw_from_the_target()
    {
        using var scope = NewDisposeScope();
        // wider than the target, so that weights are bounded and chains do not stick
        var wide = new Gaussian(zeros(2, float64), eye(2, dtype: float64) * 3);
        var sample = IndependenceMetropolis.Run(wide, x => Target.LogProb(x) - 2, chains: 200, steps: 400,
            generator: new Generator(2));
        Assert.Equal([400, 200, 2], sample.X.shape);
        Assert.InRange(sample.Acceptance, 0.2, 0.99);
        IsTarget(sample.X, 0.06);
        var same = Bent();
        Assert.Equal(1, IndependenceMetropolis.Run(same, x => same.LogProb(x), 10, 20).Acceptance);
    }

    [Fact]
    public void Particles_go_over_to_two_modes_and_find_the_normaliser()
    {
        using var scope = NewDisposeScope();
        var two = new GaussianMixture(tensor(new[] { 0.25, 0.75 }), tensor(new[,] { { -3.0, 0.0 }, { 3.0, 0.0 } }),
            stack([eye(2, dtype: float64) * 0.2, eye(2, dtype: float64) * 0.2]));
        double[] estimates = [.. Enumerable.Range(0, 4).Select(seed =>
        {
            var run = SequentialMonteCarlo.Run(Bent(), x => two.LogProb(x) + 2, particles: 1500,
                generator: new Generator((ulong)seed + 7));
            Assert.Equal(1, run.Temperatures[^1]);
            Assert.True(run.Temperatures.Count > 1, "one rise: the test shows nothing");
            Assert.Equal(0.75, run.X[.., 0].gt(0).to(float64).mean().ToDouble(), 0.1);
            return run.LogNormalizer;
        })];
        Assert.Equal(2, estimates.Average(), 0.1);
        var exact = Bent();
        var one = SequentialMonteCarlo.Run(exact, x => exact.LogProb(x) + 1, particles: 100);
        Assert.Equal((1, 1.0), (one.Temperatures.Count, Math.Round(one.LogNormalizer, 9)));
    }

    [Fact]
    public void A_density_that_is_no_number_moves_no_chain_and_wrong_shapes_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        var flow = Bent();
        var still = LatentHamiltonian.Run(flow, x => x.sum(1L) * double.NaN, chains: 4, steps: 5, warmup: 0);
        Assert.Equal(0, still.Acceptance);
        Assert.True(still.X[0].Equals(still.X[4]));
        Assert.Contains("hardly move", still.ToString());
        Assert.Contains("[4, 2]", Assert.Throws<ArgumentException>(() => LatentHamiltonian.Run(flow, x => x, chains: 4)).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() =>
            SequentialMonteCarlo.Run(flow, x => x.sum(1L) * double.NaN, particles: 10)).Message);
    }
}
