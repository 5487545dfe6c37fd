using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Batches of no event and of one, values that are no numbers or infinite, over every row of the table and every ready-made
/// model.
/// </summary>
public sealed class BijectionEdgeTests
{
    public static TheoryData<string> Rows => [.. BijectionTable.Rows.Select(r => r.Name)];

    public static TheoryData<string> Models => [.. SummaryTests.Models.Keys];

    [Theory, MemberData(nameof(Rows))]
    public void A_batch_may_be_empty_or_of_one_event(string name)
    {
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var f = row.Build();
        var (x, context) = (row.Events(3), row.ContextFor(3));
        var (z, logDet) = f.Forward(x, context);
        var (first, firstLogDet) = f.Forward(x.narrow(0, 0, 1), context?.narrow(0, 0, 1));
        // Sums over another number of events may be taken in another order, and solvers may take other steps.
        var tolerance = Math.Max(row.Tolerance, 1e-10);
        Assert.True(first.allclose(z.narrow(0, 0, 1), tolerance, tolerance));
        Assert.True(firstLogDet.allclose(logDet.narrow(0, 0, 1), tolerance, tolerance));
        var (none, noLogDet) = f.Forward(x.narrow(0, 0, 0), context?.narrow(0, 0, 0));
        Assert.Equal([0, .. z.shape[1..]], none.shape);
        Assert.Equal([0], noLogDet.shape);
        var (back, backLogDet) = f.Inverse(none, context?.narrow(0, 0, 0));
        Assert.Equal([0, .. x.shape[1..]], back.shape);
        Assert.Equal([0], backLogDet.shape);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_ready_made_model_takes_and_gives_no_events_and_learns_nothing_from_them(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var flow = SummaryTests.Models[name]();
        Tensor? Context(long n) => flow.ContextSize is { } size ? torch.rand(n, size) : null;
        long[] events = [0, .. flow.EventShape];
        flow.train();
        Assert.Equal([0], flow.LogProb(torch.zeros(events), Context(0)).shape);
        flow.eval();
        Assert.Equal(events, flow.Sample(0, Context(0)).shape);
        var (x, log) = flow.SampleWithLogProb(0, Context(0));
        Assert.Equal(events, x.shape);
        Assert.Equal([0], log.shape);
        Assert.True(flow.LogProb(SummaryTests.Events(name, flow, 2), Context(2)).isfinite().all().ToBoolean());
    }

    [Theory, MemberData(nameof(Rows))]
    public void Not_a_number_comes_out_of_the_event_that_it_goes_into_and_of_no_other(string name)
    {
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var f = row.Build();
        var tolerance = Math.Max(row.Tolerance, 1e-10);
        foreach (var forward in new[] { true, false })
        {
            var (x, context) = (forward ? row.Events(3) : row.Latents(f, 3), row.ContextFor(3));
            (Tensor, Tensor) Map(Tensor at) => forward ? f.Forward(at, context) : f.Inverse(at, context);
            var (z, logDet) = Map(x);
            var spoiled = x.clone().view(3, -1);
            spoiled[1, 0] = double.NaN;
            var (other, otherLogDet) = Map(spoiled.view(x.shape));
            Assert.True(other.select(0, 1).isnan().any().ToBoolean());
            foreach (var k in new[] { 0, 2 })
            {
                Assert.True(other.select(0, k).allclose(z.select(0, k), tolerance, tolerance));
                Assert.True(otherLogDet.select(0, k).allclose(logDet.select(0, k), tolerance, tolerance));
            }
        }
    }

    [Theory]
    [InlineData("monotone sum")]
    [InlineData("elementwise B-spline")]
    [InlineData("elementwise Bernstein polynomial")]
    [InlineData("elementwise mixture of logistics")]
    [InlineData("elementwise mixture of normals")]
    public void The_root_of_an_infinite_value_is_infinite_and_leaves_other_gradients_finite(string name)
    {
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var f = row.Build();
        var z = torch.tensor(new[,] { { double.PositiveInfinity, 0.3, -1, 0 }, { 0.2, double.NegativeInfinity, 2, 1 } })
            .slice(1, 0, row.Shape.Aggregate((a, b) => a * b), 1)
            .contiguous().requires_grad_();
        var x = f.Inverse(z.view([2, .. row.Shape])).X.flatten(1);
        Assert.Equal(double.PositiveInfinity, x[0, 0].ToDouble());
        Assert.Equal(double.NegativeInfinity, x[1, 1].ToDouble());
        var finite = x.masked_select(x.isfinite());
        Assert.Equal(x.numel() - 2, finite.numel());
        finite.sum().backward();
        Assert.True(z.grad!.isfinite().all().ToBoolean());
        Assert.All(f.parameters(), p => Assert.True(p.grad is null || p.grad.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void A_channel_that_does_not_vary_in_actnorms_first_batch_keeps_its_scale_and_an_empty_batch_is_not_the_first()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var norm = new ActNorm(2);
        norm.train();
        norm.Forward(torch.zeros(0, 2));
        var x = torch.cat([torch.randn(50, 1) * 3 + 1, torch.full([50, 1], 7f)], 1);
        var (z, logDet) = norm.Forward(x);
        var deviation = x.select(1, 0).std(unbiased: false).ToDouble();
        Assert.Equal(1, z.select(1, 0).std(unbiased: false).ToDouble(), 1e-5);
        Assert.True(z.select(1, 1).abs().max().ToDouble() < 1e-5);
        Assert.Equal(-Math.Log(deviation), logDet[0].ToDouble(), 1e-5);
        var single = new ActNorm(3);
        single.train();
        Assert.Equal(0, single.Forward(torch.randn(1, 3)).LogDet[0].ToDouble(), 1e-6);
    }

    [Fact]
    public void Batch_norm_learns_nothing_from_an_empty_batch()
    {
        using var scope = NewDisposeScope();
        var norm = new BatchNorm([2]);
        norm.train();
        norm.Forward(torch.randn(20, 2) + 3);
        var before = norm.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        Assert.Equal([0, 2], norm.Forward(torch.zeros(0, 2)).Z.shape);
        foreach (var (key, value) in norm.state_dict()) Assert.True(value.allclose(before[key], 0, 0));
    }

    [Theory]
    [InlineData(OdeGradient.Direct)]
    [InlineData(OdeGradient.Adjoint)]
    public void A_continuous_flow_works_in_inference_mode(OdeGradient gradient)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(6);
        var flow = Architectures.Ffjord(2, [8], gradient: gradient, contextSize: 1);
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.3);
        var (x, context) = (torch.randn(5, 2), torch.randn(5, 1));
        var expected = flow.LogProb(x, context);
        Assert.True(expected.requires_grad);
        using var mode = torch.inference_mode();
        Assert.True(flow.LogProb(x, context).allclose(expected, 1e-5, 1e-5));
        Assert.True(flow.LogProb(x.clone(), context.clone()).allclose(expected, 1e-5, 1e-5));
        Assert.Equal([3, 2], flow.Sample(3, context.narrow(0, 0, 3)).shape);
    }

    [Theory]
    [InlineData(ResidualLogDet.Exact)]
    [InlineData(ResidualLogDet.PowerSeries)]
    public void A_residual_flow_works_in_inference_mode(ResidualLogDet method)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(7);
        var flow = Architectures.Residual(3, 2, [8], method).to(torch.float64);
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.3);
        flow.eval();
        var x = torch.randn(5, 3, torch.float64);
        Tensor Seeded()   // the series draws its signs
        {
            torch.manual_seed(8);
            return flow.LogProb(x);
        }
        var expected = Seeded();
        Assert.True(expected.requires_grad);
        using var mode = torch.inference_mode();
        Assert.True(Seeded().allclose(expected, 1e-12, 1e-12));
        Assert.Equal([3, 3], flow.Sample(3).shape);
        var (z, _) = flow.Bijection.Forward(x.clone());
        Assert.True(flow.Bijection.Inverse(z).X.allclose(x, 1e-9, 1e-9));
    }

    public static TheoryData<string> Vectors =>
        ["RealNvp", "RealNvp2D", "FineRealNvp2D", "Nice", "NeuralSpline", "Gaussianization", "Tabular", "Maf", "Iaf", "Naf",
        "Planar", "Radial", "Sylvester", "Residual", "Ffjord", "b-spline"];

    [Theory, MemberData(nameof(Vectors))]
    public void The_log_density_far_from_the_data_is_finite_in_single_precision(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = name == "b-spline" ? SplineFlow() : SummaryTests.Models[name]();
        flow.eval();
        using var guard = torch.no_grad();
        foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.1);
        var far = torch.randn([64, .. flow.EventShape]).sign() * 1e4;
        Assert.True(flow.LogProb(far).isfinite().all().ToBoolean());
    }

    private static Flow SplineFlow() => new(new Chain([.. Enumerable.Range(0, 4).Select(k => new Coupling(
        k % 2 == 0 ? Partition.Halves(4) : Partition.Halves(4).Swap(), new BSplineTransformer(), (i, o) =>
            new Mlp(i, o, [64, 64])))]));
}
