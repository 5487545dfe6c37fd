using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class ConditionedTests
{
    [Fact]
    public void A_density_under_one_context_is_the_conditional_one_there()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Architectures.RealNvp(2, 4, [8], contextSize: 3);
        using (no_grad()) foreach (var p in flow.parameters()) p.add_(randn_like(p) * 0.3);
        var (x, c) = (randn(7, 2), randn(1, 3));
        var one = flow.Given(c);
        Assert.Null(one.ContextSize);
        Assert.True(one.LogProb(x).Equals(flow.LogProb(x, c.expand(7, 3))));
        Assert.True(one.Sample(7, generator: new Generator(1)).Equals(flow.Sample(7, c.expand(7, 3), new Generator(1))));
        var (drawn, log) = one.SampleWithLogProb(7);
        Assert.True(log.allclose(flow.LogProb(drawn, c.expand(7, 3)), 1e-4, 1e-4));
        one.Dispose();
        Assert.True(flow.LogProb(x, c.expand(7, 3)).isfinite().all().ToBoolean());   // a view: the flow lives on
        Assert.Contains("[1, 3]", Assert.Throws<ArgumentException>(() => flow.Given(randn(2, 3))).Message);
        Assert.Contains("no context", Assert.Throws<ArgumentException>(() => new StandardNormal(2).Given(c)).Message);
    }

    [Fact]
    public void An_embedded_density_sees_the_features_of_its_context()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var flow = Architectures.RealNvp(2, 2, [8], contextSize: 3);
        using (no_grad()) foreach (var p in flow.parameters()) p.add_(randn_like(p) * 0.3);
        var network = nn.Sequential(nn.Flatten(), nn.Linear(8, 3), nn.Dropout(0.9));
        var model = new Embedded(flow, network, 2, 4);
        model.eval();
        var (x, c) = (randn(5, 2), randn(5, 8));
        var features = network.call(c.view(5, 2, 4));
        Assert.True(model.LogProb(x, c).Equals(flow.LogProb(x, features)));
        model.train();   // drawing under one context looks at the network as it is in evaluation
        Assert.True(model.Given(c.narrow(0, 0, 1)).LogProb(x.narrow(0, 0, 1)).Equals(
            flow.LogProb(x.narrow(0, 0, 1), features.narrow(0, 0, 1))));
        Assert.True(model.training && network.training);
        Assert.Equal(flow.parameters().Count() + 2, model.parameters().Count());
        Assert.Contains("[5, 8]", Assert.Throws<ArgumentException>(() =>
            new Embedded(flow, nn.Flatten(), 2, 4).LogProb(x, c)).Message);
        Assert.Contains("contextSize", Assert.Throws<ArgumentException>(() =>
            new Embedded(Architectures.RealNvp(2, 2, [8]), nn.Flatten(), 3)).Message);
    }

    [Fact]
    public void Whitening_given_a_context_is_the_linear_Gaussian_conditional()
    {
        // x = B c + m + e, e from N(0, S): the fit's density is the exact one.
        using var scope = NewDisposeScope();
        manual_seed(3);
        var b = randn(3, 2, float64);
        var s = tensor(new[,] { { 1.0, 0.6 }, { 0.6, 0.5 } });
        var noise = new Gaussian(zeros(2, float64), s);
        var c = randn(50_000, 3, float64);
        var x = c.mm(b) + 0.7 + noise.Sample(50_000);
        var white = ConditionalWhiten.Fit(x, c);
        var flow = new Flow(white, new StandardNormal(2)).to(float64);
        var exact = noise.LogProb(x - c.mm(b) - 0.7).mean().ToDouble();
        // Eleven numbers fitted to 50,000 pairs: 11 / 100,000 nats in the mean.
        Assert.Equal(exact, flow.LogProb(x, c).mean().ToDouble(), 5e-4);
        // Nothing is left over where x is a function of c, and a context that stays is no reason to fail.
        var still = ConditionalWhiten.Fit(c.mm(b), cat([c, zeros_like(c)], 1));
        Assert.True(still.Forward(c.mm(b), cat([c, zeros_like(c)], 1)).Z.isfinite().all().ToBoolean());
        Assert.Contains("[49, 3]", Assert.Throws<ArgumentException>(() => ConditionalWhiten.Fit(x, c.narrow(0, 0, 49))).Message);
        Assert.Contains("lower triangular", Assert.Throws<ArgumentException>(() =>
            new ConditionalWhiten(zeros(2), zeros(3, 2), ones(2, 2))).Message);
    }

    [Fact]
    public void Supports_are_known_of_densities_whose_kind_tells()
    {
        static string Text(Distribution density) => string.Join(", ", Support.Of(density) ?? []);
        Assert.Equal("(-1, 2), (-1, 2)", Text(new Uniform(-1, 2, 2)));
        Assert.Equal("(0, 1), (-2, 3), (0, 1), (0, Infinity), the line", Text(new Product(Uniform.Box([0, -2], [1, 3]),
            new Beta(2, 3, 1), new Gamma(2, 1), new StandardNormal(1))));
        Assert.Null(Support.Of(new Product(new Uniform(0, 1, 1), Architectures.RealNvp2D())));
        Assert.Contains("high", Assert.Throws<ArgumentException>(() => Uniform.Box([0, 1], [1])).Message);
    }
}
