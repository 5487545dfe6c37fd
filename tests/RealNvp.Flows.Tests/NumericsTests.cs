using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class NumericsTests
{
    [Theory]
    [InlineData(OdeMethod.DormandPrince)]
    [InlineData(OdeMethod.RungeKutta4)]
    public void The_solver_follows_a_harmonic_oscillator_in_both_directions(OdeMethod method)
    {
        using var scope = NewDisposeScope();
        var options = new OdeOptions { Method = method, Steps = 400, RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 };
        var start = new[] { torch.tensor(new[] { 1.0 }), torch.tensor(new[] { 0.0 }) };
        Tensor[] F(double t, Tensor[] y) => [y[1], y[0].neg()];
        var (state, evaluations) = OdeSolver.Solve(F, start, 0, 2, options);
        Assert.Equal(Math.Cos(2), state[0].ToDouble(), 7);
        Assert.Equal(-Math.Sin(2), state[1].ToDouble(), 7);
        Assert.True(evaluations > 10);
        var (back, _) = OdeSolver.Solve(F, state, 2, 0, options);
        Assert.Equal(1, back[0].ToDouble(), 7);
    }

    [Fact]
    public void Runge_kutta_is_of_fourth_order_and_a_smaller_tolerance_gives_a_smaller_error()
    {
        using var scope = NewDisposeScope();
        double Error(OdeOptions options) =>
            Math.Abs(OdeSolver.Solve((t, y) => [y[0] * Math.Cos(t)], [torch.tensor(new[] { 1.0 })], 0, 3, options).State[0]
                .ToDouble() - Math.Exp(Math.Sin(3)));
        var ratio = Error(new() { Method = OdeMethod.RungeKutta4, Steps = 20 }) / Error(
            new() { Method = OdeMethod.RungeKutta4, Steps = 40 });
        Assert.InRange(ratio, 12, 20);   // 2^4 in the limit
        Assert.True(Error(new() { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 }) < Error(
        new() { RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-4 }) / 100);
        // infinite at t = 1
        Assert.Throws<ArithmeticException>(() => OdeSolver.Solve((t, y) => [y[0] * y[0]], [torch.tensor(new[] { 1.0 })], 0, 2));
    }

    [Theory]
    [InlineData(TraceMethod.Rademacher)]
    [InlineData(TraceMethod.Normal)]
    public void Hutchinsons_trace_is_right_in_the_mean(TraceMethod method)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var field = new MlpField(3, 8).to(torch.float64);
        using (torch.no_grad()) foreach (var p in field.parameters()) p.add_(torch.randn_like(p) * 0.4);
        var options = new OdeOptions { Method = OdeMethod.RungeKutta4, Steps = 8 };
        var x = torch.randn(1, 3, torch.float64);
        var exact = new ContinuousFlow(field, TraceMethod.Exact, options).Forward(x).LogDet.ToDouble();
        using var guard = torch.no_grad();
        // each event has noise of its own
        var estimates = new ContinuousFlow(field, method, options).Forward(x.expand(4000, 3)).LogDet;
        var error = Math.Abs(estimates.mean().ToDouble() - exact);
        var deviation = estimates.std().ToDouble() / Math.Sqrt(4000);
        Assert.True(error < 4 * deviation, $"{error:e2} with a standard error of {deviation:e2}");
        Assert.True(deviation > 0);
    }

    [Fact]
    public void A_residual_flow_contracts_and_its_series_agree_with_the_exact_log_determinant()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var exact = new ResidualFlow(3, [8]).to(torch.float64);
        using (torch.no_grad()) foreach (var p in exact.parameters()) p.add_(torch.randn_like(p));
        var (a, b) = (torch.randn(500, 3, torch.float64), torch.randn(500, 3, torch.float64));
        var ratio = ((exact.Residual(a) - exact.Residual(b)).norm(1) / (a - b).norm(1)).max().ToDouble();
        Assert.True(ratio <= exact.LipschitzBound, $"{ratio:f3} against {exact.LipschitzBound:f3}");
        var x = torch.randn(1, 3, torch.float64);
        var right = exact.Forward(x).LogDet.ToDouble();
        using var guard = torch.no_grad();
        foreach (var (method, terms) in new[] { (ResidualLogDet.PowerSeries, 60), (ResidualLogDet.RussianRoulette, 4) })
        {
            var estimator = new ResidualFlow(3, [8], method, terms: terms).to(torch.float64);
            estimator.load_state_dict(exact.state_dict());
            var estimates = Enumerable.Range(0, 60).Select(_ => estimator.Forward(x.expand(100, 3)).LogDet.mean().ToDouble())
                .ToArray();
            var mean = estimates.Average();
            var error = Math.Sqrt(estimates.Sum(e => (e - mean) * (e - mean)) / estimates.Length / (estimates.Length - 1));
            Assert.True(Math.Abs(mean - right) < 4 * error + 1e-6, $"{method}: {mean:f4} +- {error:f4} against {right:f4}");
        }
    }

    [Fact]
    public void Two_sample_distances_tell_samples_apart()
    {
        using var scope = NewDisposeScope();
        var (a, b, other) = (Toys.Moons(300), Toys.Moons(300, seed: 1), Toys.EightGaussians(300));
        Assert.True(TwoSample.EnergyDistance(a, other) > 10 * Math.Abs(TwoSample.EnergyDistance(a, b)));
        Assert.True(TwoSample.Mmd(a, other) > 5 * Math.Abs(TwoSample.Mmd(a, b)));
        Assert.Equal(0.01, TwoSample.EnergyTest(a, other, permutations: 99), 10);   // the least there is
        Assert.True(TwoSample.EnergyTest(a, b, permutations: 99) > 0.01);
        // By hand: 2 E|X - Y| - E|X - X'| - E|Y - Y'| of {0, 1} and {0, 3}.
        var byHand = 2 * (0 + 3 + 1 + 2) / 4.0 - 1 - 3;
        Assert.Equal(byHand, TwoSample.EnergyDistance(torch.tensor(new[,] { { 0.0 }, { 1.0 } }),
            torch.tensor(new[,] { { 0.0 }, { 3.0 } })), 12);
        Assert.Throws<ArgumentException>(() => TwoSample.Mmd(a, torch.zeros(5, 3)));
    }

    [Fact]
    public void The_generalised_inverse_is_the_least_point_that_reaches_a_level()
    {
        using var scope = NewDisposeScope();
        var cdf = new EmpiricalCdf(torch.tensor(new[] { 3.0, 1.0, 1.0, 7.0 }));
        Assert.Equal([0, 0.5, 0.5, 0.75, 1], new[] { 0.9, 1, 2.9, 3, 7 }.Select(cdf.Cdf));
        Assert.Equal([1, 1, 3, 3, 7, 7], new[] { 1e-9, 0.5, 0.51, 0.75, 0.76, 1 }.Select(cdf.Quantile));
        foreach (var n in new[] { 3, 7, 10, 49 })
        {
            var many = new EmpiricalCdf(torch.arange(0L, n, dtype: torch.float64));
            for (var k = 1; k <= n; k++) Assert.Equal(k - 1, many.Quantile((double)k / n));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => cdf.Quantile(0));
        Assert.Throws<ArgumentException>(() => new EmpiricalCdf(torch.zeros(0)));
    }

    public static TheoryData<string> Bases => ["uniform", "logistic", "beta", "student t", "diagonal gaussian"];

    [Theory, MemberData(nameof(Bases))]
    public void A_base_on_the_line_is_normalised_and_its_samples_follow_its_density(string name)
    {
        using var scope = NewDisposeScope();
        Distribution density = name switch
        {
            "uniform" => new Uniform(-1, 2, 1),
            "logistic" => new Logistic(1),
            "beta" => new Beta(5, 5, 1),
            "student t" => new StudentT(5, 1),
            _ => new DiagonalGaussian(1),
        };
        density = density.to(torch.float64);
        const int n = 60_000;
        var points = Quadrature.Midpoints(-60, 60, n);
        var mass = density.LogProb(points.unsqueeze(1)).exp().detach() * (120.0 / n);
        Assert.Equal(1, mass.sum().ToDouble(), 3);
        torch.manual_seed(8);
        var samples = density.Sample(5000).squeeze(1);
        Assert.Equal(torch.float64, samples.dtype);
        var cdf = mass.cumsum(0);
        var statistic = TwoSample.KolmogorovSmirnov(samples, x =>
            cdf.index_select(0, ((x + 60) * (n / 120.0)).floor().clamp(0, n - 1).to(torch.int64)));
        Assert.True(statistic < 1.95 / Math.Sqrt(5000), $"Kolmogorov-Smirnov {statistic:f4}");   // level 0.001
    }

    [Fact]
    public void A_kernel_estimate_comes_near_the_true_density()
    {
        using var scope = NewDisposeScope();
        var (train, test) = (Toys.EightGaussians(6000), Toys.EightGaussians(2000, seed: 1));
        var truth = RealNvp.Flows.Training.Trainer.MeanLogProb(Toys.EightGaussiansDensity(), test);
        var fine = RealNvp.Flows.Training.Trainer.MeanLogProb(new KernelDensity(train, 0.05), test);
        Assert.InRange(fine, truth - 0.1, truth);
        var kernels = new KernelDensity(train.narrow(0, 0, 200));
        Assert.Equal(1, Quadrature.Integrate2D(p => kernels.LogProb(p), -5, 5, 200), 3);
    }
}
