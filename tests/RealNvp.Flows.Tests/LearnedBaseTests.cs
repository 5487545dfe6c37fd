using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class LearnedBaseTests
{
    [Fact]
    public void A_conditional_gaussian_is_the_normal_that_its_network_says()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var density = new ConditionalGaussian(3, [8], 2).to(torch.float64);
        var start = density.LogProb(torch.zeros(1, 2, torch.float64), torch.randn(1, 3, torch.float64)).ToDouble();
        Assert.Equal(-Math.Log(2 * Math.PI), start, 12);   // it starts standard
        using (torch.no_grad()) foreach (var p in density.parameters()) p.normal_();
        var (x, context) = (torch.randn(50, 2, torch.float64), torch.randn(50, 3, torch.float64));
        var (mean, logScale) = density.Parameters(context);
        Assert.True(logScale.abs().max().ToDouble() < 7);
        var expected = torch.distributions.Normal(mean, logScale.exp()).log_prob(x).sum(1L);
        Assert.True(density.LogProb(x, context).allclose(expected, 1e-12, 1e-12));
        var one = context.narrow(0, 0, 1).expand(40_000, 3);
        var samples = density.Sample(40_000, one, new Generator(4));
        var error = (samples.mean([0]) - mean[0]) / logScale[0].exp() * 200;
        Assert.True(error.abs().max().ToDouble() < 4, "the mean of samples is more than four standard errors off");
        Assert.Contains("[50, 3]", Assert.Throws<ArgumentException>(() => density.LogProb(x, torch.zeros(4, 3, torch.float64)))
            .Message);
        Assert.Contains("4 parameters", Assert.Throws<ArgumentException>(() => new ConditionalGaussian(new Mlp(3, 3, [4]), 2))
            .Message);
    }

    [Fact]
    public void A_flow_whose_base_alone_sees_the_context_learns_what_the_context_moves()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var context = torch.randn(1000, 1);
        var x = torch.cat([context * 2, context.neg()], 1) + 0.3 * torch.randn(1000, 2);
        var flow = new Flow(Architectures.RealNvp(2, 2, [8]).Bijection, new ConditionalGaussian(1, [16], 2));
        Assert.Equal(1, flow.ContextSize);
        Trainer.Fit(flow, x, options: new() { Steps = 300, LearningRate = 1e-2 }, trainContext: context);
        var entropy = 2 * (0.5 * Math.Log(2 * Math.PI * Math.E) + Math.Log(0.3));
        Assert.InRange(Trainer.MeanLogProb(flow, x, context), -entropy - 0.1, -entropy + 0.05);
    }

    [Fact]
    public void A_mixture_fitted_by_gradient_meets_the_fit_by_em()
    {
        using var scope = NewDisposeScope();
        var x = Toys.EightGaussians(2000);
        var em = GaussianMixture.Fit(x, 8);
        var byEm = Trainer.MeanLogProb(em, x);
        var same = new LearnedMixture(em);
        Assert.True(same.LogProb(x).allclose(em.LogProb(x), 1e-4, 1e-4));
        // The likelihood has many optima, two components on one peak for instance: the best of some starts is the fit.
        var fits = Enumerable.Range(0, 2).Select(seed =>
        {
            var mixture = LearnedMixture.StartedAt(x, 8, seed);
            Trainer.Fit(mixture, x, options: new() { Steps = 250, BatchSize = 2000, LearningRate = 5e-2 });
            return (Mixture: mixture, Reached: Trainer.MeanLogProb(mixture, x));
        }).ToArray();
        var best = fits.MaxBy(f => f.Reached);
        Assert.InRange(best.Reached, byEm - 0.02, byEm + 0.01);
        var mixture = best.Mixture.to(torch.float64);
        Assert.Equal(1, Quadrature.Integrate2D(p => mixture.LogProb(p), -12, 12, 1500, torch.float64), 1e-3);
    }

    [Fact]
    public void A_learned_mixture_is_a_base_that_trains_with_its_flow()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var flow = new Flow(Architectures.RealNvp(2, 2, [8]).Bijection, new LearnedMixture(4, 2));
        var x = Toys.EightGaussians(500);
        var before = Trainer.MeanLogProb(flow, x);
        var means = ((LearnedMixture)flow.Base).Means.clone();
        Trainer.Fit(flow, x, options: new() { Steps = 100, LearningRate = 1e-2 });
        Assert.True(Trainer.MeanLogProb(flow, x) > before + 0.5);
        Assert.False(means.allclose(((LearnedMixture)flow.Base).Means));
        Assert.Equal([7, 2], flow.Sample(7).shape);
    }

    [Fact]
    public void A_learned_prior_at_a_split_is_a_gaussian_given_what_goes_on()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var prior = MultiScale.LearnedPrior(4, 2, 2).to(torch.float64);
        using (torch.no_grad()) foreach (var p in prior.parameters()) p.normal_(0, 0.5);
        var f = new MultiScale(new Chain(new Scaling(4, 2, 2).to(torch.float64), prior), new Scaling(2, 2, 2).to(torch.float64));
        var x = torch.randn(6, 4, 2, 2, torch.float64);
        var flow = new Flow(f, new StandardNormal(16).to(torch.float64));
        // Scalings start at the identity: x's first two channels go on, the last two leave, normal around what the prior's
        // network says.
        var (kept, leaving) = (x.narrow(1, 0, 2), x.narrow(1, 2, 2));
        var (s, t) = ((AffineTransformer)prior.Transformer).Read(prior.Conditioner.call(kept, null));
        var expected = torch.distributions.Normal(t.neg(), s.neg().exp()).log_prob(leaving).flatten(1).sum(1L)
            + torch.distributions.Normal(torch.zeros_like(kept), torch.ones_like(kept)).log_prob(kept).flatten(1).sum(1L);
        Assert.True(flow.LogProb(x).allclose(expected, 1e-10, 1e-10));
    }
}
