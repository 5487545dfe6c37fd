using System.Diagnostics;
using System.Runtime.InteropServices;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class ContinuousFlowTests(ITestOutputHelper output)
{
    private static readonly OdeOptions Tight = new() { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-10 };

    private static ContinuousFlow Make(OdeGradient gradient, TraceMethod trace = TraceMethod.Exact, OdeOptions? options = null,
        int width = 8, ScalarType dtype = ScalarType.Float64)
    {
        torch.manual_seed(2);
        var flow = new ContinuousFlow(new MlpField(3, [width, width], contextSize: 2), trace, options ?? Tight, gradient);
        using var guard = torch.no_grad();
        foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.3);
        return flow.to(dtype);
    }

    [Theory]
    [InlineData(TraceMethod.Exact)]
    [InlineData(TraceMethod.Rademacher)]
    public void Adjoint_gradients_are_those_through_the_steps(TraceMethod trace)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> Gradients(OdeGradient gradient)
        {
            var flow = Make(gradient, trace);
            torch.manual_seed(3);   // the same random directions
            var x = torch.randn(6, 3, torch.float64).requires_grad_();
            var context = torch.randn(6, 2, torch.float64).requires_grad_();
            var (z, logDet, kinetic, norm) = flow.Transport(x, context);
            ((z * z).sum() - logDet.sum() * 2 + (kinetic * context.select(1, 0)).sum() + norm.sum() * 0.5).backward();
            Dictionary<string, Tensor> found = new() { ["x"] = x.grad!, ["context"] = context.grad! };
            foreach (var (name, p) in flow.named_parameters()) found[name] = p.grad!;
            return found;
        }
        var (direct, adjoint) = (Gradients(OdeGradient.Direct), Gradients(OdeGradient.Adjoint));
        foreach (var (name, expected) in direct)
        {
            // Both err by about the tolerance of a step times the number of steps and the growth along the way.
            var error = (expected - adjoint[name]).abs().max().ToDouble() / (1 + expected.abs().max().ToDouble());
            Assert.True(error < 1e-7, $"{name} differs by {error:e2}");
        }
    }

    [Fact]
    public void Memory_held_for_the_backward_pass_grows_with_the_steps_only_where_gradients_run_through_them()
    {
        // 512 events through two layers of 64 with their traces hold some MiB a step; libc's own reserve stays below the limit.
        var few = Held(OdeGradient.Adjoint, 5);
        var many = Held(OdeGradient.Adjoint, 60);
        var direct = Held(OdeGradient.Direct, 60);
        output.WriteLine($"adjoint: {few:f0} MiB at 5 steps, {many:f0} MiB at 60; direct: {direct:f0} MiB at 60");
        Assert.InRange(many, double.NegativeInfinity, Math.Max(few, 0) + 30);
        Assert.True(direct > 120, $"{direct:f0} MiB");
    }

    /// <summary>
    /// MiB by which the process has grown when the loss is computed and its gradient is not yet, and while it is.
    /// </summary>
    private static double Held(OdeGradient gradient, int steps)
    {
        using var scope = NewDisposeScope();
        var flow = Make(gradient, TraceMethod.Exact, new() { Method = OdeMethod.RungeKutta4, Steps = steps }, width: 64,
            torch.float32);
        var x = torch.randn(512, 3);
        var context = torch.randn(512, 2);
        var before = Resident();
        var (z, logDet) = flow.Forward(x, context);
        var held = Resident();
        ((z * z).sum() - logDet.sum()).backward();
        if (gradient == OdeGradient.Adjoint) held = Math.Max(held, Resident());
        return (held - before) / 1048576.0;
    }

    /// <summary>
    /// The C library's: gives back to the system what is free, which other tests may have left and this one would take before it
    /// grew.
    /// </summary>
    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int GiveBackFreeMemory(nint keep);

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GiveBackFreeMemory(0);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Fact]
    public void Costs_are_the_integrals_that_they_say_and_evaluations_are_counted()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        // v = A z with z(t) = exp(A t) x: |A|_F^2 at every time, and |v|^2 by a fine sum.
        var field = new MlpField(2).to(torch.float64);
        var a = torch.tensor(new[,] { { 0.3, -1.0 }, { 0.7, 0.1 } });
        using (torch.no_grad())
        {
            foreach (var p in field.parameters()) p.zero_();
            field.parameters().First().narrow(0, 0, 2).copy_(a.t());   // [in, out]; the row of time stays 0
        }
        var x = torch.randn(5, 2, torch.float64);
        var flow = new ContinuousFlow(field, options: Tight);
        var (_, logDet, kinetic, norm) = flow.Transport(x);
        Assert.True(norm.allclose(a.square().sum().expand(5), 1e-8, 1e-8));
        Assert.True(logDet.allclose(a.trace().expand(5), 1e-8, 1e-8));
        const int n = 2000;
        var sum = torch.zeros(5, torch.float64);
        for (var k = 0; k < n; k++) sum = sum + x.mm(torch.matrix_exp(a * ((k + 0.5) / n)).t()).mm(a.t()).square().sum(1L) / n;
        Assert.True(kinetic.allclose(sum, 1e-6, 1e-6));
        // Random directions give the same norm on average: the mean of many events at one place.
        var many = new ContinuousFlow(field, TraceMethod.Rademacher).Transport(x.narrow(0, 0, 1).expand(20_000, 2)).JacobianNorm;
        Assert.Equal(a.square().sum().ToDouble(), many.mean().ToDouble(), 4 * many.std().ToDouble() / Math.Sqrt(20_000));

        var steps = new ContinuousFlow(field, options: new() { Method = OdeMethod.RungeKutta4, Steps = 10 },
            gradient: OdeGradient.Adjoint);
        steps.Forward(x).Z.sum().backward();
        Assert.Equal(40, steps.Evaluations);
        Assert.Equal(40, steps.AdjointEvaluations);
    }

    [Fact]
    public void Regularisation_makes_the_way_straighter_at_little_cost_in_likelihood()
    {
        using var scope = NewDisposeScope();
        var train = Toys.Moons(1000);
        (double Likelihood, double Kinetic) Fit(double weight)
        {
            torch.manual_seed(5);
            var flow = new ContinuousFlow(new MlpField(2, 16, 16), options: new() { Method = OdeMethod.RungeKutta4, Steps = 4 });
            var normal = new StandardNormal(2);
            Trainer.Minimize(flow, _ => flow.RegularizedLoss(z => normal.LogProb(z), train, weight, weight),
                new() { Steps = 60, LearningRate = 2e-2 });
            using var guard = torch.no_grad();
            var (z, logDet, kinetic, _) = flow.Transport(train);
            return ((normal.LogProb(z) + logDet).mean().ToDouble(), kinetic.mean().ToDouble());
        }
        var (free, held) = (Fit(0), Fit(0.05));
        output.WriteLine($"free {free}, regularised {held}");
        Assert.True(held.Kinetic < 0.9 * free.Kinetic);
        Assert.True(held.Likelihood > free.Likelihood - 0.3);
    }
}
