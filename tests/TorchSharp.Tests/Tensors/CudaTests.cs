using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>What passes on the CPU passes on a GPU. These need a GPU that this libtorch can use, and are skipped where there is none.</summary>
public class CudaTests
{
    // Sums and transcendental functions are computed in another order and by other approximations there.
    private const double Relative = 1e-9;
    private const double Absolute = 1e-10;

    private static void NeedsGpu() => Skip.IfNot(cuda.is_available(), "needs a GPU that this libtorch can use");

    [SkippableTheory]
    [MemberData(nameof(OperatorMethodTests.Entries), MemberType = typeof(OperatorMethodTests))]
    public void AnOperatorGivesTheCpusValues(string op, string inputs)
    {
        NeedsGpu();
        using var scope = NewDisposeScope();
        var here = inputs.Split('|').Select(n => OperatorTable.Inputs[n].clone()).ToArray();
        var there = here.Select(t => t.cuda()).ToArray();
        foreach (var (form, call) in OperatorMethodTests.Forms(op))
        {
            if (call(here) is not { } expected) continue;
            var got = call(there)!;
            Assert.Equal(DeviceType.CUDA, got.device_type);
            Assert.Equal(expected.dtype, got.dtype);
            Assert.True(expected.allclose(got.cpu(), Relative, Absolute, equal_nan: true), $"{form} of {inputs}: {expected.npstr()} here, {got.cpu().npstr()} there");
        }
    }

    [SkippableFact]
    public void Copies_go_there_and_back_unchanged()
    {
        NeedsGpu();
        using var scope = NewDisposeScope();
        foreach (var type in new[] { float16, bfloat16, float32, float64, int32, int64, torch.@bool })
        {
            var x = randn(3, 5).to(type);
            var there = x.to(CUDA);
            Assert.True(there.is_cuda);
            Assert.Equal(0, there.device_index);
            Assert.True(x.Equals(there.cpu()), $"{type}");
        }
    }

    [SkippableFact]
    public void A_seed_repeats_what_is_drawn()
    {
        NeedsGpu();
        using var scope = NewDisposeScope();
        manual_seed(5);
        var first = randn(1000, device: CUDA);
        manual_seed(5);
        Assert.True(first.Equals(randn(1000, device: CUDA)));
        Assert.False(first.Equals(randn(1000, device: CUDA)));
    }

    [SkippableFact]
    public void A_model_moves_there_trains_as_on_the_cpu_and_comes_back()
    {
        NeedsGpu();
        using var scope = NewDisposeScope();
        double[] Train(Device device)
        {
            manual_seed(3);
            var model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).to(float64);
            var x = randn(32, 4, dtype: float64);
            model.to(device);
            x = x.to(device);
            var adam = optim.Adam(model.parameters(), lr: 0.01);
            for (var step = 0; step < 20; step++)
            {
                adam.zero_grad();
                (model.call(x) - x.sum(1, keepdim: true)).pow(2).mean().backward();
                adam.step();
            }
            cuda.synchronize();
            return model.cpu().parameters().SelectMany(p => p.detach().reshape(-1).data<double>().ToArray()).ToArray();
        }

        Assert.All(Train(CPU).Zip(Train(CUDA)), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [SkippableFact]
    public void Tensors_of_two_devices_do_not_mix()
    {
        NeedsGpu();
        using var scope = NewDisposeScope();
        var e = Assert.ThrowsAny<Exception>(() => ones(2, 2).matmul(ones(2, 2, device: CUDA)));
        Assert.Contains("cuda", e.Message);
    }
}
