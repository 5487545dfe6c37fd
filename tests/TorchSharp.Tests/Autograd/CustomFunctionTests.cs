using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public class CustomFunctionTests
{
    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => "Cube";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("factor", vars[1]);
            return x.pow(3) * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * 3 * x * x * (double)ctx.get_data("factor"), null!];
        }
    }

    private sealed class SinCos : autograd.MultiTensorFunction<SinCos>
    {
        public override string Name => "SinCos";

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            List<Tensor> outputs = [x.sin(), x.cos()];
            ctx.save_for_backward(outputs);
            return outputs;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] * saved[1] - grad_outputs[1] * saved[0]];
        }
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => "Failing";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) =>
            (bool)vars[1] ? throw new InvalidTimeZoneException("from forward") : ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidTimeZoneException("from backward");
    }

    [Fact]
    public void ForwardAndBackwardAreCalled()
    {
        var x = tensor(new[] { 1.0, 2.0 }, requires_grad: true);
        var y = Cube.apply(x, 2.0);
        Assert.Equal([2, 16], y.data<double>().ToArray());
        y.sum().backward();
        Assert.Equal([6, 24], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void ABackwardOfTensorsIsDifferentiatedAgain()
    {
        var x = tensor(new[] { 1.0, 2.0 }, requires_grad: true);
        var first = autograd.grad([Cube.apply(x, 2.0).sum()], [x], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        Assert.Equal([12, 24], second.data<double>().ToArray());
    }

    [Fact]
    public void UnusedOutputsGetZeros()
    {
        var x = tensor(new[] { 0.3, -1.2 }, requires_grad: true);
        var outputs = SinCos.apply(x);
        Assert.Equal(2, outputs.Count);
        outputs[0].sum().backward();
        Assert.True(x.grad!.allclose(x.detach().cos()));
    }

    [Fact]
    public void WithoutGradientsNothingIsKept()
    {
        var x = tensor(new[] { 1.0 });
        Assert.False(Cube.apply(x, 1.0).requires_grad);
        using (no_grad()) Assert.False(Cube.apply(tensor(new[] { 1.0 }, requires_grad: true), 1.0).requires_grad);
    }

    [Fact]
    public void ExceptionsCrossInBothDirections()
    {
        var x = tensor(new[] { 1.0 }, requires_grad: true);
        Assert.Equal("from forward", Assert.Throws<InvalidTimeZoneException>(() => Failing.apply(x, true)).Message);
        var y = Failing.apply(x, false);
        var e = Assert.Throws<ExternalException>(() => y.sum().backward());
        Assert.Contains("from backward", e.Message);
        Assert.IsType<InvalidTimeZoneException>(e.InnerException);
    }

    [Fact]
    public void WhatForwardSavedMustNotChange()
    {
        var x = tensor(new[] { 1.0 }, requires_grad: true);
        var kept = x * 1;
        var y = Cube.apply(kept, 1.0);
        kept.mul_(2);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    [Fact]
    public void TheStateGoesWithTheGraph()
    {
        var state = Run();
        for (var k = 0; k < 20 && state.IsAlive; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(state.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Run()
        {
            using var scope = NewDisposeScope();
            object marker = 2.0;
            var x = tensor(new[] { 1.0 }, requires_grad: true);
            Cube.apply(x, marker).backward();
            return new WeakReference(marker);
        }
    }

    [Fact]
    public void AnomaliesAreNamedAndTheModeIsRestored()
    {
        Assert.False(AnomalyMode.IsEnabled);
        using (autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled);
            var x = tensor(new[] { 0.0 }, requires_grad: true);
            var e = Assert.Throws<ExternalException>(() => (x.sqrt() * 0).backward());
            Assert.Contains("nan", e.Message);
        }
        Assert.False(AnomalyMode.IsEnabled);
    }
}
