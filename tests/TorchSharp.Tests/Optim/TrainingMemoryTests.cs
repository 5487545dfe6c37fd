using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Optim;

/// <summary>Memory and the collector during training. Alone: other tests would show in the process's memory.</summary>
[Collection("alone")]
public class TrainingMemoryTests
{
    private static Sequential Network()
    {
        manual_seed(1);
        return Sequential(Linear(4, 16), Tanh(), Linear(16, 16), ReLU(inplace: true), Linear(16, 1));
    }

    private static void Steps(Sequential m, Optimizer o, Tensor x, int count, Action? between = null)
    {
        for (var k = 0; k < count; k++)
        {
            using var scope = NewDisposeScope();
            o.zero_grad();
            var loss = functional.mse_loss(m.call(x), x.sum(1, true));
            between?.Invoke();
            loss.backward();
            nn.utils.clip_grad_norm_(m.parameters(), 1);
            o.step();
            between?.Invoke();
        }
    }

    private sealed class Optimizer(OptimizerHelper inner)
    {
        internal void zero_grad() => inner.zero_grad();
        internal void step() => inner.step();
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }

    [SkippableFact]
    public void TenThousandStepsLeaveMemoryFlat()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        using var m = Network();
        var o = new Optimizer(optim.Adam(m.parameters(), 1e-3));
        var x = randn(32, 4);
        Steps(m, o, x, 5_000);
        var (before, tensors) = (Resident(), Tensor.TotalCount);
        Steps(m, o, x, 5_000);
        var after = Resident();
        Assert.True(after <= before * 1.05, $"resident memory grew from {before >> 20} to {after >> 20} MiB");
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public void CollectionsAtEveryStepChangeNothing()
    {
        static double[] Trained(Action? between)
        {
            using var m = Network();
            var o = new Optimizer(optim.Adam(m.parameters(), 1e-2, amsgrad: true));
            var x = randn(16, 4, float32, generator: new Generator(2));
            Steps(m, o, x, 20, between);
            return nn.utils.parameters_to_vector(m.parameters()).to(float64).data<double>().ToArray();
        }
        Assert.Equal(Trained(null), Trained(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }));
    }

    [Fact]
    public void AnOptimizerFreesItsStates()
    {
        using var m = Network();
        _ = m.state_dict();
        Resident();
        var before = Tensor.TotalCount;
        using (var o = optim.Adam(m.parameters(), amsgrad: true)) Assert.Equal(before + 18, Tensor.TotalCount);
        Assert.Equal(before, Tensor.TotalCount);
    }
}
