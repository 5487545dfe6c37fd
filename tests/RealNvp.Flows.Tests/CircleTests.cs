using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Densities of angles: whole, and without a seam at -pi and pi.</summary>
public sealed class CircleTests
{
    public static TheoryData<double> Concentrations => [0, 1e-9, 1e-3, 0.5, 5, 300, 1e6];

    /// <summary>exp(-k) I_0(k) by the power series or, from 50 on, by the asymptotic one (Abramowitz, Stegun 9.6.12,
    /// 9.7.1).</summary>
    private static double ScaledBessel(double k)
    {
        if (k >= 50) return (1 + 1 / (8 * k) + 9 / (128 * k * k) + 225 / (3072 * k * k * k)) / Math.Sqrt(2 * Math.PI * k);
        var (term, sum) = (1.0, 1.0);
        for (var n = 1; n < 400; n++) sum += term *= k * k / 4 / n / n;
        return sum * Math.Exp(-k);
    }

    [Theory, MemberData(nameof(Concentrations))]
    public void The_von_mises_density_is_that_of_bessel_functions_and_integrates_to_one(double k)
    {
        using var scope = NewDisposeScope();
        var density = new VonMises(k, 0.7, 1).to(torch.float64);
        var x = torch.tensor(new[] { 0.7, 0.7 + 1e-3, -1.0, 0.7 + 2 * Math.PI, 3.1 }).unsqueeze(1);
        // At k = 300 the asymptotic series' next term is 1e-11.
        var expected = x.squeeze(1).data<double>().ToArray()
            .Select(v => k * (Math.Cos(v - 0.7) - 1) - Math.Log(2 * Math.PI * ScaledBessel(k))).ToArray();
        // cos - 1 itself is right to 1e-16, times k.
        Assert.True(density.LogProb(x).allclose(torch.tensor(expected), 1e-9, 1e-10 + k * 1e-15));
        var reach = k < 50 ? Math.PI : Math.Min(Math.PI, 12 / Math.Sqrt(k));   // twelve standard deviations
        var points = Quadrature.Midpoints(0.7 - reach, 0.7 + reach, 4000).unsqueeze(1);
        Assert.Equal(1, density.LogProb(points).exp().sum().ToDouble() * 2 * reach / 4000, 1e-10);
        var single = new VonMises(k, 0, 1).LogProb(torch.tensor(new[] { 0f, 1e-3f, 2 }).unsqueeze(1));
        var twice = new VonMises(k, 0, 1).to(torch.float64).LogProb(torch.tensor(new[] { 0f, 1e-3f, 2 }).unsqueeze(1)
            .to(torch.float64));
        Assert.True(single.to(torch.float64).allclose(twice, 2e-6, 2e-6));
    }

    [Theory, MemberData(nameof(Concentrations))]
    public void Von_mises_samples_follow_the_density(double k)
    {
        using var scope = NewDisposeScope();
        const int n = 40_000;
        torch.manual_seed(5);
        var density = new VonMises(k, 3, 1).to(torch.float64);   // its peak lies across the seam
        var x = density.Sample(n);
        Assert.True(x.ge(-Math.PI).all().ToBoolean() && x.lt(Math.PI).all().ToBoolean());
        var away = (x - 3).sin().atan2((x - 3).cos()).squeeze(1);   // from the mean
        // Kolmogorov's distance to the integral of the density, below 1.95 / sqrt(n) but in one case of a thousand.
        var reach = k < 50 ? Math.PI : 12 / Math.Sqrt(k);
        var edges = torch.linspace(-reach, reach, 2001, torch.float64);
        var middles = Quadrature.Midpoints(-reach, reach, 2000).unsqueeze(1) + 3;
        var levels = (density.LogProb(middles).exp() * (2 * reach / 2000)).cumsum(0);
        var counted = torch.searchsorted(away.sort(0).Values, edges.slice(0, 1, 2001, 1)).to(torch.float64) / n;
        Assert.True((counted - levels).abs().max().ToDouble() < 1.95 / Math.Sqrt(n) + 1e-3 / Math.Sqrt(n));
        Assert.True(new VonMises(k, 0, 1).Sample(10_000).isfinite().all().ToBoolean());
    }

    [Fact]
    public void A_concentration_far_beyond_what_angles_resolve_stays_finite_and_senseless_ones_are_refused()
    {
        using var scope = NewDisposeScope();
        var sharp = new VonMises(1e30, 0, 1);
        Assert.Equal(0.5 * Math.Log(1e30 / (2 * Math.PI)), sharp.LogProb(torch.zeros(1, 1)).ToDouble(), 1e-4);
        Assert.True(sharp.Sample(100).abs().max().ToDouble() < 1e-13);
        Assert.Contains("negative", Assert.ThrowsAny<ArgumentException>(() => new VonMises(-1, 0, 1)).Message);
        Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(() => new VonMises(1, double.NaN, 1)).Message);
    }

    private static Flow Random(Flow flow, double size = 0.3)
    {
        using var guard = torch.no_grad();
        foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * size);
        flow.eval();
        return flow.to(torch.float64);
    }

    public static TheoryData<string> Changes => ["moebius", "spline"];

    private static Flow Torus(string change)
    {
        torch.manual_seed(6);
        return Random(Architectures.CirclesAndLines(2, 0, 2, [16],
            change == "moebius" ? new MoebiusTransformer(4) : new CircularSplineTransformer(5)));
    }

    [Theory, MemberData(nameof(Changes))]
    public void A_density_on_the_torus_integrates_to_one_and_has_no_step_at_the_seam(string change)
    {
        using var scope = NewDisposeScope();
        var flow = Torus(change);
        // Of periodic functions the midpoint rule is exact but for kinks, which splines have.
        Assert.Equal(1, Quadrature.Integrate2D(x => flow.LogProb(x), -Math.PI, Math.PI, 400, torch.float64),
            change == "moebius" ? 1e-8 : 1e-3);
        const double small = 1e-8;
        var along = torch.linspace(-3, 3, 25, torch.float64).unsqueeze(1);
        Tensor At(double angle, bool first) =>
            torch.cat(first ? [torch.full_like(along, angle), along] : [along, torch.full_like(along, angle)], 1);
        foreach (var first in new[] { true, false })
        {
            var (left, right) = (At(Math.PI - small, first).requires_grad_(), At(-Math.PI + small, first).requires_grad_());
            var (a, b) = (flow.LogProb(left), flow.LogProb(right));
            Assert.True(a.allclose(b, 0, 1e-5));   // slopes of some hundred, times 2e-8
            (a.sum() + b.sum()).backward();
            var (slopeLeft, slopeRight) = (left.grad!, right.grad!);
            if (change == "moebius") Assert.True(slopeLeft.allclose(slopeRight, 1e-4, 1e-4));
        }
        Assert.True(flow.LogProb(along.expand(25, 2) + 2 * Math.PI).allclose(flow.LogProb(along.expand(25, 2)), 1e-9, 1e-9));
    }

    [Fact]
    public void A_density_on_a_cylinder_integrates_to_one()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(7);
        var flow = Random(Architectures.CirclesAndLines(1, 1, 2, [16]), 0.1);
        var (points, area) = Quadrature.Grid2D(-Math.PI, Math.PI, -9, 9, 1200);
        // Kinks of the splines: of second order in a cell of 0.015.
        Assert.Equal(1, points.split(100_000).Sum(part => flow.LogProb(part).exp().sum().ToDouble()) * area, 1e-3);
    }

    [Fact]
    public void The_cylinder_around_the_sphere_has_its_area()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(8);
        var map = new SphereToCylinder();
        var z = torch.rand([20, 2], torch.float64) * 1.9 - 0.95;
        // The root of the Gram determinant of dx/dz is the area on the sphere for each on the cylinder.
        var jacobian = Jacobians.Autograd(a => map.Inverse(a).X, z);
        var gram = jacobian.transpose(1, 2).matmul(jacobian);
        Assert.True(torch.linalg.det(gram).sqrt().allclose(torch.ones(20, torch.float64), 1e-10, 1e-10));
        Assert.Equal(double.NegativeInfinity, map.Forward(torch.ones(1, 3)).LogDet.ToDouble());
        // Uniform on the sphere: 1 / (4 pi).
        var flow = new Flow(map, new Product(new VonMises(0, 0, 1), new Uniform(-1, 1, 1)));
        Assert.Equal(-Math.Log(4 * Math.PI), flow.LogProb(torch.tensor(new[,] { { 0f, 0.6f, 0.8f } })).ToDouble(), 1e-5);
        Assert.True(flow.Sample(4000).mean([0L]).abs().max().ToDouble() < 4 / Math.Sqrt(3 * 4000));   // 4 standard errors
    }

    [Fact]
    public void A_circular_flow_finds_a_density_across_the_seam()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(9);
        var truth = new VonMises(4, 3, 1);
        var (train, test) = (truth.Sample(4000), truth.Sample(4000));
        var flow = Architectures.CirclesAndLines(1);   // one layer makes mixtures of wrapped Cauchy densities, of heavier tails
        Trainer.Fit(flow, train, options: new() { Steps = 400, LearningRate = 3e-2 });
        var (reached, best) = (Trainer.MeanLogProb(flow, test), Trainer.MeanLogProb(truth, test));
        Assert.InRange(reached, best - 0.02, best + 0.005);   // 75 parameters of 4000 draws cost some 0.01 nats
    }

    [Fact]
    public void A_product_adds_log_densities_and_misuse_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        var parts = new Distribution[] { new VonMises(2, 1, 2), new StudentT(3, 1) };
        var x = torch.randn(5, 3);
        Assert.True(new Product(parts).LogProb(x).allclose(parts[0].LogProb(x.narrow(1, 0, 2)) + parts[1].LogProb(x.narrow(1, 2,
            1))));
        Assert.Equal([4, 3], new Product(parts).Sample(4).shape);
        void Says(Action action, params string[] words)
        {
            var message = Assert.ThrowsAny<ArgumentException>(action).Message;
            foreach (var word in words) Assert.Contains(word, message);
        }
        Says(() => new Product(), "at least one");
        Says(() => new Product(new StandardNormal(2, 2)), "vectors", "[2, 2]");
        Says(() => Architectures.CirclesAndLines(0), "0 and 0");
        Says(() => Architectures.CirclesAndLines(1, contextSize: 2), "single column");
        Says(() => new PeriodicConditioner(3, [3], f => new Mlp(f, 2, [4])), "0 to 2", "(3)");
        Says(() => new PeriodicConditioner(3, [0, 1], _ => new Mlp(3, 2, [4])), "network 5", "takes 3");
        Says(() => new CircularSplineTransformer(1), "bins");
    }
}
