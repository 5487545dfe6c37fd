using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Velocities taught by regression, held against the one of a normal density, which has a closed form.</summary>
public sealed class FlowMatchingTests
{
    private const double Mean = 1.5, Deviation = 0.4;

    public static TheoryData<string> Paths => ["linear", "variance-preserving"];

    private static ProbabilityPath Path(string name) =>
        name == "linear" ? ProbabilityPath.Linear : ProbabilityPath.VariancePreserving;

    /// <summary>
    /// Of data N(m, s^2), z(t) is N(a m, a^2 s^2 + b^2): with that variance w, v = a' m + (a a' s^2 + b b') / w (z - a m).
    /// </summary>
    private sealed class NormalField(ProbabilityPath path) : VectorField(nameof(NormalField), 1)
    {
        public override Tensor Velocity(double t, Tensor z) => VelocityAt(torch.full_like(z, t), z, null);

        public override Tensor VelocityAt(Tensor t, Tensor z, Tensor? context)
        {
            var (a, b, aRate, bRate) = path.At(t);
            const double variance = Deviation * Deviation;
            return aRate * Mean + (a * aRate * variance + b * bRate) / (a * a * variance + b * b) * (z - a * Mean);
        }
    }

    private static Flow Exact(string path) => new Flow(new ContinuousFlow(new NormalField(Path(path)),
        options: new() { RelativeTolerance = 1e-8, AbsoluteTolerance = 1e-8 })).to(torch.float64);

    [Theory, MemberData(nameof(Paths))]
    public void A_paths_rates_are_its_derivatives_and_its_ends_are_data_and_noise(string path)
    {
        using var scope = NewDisposeScope();
        var t = torch.linspace(0, 1, 11, torch.float64).unsqueeze(1);
        foreach (var part in new[] { 0, 1 })
        {
            Tensor Value(Tensor at) => part == 0 ? Path(path).At(at).Data : Path(path).At(at).Noise;
            var rate = part == 0 ? Path(path).At(t).DataRate : Path(path).At(t).NoiseRate;
            Assert.True(Jacobians.Autograd(Value, t).flatten().allclose(rate.flatten(), 1e-12, 1e-12));
            Assert.Equal(1.0 - part, Value(t)[0, 0].ToDouble(), 1e-12);
            Assert.Equal(part, Value(t)[10, 0].ToDouble(), 1e-12);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void The_exact_velocity_of_a_normal_density_gives_its_log_density(string path)
    {
        using var scope = NewDisposeScope();
        var x = torch.linspace(0, 3, 13, torch.float64).unsqueeze(1);
        var expected = ((x - Mean) / Deviation).square() * -0.5 - Math.Log(Deviation * Math.Sqrt(2 * Math.PI));
        Assert.True(Exact(path).LogProb(x).allclose(expected.squeeze(1), 1e-6, 1e-6));
    }

    [Theory]
    [InlineData("linear", 0)]
    [InlineData("linear", 1)]
    [InlineData("linear", 4)]
    [InlineData("variance-preserving", 1)]
    public void The_stochastic_sampler_has_the_flows_marginals_however_much_noise_it_adds(string path, double noise)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        const int n = 20_000;
        var x = StochasticSampler.Sample(Exact(path), n, Path(path), noise, steps: 400);
        // Four standard errors, and 1/400 of a step's error, which falls with the steps.
        Assert.Equal(Mean, x.mean().ToDouble(), 4 * Deviation / Math.Sqrt(n) + 5e-3);
        Assert.Equal(Deviation, x.std().ToDouble(), 4 * Deviation / Math.Sqrt(2 * n) + 1e-2);
        var white = ((x - Mean) / Deviation).squeeze(1);
        Assert.Equal(0, white.pow(3).mean().ToDouble(), 4 * Math.Sqrt(15.0 / n) + 5e-2);
        Assert.Equal(3, white.pow(4).mean().ToDouble(), 4 * Math.Sqrt(96.0 / n) + 0.3);
    }

    [Theory]
    [InlineData("linear", NoisePairing.Independent)]
    [InlineData("variance-preserving", NoisePairing.Independent)]
    [InlineData("linear", NoisePairing.OptimalTransport)]
    public void A_taught_velocity_gives_the_data_s_log_density(string path, NoisePairing pairing)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var truth = new Flow(new Standardize(torch.tensor(new[] { 3f, -10 }), torch.tensor(new[] { 0.5f, 4 })));
        var (train, test) = (truth.Sample(4000), truth.Sample(2000));
        var flow = new Flow(new Chain(Standardize.Fit(train), new ContinuousFlow(new MlpField(2, 32))));
        var result = Trainer.FitVelocity(flow, train, truth.Sample(500),
            new() { Steps = 400, LearningRate = 1e-2, BatchSize = 128 }, new() { Path = Path(path), Pairing = pairing });
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        var (reached, best) = (Trainer.MeanLogProb(flow, test), Trainer.MeanLogProb(truth, test));
        Assert.InRange(reached, best - 0.03, best + 0.01);
        var white = truth.Bijection.Forward(flow.Sample(2000)).Z;
        Assert.True(white.mean([0L]).abs().max().ToDouble() < 0.15);   // standard error 0.02
    }

    [Fact]
    public void A_conditional_velocity_moves_with_its_context()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var context = torch.rand(4000, 1) * 4 - 2;
        var x = context + torch.randn(4000, 1) * 0.3;
        var flow = new Flow(new ContinuousFlow(new MlpField(1, [32], contextSize: 1)));
        Trainer.FitVelocity(flow, x, options: new() { Steps = 500, LearningRate = 1e-2 }, trainContext: context);
        foreach (var at in new[] { -1.5f, 1.5f })
        {
            var given = torch.full(2000, 1, at);
            Assert.Equal(at, flow.Sample(2000, given).mean().ToDouble(), 0.1);
            Assert.Equal(at, StochasticSampler.Sample(flow, 2000, context: given).mean().ToDouble(), 0.1);
            // The expectation of log N(x; c, 0.3^2) is -1/2 - log(0.3 sqrt(2 pi)).
            var test = torch.randn(2000, 1) * 0.3 + at;
            Assert.Equal(-0.5 - Math.Log(0.3 * Math.Sqrt(2 * Math.PI)), flow.LogProb(test, given).mean().ToDouble(), 0.1);
        }
    }

    [Fact]
    public void A_run_is_the_same_when_it_is_resumed()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = torch.randn(300, 2);
        Flow Made()
        {
            torch.manual_seed(6);
            return Architectures.Ffjord(2, [8]);
        }
        var options = new TrainingOptions { Steps = 20, BatchSize = 32, Schedule = Schedule.Constant };
        var (whole, parted, again) = (Made(), Made(), Made());
        Trainer.FitVelocity(whole, x, options: options);
        var saved = options with { Checkpoint = folder["c.safetensors"], Resume = true };
        Trainer.FitVelocity(parted, x, options: saved with { Steps = 10 });
        Trainer.FitVelocity(again, x, options: saved);
        foreach (var (a, b) in whole.parameters().Zip(again.parameters())) Assert.True(a.Equals(b));
    }

    [Fact]
    public void An_assignment_is_the_cheapest_of_all()
    {
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            const int n = 6;
            var cost = Enumerable.Range(0, n * n).Select(_ => random.NextDouble()).ToArray();
            double Sum(IEnumerable<long> columns) => columns.Select((c, i) => cost[i * n + (int)c]).Sum();
            var found = OptimalTransport.Assignment(cost, n);
            Assert.Equal(Enumerable.Range(0, n).Select(i => (long)i), found.Order());
            Assert.Equal(Orders(n).Min(Sum), Sum(found), 1e-12);
        }
    }

    private static IEnumerable<long[]> Orders(int n) => n == 0 ? [[]]
        : Orders(n - 1).SelectMany(rest => Enumerable.Range(0, n).Select(at => (long[])[.. rest[..at], n - 1, .. rest[at..]]));

    [Fact]
    public void On_the_line_the_cheapest_pairs_are_those_of_equal_rank()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(7);
        var (x, y) = (torch.randn(512, 1, torch.float64), torch.randn(512, 1, torch.float64));
        var paired = y.index_select(0, OptimalTransport.Pair(x, y, null));
        var order = x.squeeze(1).argsort();
        Assert.True(paired.index_select(0, order).squeeze(1).Equals(y.squeeze(1).sort(0).Values));
    }

    [Fact]
    public void The_entropic_plan_has_even_marginals_and_costs_little_more_than_the_cheapest_pairs()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(8);
        var (x, y) = (torch.randn(300, 2, torch.float64), torch.randn(300, 2, torch.float64) + 1);
        var cost = torch.cdist(x, y).square();
        var plan = OptimalTransport.EntropicPlan(cost);
        Assert.True((plan.sum(0L) * 300 - 1).abs().max().ToDouble() < 1e-9);   // the columns' turn is the last
        Assert.True((plan.sum(1L) * 300 - 1).abs().max().ToDouble() < 5e-3);
        var exact = OptimalTransport.Assignment(cost.contiguous().data<double>().ToArray(), 300)
            .Select((column, row) => cost[row, column].ToDouble()).Average();
        var blurred = (plan * cost).sum().ToDouble();
        Assert.InRange(blurred, exact * (1 - 1e-2), exact * 1.1);   // a blur of 0.02 mean costs, and what is off in the marginals
        var many = OptimalTransport.Pair(torch.randn(600, 2), torch.randn(600, 2), null);
        Assert.Equal([600], many.shape);
        Assert.True(many.unique().output.numel() > 200);
    }

    [Fact]
    public void Wrong_use_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        void Says(Action action, params string[] parts)
        {
            var message = Assert.ThrowsAny<ArgumentException>(action).Message;
            foreach (var part in parts) Assert.Contains(part, message);
        }
        var (flow, x) = (Architectures.Ffjord(2, [4]), torch.randn(20, 2));
        Says(() => Trainer.FitVelocity(Architectures.RealNvp2D(2, [4]), x), "ContinuousFlow", "Coupling");
        Says(() => Trainer.FitVelocity(new Flow(new Chain(new Scaling(2), flow.Bijection)), x), "Scaling", "parameters");
        Says(() => Trainer.FitVelocity(new Flow(flow.Bijection, new DiagonalGaussian(2)), x), "DiagonalGaussian", "base");
        Says(() => Trainer.FitVelocity(flow, torch.randn(20, 3)), "[N, 2]", "[20, 3]");
        Says(() => Trainer.FitVelocity(flow, torch.full([3, 2], float.NaN)), "NaN", "row 0, column 0");
        var conditional = Architectures.Ffjord(2, [4], contextSize: 1);
        Says(() => Trainer.FitVelocity(conditional, x, matching: new() { Pairing = NoisePairing.OptimalTransport },
            trainContext: torch.ones(20, 1)), "Independent", "context");
        Says(() => StochasticSampler.Sample(new Flow(flow.Bijection, new StudentT(3, 2)), 4), "StudentT", "standard normal");
        Says(() => StochasticSampler.Sample(flow, 4, noise: -1), "noise", "not negative");
        Says(() => StochasticSampler.Sample(conditional, 4), "[N, 1]");
        var own = new Flow(new ContinuousFlow(new Turn()));
        Assert.Contains("VelocityAt", Assert.Throws<NotSupportedException>(() => Trainer.FitVelocity(own, x)).Message);
    }

    private sealed class Turn : VectorField
    {
        private readonly TorchSharp.Modules.Parameter speed = new(torch.ones(1));

        public Turn() : base(nameof(Turn), 2) => RegisterComponents();

        public override Tensor Velocity(double t, Tensor z) => z.flip(1) * speed;
    }
}
