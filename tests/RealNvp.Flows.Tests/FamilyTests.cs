using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Monotone polynomials and networks, masked networks with residual blocks, and bases, against formulas and
/// quadrature.</summary>
public sealed class FamilyTests
{
    public static TheoryData<string> Monotone => ["Bernstein", "sum of squares", "unconstrained", "learned interval"];

    private static Transformer Make(string name) => name switch
    {
        "Bernstein" => new BernsteinTransformer(7, 3),
        "sum of squares" => new SumOfSquaresTransformer(3, 3),
        "unconstrained" => new UnconstrainedMonotoneTransformer(4, [16, 16]),
        _ => new LearnedIntervalTransformer(new RationalQuadraticTransformer(5, 2)),
    };

    [Theory, MemberData(nameof(Monotone))]
    public void The_derivative_integrates_to_the_rise(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var transformer = Make(name);
        using (torch.no_grad()) foreach (var p in transformer.parameters()) p.add_(torch.randn_like(p) * 0.5);
        transformer.to(torch.float64);
        var h = torch.randn(1, transformer.ParametersPerElement, torch.float64) * 0.7;
        const int cells = 4000;
        var points = Quadrature.Midpoints(-3.5, 3.5, cells).unsqueeze(1);
        var slopes = transformer.Forward(points, h.expand(cells, -1)).LogDerivative!.exp();
        var ends = torch.tensor(new[] { -3.5, 3.5 }).unsqueeze(1);
        var y = transformer.Forward(ends, h.expand(2, -1)).Y.squeeze(1);
        var rise = (y[1] - y[0]).ToDouble();
        // The midpoint rule's error: h^2 / 24 times the change of the derivative's slope, of some 10, and h = 0.002.
        Assert.Equal(rise, slopes.sum().ToDouble() * 7 / cells, 1e-5 * (1 + Math.Abs(rise)));
    }

    [Theory, MemberData(nameof(Monotone))]
    public void Parameters_of_zero_are_the_identity(string name)
    {
        using var scope = NewDisposeScope();
        var transformer = Make(name).to(torch.float64);
        var x = torch.linspace(-5, 5, 101, torch.float64).unsqueeze(1);
        var (y, log) = transformer.Forward(x, torch.zeros(101, transformer.ParametersPerElement, torch.float64));
        Assert.True(y.allclose(x, 1e-12, 1e-12));
        Assert.True(log!.abs().max().ToDouble() < 1e-12);
    }

    [Fact]
    public void A_bernstein_polynomial_is_what_de_casteljau_makes_of_its_coefficients()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        const int degree = 7;
        var h = torch.randn(1, degree + 1, torch.float64) * 2;
        var raw = h.narrow(1, 0, degree).squeeze(0).data<double>().ToArray().Select(r => 16 * Math.Tanh(r / 16)).ToArray();
        var offset = Math.Log(Math.Exp(1 - 1e-3) - 1);
        var c = new double[degree + 1];
        for (var i = 0; i < degree; i++) c[i + 1] = c[i] + (Math.Log(1 + Math.Exp(raw[i] + offset)) + 1e-3) * 6 / degree;
        var mean = c.Average();
        foreach (var x in new[] { -3, -1.1, 0, 2.7, 3 })
        {
            var u = (x + 3) / 6;
            var b = c.Select(v => v - mean + h[0, degree].ToDouble()).ToArray();
            for (var k = degree; k > 0; k--) for (var i = 0; i < k; i++) b[i] = b[i] * (1 - u) + b[i + 1] * u;
            var y = new BernsteinTransformer(degree, 3).Forward(torch.full(1, 1, x, torch.float64), h).Y.ToDouble();
            Assert.Equal(b[0], y, 1e-12);
        }
    }

    [Fact]
    public void Gauss_and_legendres_rule_is_exact_for_polynomials_of_twice_its_nodes()
    {
        foreach (var n in new[] { 1, 2, 5, 24 })
        {
            var rule = GaussLegendre.Unit(n);
            for (var k = 0; k < 2 * n; k++)
                Assert.Equal(1.0 / (k + 1), rule.Sum(r => r.Weight * Math.Pow(r.Node, k)), 1e-14);
            Assert.NotEqual(1.0 / (2 * n + 1), rule.Sum(r => r.Weight * Math.Pow(r.Node, 2 * n)), 1e-17);
        }
    }

    [Fact]
    public void A_learned_interval_moves_and_stretches_what_its_spline_bends()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var spline = new RationalQuadraticTransformer(5, 2);
        var rest = torch.randn(1, spline.ParametersPerElement, torch.float64);
        // c_x = 1, c_y = -2, s_x = log 3, s_y = log 1/2
        double Raw(double s) => 3 * Math.Atanh(s / 3);
        var own = torch.tensor(new[,] { { 1, -2, Raw(Math.Log(3)), Raw(Math.Log(0.5)) } });
        var x = torch.linspace(-8, 10, 50, torch.float64).unsqueeze(1);
        var (y, log) = new LearnedIntervalTransformer(spline).Forward(x, torch.cat([own, rest], 1).expand(50, -1));
        var (inner, innerLog) = spline.Forward((x - 1) / 3, rest.expand(50, -1));
        Assert.True(y.allclose(inner / 2 - 2, 1e-10, 1e-10));
        Assert.True(log!.allclose(innerLog! - Math.Log(6), 1e-10, 1e-10));
        // Outside of [1 - 2 * 3, 1 + 2 * 3] it is straight.
        Assert.True(log!.masked_select((x - 1).abs().gt(6)).allclose(torch.tensor(-Math.Log(6)), 1e-12, 1e-12));
    }

    [Theory]
    [InlineData("block autoregressive with context")]
    [InlineData("autoregressive splines of learned intervals, with context")]
    public void The_jacobian_is_triangular_with_a_positive_diagonal(string name)
    {
        using var scope = NewDisposeScope();
        var f = BijectionTable.Row(name).Build();
        var context = torch.randn(5, 2, torch.float64);
        var jacobian = Jacobians.Autograd(x => f.Forward(x, context).Z, torch.randn(5, 3, torch.float64));
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
            {
                var entries = jacobian[TensorIndex.Colon, i, j];
                if (j > i) Assert.Equal(0, entries.abs().max().ToDouble());
                else if (j < i) Assert.True(entries.abs().max().ToDouble() > 0, $"z{i} does not see x{j}");
                else Assert.True(entries.min().ToDouble() > 0);
            }
    }

    public static TheoryData<string> Bases => ["laplace", "cauchy", "gamma of 0.5", "gamma of 3", "gamma of 1000"];

    private static Distribution Base(string name) => name switch
    {
        "laplace" => new Laplace(1),
        "cauchy" => new Cauchy(1),
        _ => new Gamma(double.Parse(name["gamma of ".Length..], System.Globalization.CultureInfo.InvariantCulture), 1),
    };

    [Theory, MemberData(nameof(Bases))]
    public void A_bases_samples_follow_its_density(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        const int n = 40_000, cells = 200_000;
        var density = Base(name).to(torch.float64);
        // Integrated through t = asinh x, or t = log x where x is positive, under which tails end soon.
        var positive = name.StartsWith("gamma", StringComparison.Ordinal);
        var t = Quadrature.Midpoints(-40, 40, cells);
        var (x, logSlope) = positive ? (t.exp(), t) : (t.sinh(), t.cosh().log());
        var mass = (density.LogProb(x.unsqueeze(1)) + logSlope).exp() * (80.0 / cells);
        Assert.Equal(1, mass.sum().ToDouble(), 1e-6);
        var levels = mass.cumsum(0) - mass / 2;
        var drawn = density.Sample(n).squeeze(1).sort(0).Values;
        var below = torch.searchsorted(x, drawn).clamp(0, cells - 1);
        var empirical = (torch.arange(n, torch.float64) + 0.5) / n;
        // Kolmogorov's distance is above 1.95 / sqrt(n) in one case of a thousand; levels are those of whole cells.
        var limit = 1.95 / Math.Sqrt(n) + mass.max().ToDouble();
        Assert.True((levels.index_select(0, below) - empirical).abs().max().ToDouble() < limit);
    }

    [Fact]
    public void Tails_of_bases_are_right_and_there_is_no_mass_where_a_gamma_number_cannot_be()
    {
        using var scope = NewDisposeScope();
        var far = torch.tensor(new[] { 1e30f, -1e30f, 0, float.NaN }).unsqueeze(1);
        var cauchy = new Cauchy(1).LogProb(far).data<float>().ToArray();
        Assert.Equal(-Math.Log(Math.PI) - 2 * Math.Log(1e30), cauchy[0], 1e-4);
        Assert.True(float.IsNaN(cauchy[3]));
        Assert.Equal(-1e30f, new Laplace(1).LogProb(far)[1].ToSingle());
        var some = torch.tensor(new[] { 0f, -1, 1e-30f, float.NaN }).unsqueeze(1);
        var gamma = new Gamma(2, 1).LogProb(some).data<float>().ToArray();
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], gamma[..2]);
        Assert.Equal(Math.Log(1e-30), gamma[2], 1e-4);   // x exp(-x), Gamma(2) = 1
        Assert.True(float.IsNaN(gamma[3]));
        Assert.Contains("positive", Assert.ThrowsAny<ArgumentException>(() => new Gamma(0, 1)).Message);
    }

    [Fact]
    public void A_class_conditional_density_is_that_of_the_class_which_the_context_says()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var parts = new Distribution[] { new Laplace(2), new Gamma(3, 2), ClassConditional.Gaussians(1, 2) };
        Assert.Throws<ArgumentException>(() => new ClassConditional(parts));   // the last one takes a context
        var density = new ClassConditional(parts[0], parts[1]);
        var x = torch.rand(4, 2) + 0.1;
        var context = nn.functional.one_hot(torch.tensor(new long[] { 0, 1, 1, 0 }), 2).to(torch.float32);
        var log = density.LogProb(x, context);
        var (first, second) = (parts[0].LogProb(x), parts[1].LogProb(x));
        Assert.True(log.allclose(torch.stack([first[0], second[1], second[2], first[3]])));
        var drawn = density.Sample(2000, nn.functional.one_hot(torch.ones(2000, torch.int64), 2).to(torch.float32));
        Assert.Equal(3, drawn.mean().ToDouble(), 4 * Math.Sqrt(3.0 / 4000));   // a gamma number's mean and variance are 3
        var learned = ClassConditional.Gaussians(2, 2);
        learned.LogProb(x.narrow(0, 0, 1), context.narrow(0, 0, 1)).sum().backward();
        var sums = learned.named_parameters().Select(p => (p.name, Size: p.parameter.grad!.abs().sum().ToDouble())).ToArray();
        Assert.All(sums, s => Assert.True(s.name.Contains(".0.", StringComparison.Ordinal) == s.Size > 0, s.name));
        var flow = new Flow(Architectures.RealNvp(2, 2, [4], contextSize: 2).Bijection, ClassConditional.Gaussians(2, 2));
        Assert.Equal([4], flow.LogProb(x, context).shape);
        var message = Assert.ThrowsAny<ArgumentException>(() => density.LogProb(x, context * 0.5)).Message;
        Assert.Contains("row 0", message);
        Assert.Contains("one_hot", message);
        Assert.Contains("[1]",
            Assert.ThrowsAny<ArgumentException>(() => new ClassConditional(new Laplace(2), new Laplace(1))).Message);
    }

    [Fact]
    public void Wrong_use_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        void Says(Action action, params string[] words)
        {
            var message = Assert.ThrowsAny<ArgumentException>(action).Message;
            foreach (var word in words) Assert.Contains(word, message);
        }
        Says(() => new Made(3, 2, [8, 8], residual: true), "one width", "(8, 8)");
        Says(() => new Made(3, 2, [8, 8, 4], residual: true), "one width");
        Says(() => Architectures.Naf(2, transformer: new UnconstrainedMonotoneTransformer()), "parameters of its own", "Umnn");
        Says(() => Architectures.Umnn(0), "at least one feature");
        Says(() => Architectures.Bnaf(2, layers: 0), "at least one layer");
        Says(() => new BernsteinTransformer(1), "degree");
        Says(() => new SumOfSquaresTransformer(0), "terms");
        Says(() => new BlockAutoregressive(2, units: 0), "units");
    }
}
