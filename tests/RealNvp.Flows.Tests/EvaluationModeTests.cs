using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>A model in evaluation mode, as a server or a plot uses it: from several threads, with and without gradients, thousands of times.</summary>
public sealed class EvaluationModeTests
{
    public static TheoryData<string> Models => SummaryTests.Names;

    private static (Flow Flow, Tensor[] Events, Tensor? Context) Make(string name)
    {
        torch.manual_seed(1);
        var flow = SummaryTests.Models[name]();
        flow.eval();
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.05);
        var events = Enumerable.Range(0, 2).Select(_ => torch.rand([4, .. flow.EventShape])).ToArray();
        return (flow, events, flow.ContextSize is { } size ? torch.rand(4, size) : null);
    }

    [Theory, MemberData(nameof(Models))]
    public void Two_threads_get_what_one_gets(string name)
    {
        using var scope = NewDisposeScope();
        var (flow, events, context) = Make(name);
        var alone = events.Select(x => flow.LogProb(x, context)).ToArray();
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
}
