using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class SimulationsTests
{
    private static readonly Uniform Prior = new(-1, 1, 2);

    private static Tensor First(Tensor theta) => theta.select(1, 0);

    [Fact]
    public void A_simulator_that_throws_costs_the_draws_that_it_throws_at_and_no_others()
    {
        using var scope = NewDisposeScope();
        var failed = 0;
        var pairs = Simulations.Draw(Prior, theta =>
        {
            if (!First(theta).gt(0.9).any().ToBoolean()) return theta * 2;
            failed += theta.size(0) == 1 ? 1 : 0;
            throw new InvalidOperationException("the solver gave up");
        }, 500, new Generator(1), new() { BatchSize = 64 });
        Assert.InRange(pairs.Threw, 5, 60);   // a twentieth of 500, within five deviations
        Assert.Equal((failed, failed, 0, 500), (pairs.Threw, pairs.Failed, pairs.NotFinite, pairs.Asked));
        Assert.True(First(pairs.Theta).le(0.9).all().ToBoolean() && First(pairs.FailedTheta).gt(0.9).all().ToBoolean());
        Assert.True(pairs.X.Equals(pairs.Theta * 2));
        Assert.Equal("the solver gave up", pairs.FirstFailure?.Message);
        Assert.Contains($"{failed} threw", pairs.ToString());
    }

    [Fact]
    public void Rows_with_a_value_that_is_not_finite_are_left_out_and_counted()
    {
        using var scope = NewDisposeScope();
        var pairs = Simulations.Draw(Prior, theta => stack([First(theta).log(), 1 / theta.select(1, 1).relu()], 1), 2000,
            generator: new Generator(2));
        // log fails below 0 (NaN), the quotient too (infinite): a quarter is left, within five deviations.
        Assert.InRange(pairs.Count, 400, 600);
        Assert.Equal((2000 - pairs.Count, 0), (pairs.NotFinite, pairs.Threw));
        Assert.True(pairs.Theta.gt(0).all().ToBoolean() && pairs.X.isfinite().all().ToBoolean());
        var again = Simulations.Of(pairs.Theta, where(First(pairs.Theta).gt(0.5), First(pairs.Theta) / 0, First(pairs.Theta)));
        Assert.Equal(pairs.Count, again.Asked);
        Assert.True(again.Theta.select(1, 0).le(0.5).all().ToBoolean() && again.X.shape is [_, 1]);
        Assert.Equal(2 * again.Count, again.And(again).Count);
    }

    [Fact]
    public void A_simulator_that_writes_into_what_it_gets_does_not_change_the_parameters()
    {
        using var scope = NewDisposeScope();
        var pairs = Simulations.Draw(Prior, theta => theta.mul_(0).add_(7), 100);
        Assert.True(pairs.X.eq(7).all().ToBoolean() && pairs.Theta.abs().le(1).all().ToBoolean());
    }

    [Fact]
    public void Draws_from_a_posterior_are_predictive_draws()
    {
        // theta from N(0, 1), x from N(theta, 1): given x, theta is N(x / 2, 1 / 2) and another x is N(x / 2, 3 / 2).
        using var scope = NewDisposeScope();
        manual_seed(3);
        var posterior = new Gaussian(full(1, 0.7f), full(1, 1, 0.5f));
        var predicted = Simulations.Draw(posterior, theta => theta + randn_like(theta), 20_000).X;
        Assert.Equal(0.7, predicted.mean().ToDouble(), 5 * Math.Sqrt(1.5 / 20_000));
        Assert.Equal(1.5, predicted.var().ToDouble(), 5 * 1.5 * Math.Sqrt(2.0 / 20_000));
    }

    [Fact]
    public void Where_all_fail_the_first_failure_is_told()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Simulations.Draw(Prior,
            _ => throw new FormatException("no input file"), 20));
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains("All 20 draws failed", error.Message);
        Assert.Contains("NaN", Assert.Throws<InvalidOperationException>(() =>
            Simulations.Draw(Prior, theta => theta * double.NaN, 20)).Message);
    }

    [Fact]
    public void A_request_to_stop_ends_the_run_and_is_no_failure()
    {
        using var stop = new CancellationTokenSource();
        var batches = 0;
        Assert.Throws<OperationCanceledException>(() => Simulations.Draw(Prior, theta => theta, 100,
            options: new()
            {
                BatchSize = 10,
                Progress = done => { if (++batches == 2) stop.Cancel(); },
                Cancellation = stop.Token
            }));
        Assert.Equal(2, batches);
        Assert.Throws<OperationCanceledException>(() => Simulations.Draw(Prior,
            _ => throw new OperationCanceledException(), 100));
    }

    [Fact]
    public void Wrong_shapes_and_priors_are_named()
    {
        string Refused(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("[8, ...]", Refused(() => Simulations.Draw(Prior, theta => theta.t(), 8)));
        Assert.Contains("[]", Refused(() => Simulations.Draw(Prior, theta => theta.sum(), 8)));
        var calls = 0;
        Assert.Contains("one shape", Refused(() => Simulations.Draw(Prior, theta => zeros(theta.size(0), ++calls), 8, null,
            new() { BatchSize = 4 })));
        Assert.Contains("[1, 8, 8]", Refused(() => Simulations.Draw(new StandardNormal(1, 8, 8), theta => theta, 8)));
        Assert.Contains("context", Refused(() => Simulations.Draw(Architectures.RealNvp(2, 2, [4], contextSize: 1),
            theta => theta, 8)));
        Assert.Contains("count", Refused(() => Simulations.Draw(Prior, theta => theta, 0)));
        Assert.Contains("BatchSize", Refused(() => Simulations.Draw(Prior, theta => theta, 8, null, new() { BatchSize = 0 })));
        Assert.Contains("[3, 1]", Refused(() => Simulations.Of(zeros(4, 2), zeros(3, 1))));
        Assert.Contains("row 1, column 0", Refused(() => Simulations.Of(tensor(new[,] { { 0f }, { float.NaN } }), zeros(2, 1))));
        var one = Simulations.Of(zeros(4, 2), zeros(4, 1));
        Assert.Contains("[4, 3]", Refused(() => one.And(Simulations.Of(zeros(4, 2), zeros(4, 3)))));
    }
}
