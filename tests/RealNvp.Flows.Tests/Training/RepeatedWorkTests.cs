using RealNvp.Flows.Data;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests.Training;

/// <summary>
/// A captured step, with a stand-in for CUDA's graphs that behaves as they do: capture runs nothing, a replay does all of it. What only a GPU can show is in
/// <see cref="CudaTrainingTests"/>.
/// </summary>
public sealed class RepeatedWorkTests
{
    [Fact]
    public void Work_is_done_plainly_where_nothing_captures_it()
    {
        var times = 0;
        using var work = new RepeatedWork(() => times++, null);
        for (var k = 0; k < 10; k++) work.Run();
        Assert.Equal((10, 0L), (times, work.Replays));
        Assert.Null(work.Refusal);
    }

    [Fact]
    public void Work_is_warmed_up_captured_once_replayed_and_released()
    {
        var (times, captures, releases) = (0, 0, 0);
        using (var work = new RepeatedWork(() => times++, recorded =>
        {
            Assert.Equal(3, times);
            captures++;
            return (recorded, () => releases++);
        }))
        {
            for (var k = 1; k <= 10; k++)
            {
                work.Run();
                Assert.Equal(k, times);   // each step is done once, the one at which the capture came too
            }
            Assert.Equal((1, 7L, 0), (captures, work.Replays, releases));
        }
        Assert.Equal(1, releases);
    }

    [Fact]
    public void A_refused_capture_is_told_and_the_work_goes_on_plainly()
    {
        var (times, attempts) = (0, 0);
        using var work = new RepeatedWork(() => times++, _ =>
        {
            attempts++;
            throw new InvalidOperationException("operation not permitted when stream is capturing");
        });
        for (var k = 0; k < 10; k++) work.Run();
        Assert.Equal((10, 1, 0L), (times, attempts, work.Replays));
        Assert.Contains("not permitted", work.Refusal);
    }

    [Fact]
    public void A_run_whose_steps_are_replayed_ends_in_the_same_parameters_on_batches_that_lie_in_one_place()
    {
        using var scope = NewDisposeScope();
        var data = Toys.Moons(256);
        var places = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        (RealNvp.Flows.Distributions.Flow Flow, TrainingResult Result) Run(Capturing? capturing)
        {
            torch.manual_seed(3);
            var flow = Ready.RealNvp2D(4, [16]);
            using var parameters = new FlatParameters(flow);
            var options = new TrainingOptions { Steps = 30, BatchSize = 64, LogEvery = 7, ClipGradient = 1, WeightDecay = 1e-3, EmaDecay = 0.9, DataNoise = 0.01 };
            using var batches = new Batches(data, null, options, inPlace: true);
            return (flow, new TrainingLoop(flow, parameters, options)
            {
                Draw = batches.Draw,
                Loss = _ =>
                {
                    places.Add(batches.Current.X);
                    return flow.LogProb(batches.Current.X).mean().neg();
                },
                Capturing = capturing,
                ReadsLate = true,
            }.Run());
        }

        var (plain, eager) = Run(null);
        Assert.Single(places);
        places.Clear();
        var (replayed, captured) = Run(work => (work, () => { }));
        Assert.Single(places);
        Assert.Equal((0L, 27L), (eager.ReplayedSteps, captured.ReplayedSteps));
        Assert.Equal(eager.Log.Entries, captured.Log.Entries);
        foreach (var ((name, p), (_, q)) in plain.named_parameters().Zip(replayed.named_parameters())) Assert.True(p.Equals(q), $"{name} differs");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(1e-3, 0)]
    public void An_update_is_adams_also_at_a_rate_or_a_gradient_of_zero(double rate, double gradient)
    {
        using var scope = NewDisposeScope();
        using var guard = torch.no_grad();
        var model = nn.Linear(2, 1, hasBias: false);
        model.weight!.fill_(0.5);
        using var parameters = new FlatParameters(model);
        using var adam = new FlatAdam(parameters, 0);
        parameters.Gradients.fill_(gradient);
        adam.Prepare(rate);
        adam.Step();
        // The first update moves each parameter by the rate, against its gradient's sign.
        var expected = 0.5 - (gradient == 0 ? 0 : rate * gradient / (gradient + 1e-8));
        Assert.All(parameters.Values.data<float>().ToArray(), v => Assert.Equal(expected, v, 1e-7));
    }
}
