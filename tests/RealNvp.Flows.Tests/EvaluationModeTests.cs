using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// A model in evaluation mode, as a server or a plot uses it: from several threads, with and without gradients, thousands of
/// times.
/// </summary>
public sealed class EvaluationModeTests
{
    public static TheoryData<string> Models => SummaryTests.Names;

    private static (Flow Flow, Tensor[] Events, Tensor? Context) Make(string name)
    {
        torch.manual_seed(1);
        var flow = SummaryTests.Models[name]();
        flow.eval();
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.05);
        var events = Enumerable.Range(0, 2).Select(_ => SummaryTests.Events(name, flow, 4)).ToArray();
        return (flow, events, flow.ContextSize is { } size ? torch.rand(4, size) : null);
    }

    [Theory, MemberData(nameof(Models))]
    public void Two_threads_get_what_one_gets(string name)
    {
        using var scope = NewDisposeScope();
        var (flow, events, context) = Make(name);
        Tensor[] alone;
        // as the threads do: where gradients are wanted, torch takes other formulas for some derivatives
        using (torch.no_grad()) alone = [.. events.Select(x => flow.LogProb(x, context))];
        var (differences, errors) = (new double[2], new Exception?[2]);
        var threads = events.Select((x, k) => new Thread(() => errors[k] = Record.Exception(() =>
        {
            for (var repeat = 0; repeat < 10; repeat++)
            {
                using var inner = NewDisposeScope();
                using var guard = torch.no_grad();
                differences[k] = Math.Max(differences[k], (flow.LogProb(x, context) - alone[k]).abs().max().ToDouble());
                flow.Sample(4, context);
            }
        }))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal([null, null], errors);
        Assert.Equal([0, 0], differences);
    }

    [Theory, MemberData(nameof(Models))]
    public void Gradients_are_carried_where_they_are_wanted_only(string name)
    {
        using var scope = NewDisposeScope();
        var (flow, events, context) = Make(name);
        Assert.True(flow.LogProb(events[0], context).requires_grad);
        Assert.False(flow.Sample(4, context).requires_grad);
        var (x, log) = flow.SampleWithLogProb(4, context);
        Assert.True(x.requires_grad && log.requires_grad);
        using var guard = torch.no_grad();
        Assert.False(flow.LogProb(events[0], context).requires_grad);
        var (plain, plainLog) = flow.SampleWithLogProb(4, context);
        Assert.False(plain.requires_grad || plainLog.requires_grad);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_scope_holds_the_results_of_its_calls_and_nothing_else(string name)
    {
        using var scope = NewDisposeScope();
        var (flow, events, context) = Make(name);
        using var inner = NewDisposeScope();
        for (var k = 0; k < 5; k++)
        {
            flow.LogProb(events[0], context);
            flow.Sample(4, context);
            flow.SampleWithLogProb(4, context);
        }
        Assert.Equal(5 * 4, inner.DisposablesCount);
    }

    [Theory, MemberData(nameof(Models))]
    public void Measuring_and_sampling_leave_a_model_in_training_as_it_was(string name)
    {
        using var scope = NewDisposeScope();
        var (flow, events, context) = Make(name);
        flow.train();
        var x = torch.cat(events, 0);
        if (context is not null) context = torch.cat([context, context], 0);
        var before = flow.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        LogLikelihood.Of(flow, x, context);
        Trainer.MeanLogProb(flow, x, context);
        InverseError.Of(flow.Bijection, x, context.For(flow.Bijection.ContextSize));
        flow.Sample(8, context);
        Latents.SampleAt(flow, 8, 0.7, context: context);
        if (flow.Base is StandardNormal) Calibration.Pit(flow, x, context);
        if (context is null) Calibration.HighestDensityLevel(flow, x, samples: 16);
        Assert.All(flow.state_dict(), p => Assert.True(p.Value.Equals(before[p.Key]), p.Key));
        Assert.All(flow.modules(), module => Assert.True(module.training));
    }
}
