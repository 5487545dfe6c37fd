using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.NN;

/// <summary>Errors say what was expected and what came.</summary>
public class ModuleErrorTests
{
    private static string Message<T>(Action action) where T : Exception => Assert.Throws<T>(action).Message;

    [Fact]
    public void WrongShapesAreNamed()
    {
        Assert.Contains("4D (batched) input with 3 channels to Conv2d, got [2, 4, 5, 5]",
            Message<ArgumentException>(() => Conv2d(3, 1, 3).call(zeros(2, 4, 5, 5))));
        Assert.Contains("3D (batched) input with 3 channels to ConvTranspose1d, got [4, 5]",
            Message<ArgumentException>(() => ConvTranspose1d(3, 1, 3).call(zeros(4, 5))));
        Assert.Contains("expected 4 dimensions for BatchNorm2d, got [2, 3]",
            Message<ArgumentException>(() => BatchNorm2d(3).call(zeros(2, 3))));
        Assert.Contains("expected 2 or 3 dimensions", Message<ArgumentException>(() => BatchNorm1d(3).call(zeros(3))));
        Assert.Contains("num_groups", Message<ArgumentException>(() => GroupNorm(2, 3)));
        Assert.Contains("groups", Message<ArgumentException>(() => Conv1d(3, 4, 1, groups: 2)));
        Assert.Contains("[2, 3]", Message<System.Runtime.InteropServices.ExternalException>(() =>
            F.linear(zeros(2, 3), zeros(4, 5)).ToString()).Replace("2x3", "[2, 3]"));
    }

    [Fact]
    public void WrongSettingsAreNamed()
    {
        Assert.Contains("strided", Message<ArgumentException>(() => Conv2d(1, 1, 3, Padding.Same, stride: 2)));
        Assert.Contains("Only PaddingModes.Zeros", Message<ArgumentException>(() =>
            ConvTranspose2d(1, 1, 3, padding_mode: PaddingModes.Reflect)));
        Assert.Contains("from 0 to 1, got 1.5", Message<ArgumentOutOfRangeException>(() => F.dropout(zeros(2), 1.5)));
        Assert.Contains("from -3 to 2, got 3", Message<ArgumentOutOfRangeException>(() => Embedding(3, 2, padding_idx: 3)));
        Assert.Contains("got both", Message<ArgumentException>(() => F.interpolate(zeros(1, 1, 2), [4], [2])));
        Assert.Contains("Bicubic", Message<ArgumentException>(() =>
            F.interpolate(zeros(1, 1, 2), [4], mode: InterpolationMode.Bicubic)));
        Assert.Contains("num_heads", Message<ArgumentException>(() => MultiheadAttention(4, 3)));
    }

    [Fact]
    public void DropoutKeepsTheMeanWhileTraining()
    {
        manual_seed(2);
        using var m = Dropout(0.25);
        var y = m.call(ones(20_000, float64));
        Assert.Equal(0.25, y.eq(0).to(float64).mean().ToDouble(), 0.02);
        Assert.Equal(4.0 / 3, y.max().ToDouble(), 1e-12);
        m.eval();
        Assert.True(m.call(ones(5)).Equals(ones(5)));
        var channels = Dropout2d().call(ones(50, 4, 3, 3)).mean([2, 3]);
        Assert.True(channels.eq(0).logical_or(channels.eq(2)).all().ToBoolean());
    }

    [Fact]
    public void AnEmbeddingPadsAndBoundsItsRows()
    {
        using var m = Embedding(4, 3, padding_idx: 1, max_norm: 0.5);
        var rows = m.call(tensor(new long[] { 0, 1, 2 }));
        Assert.Equal(0, rows[1].abs().sum().ToDouble());
        Assert.True(rows.norm(1).max().ToDouble() <= 0.5 + 1e-6);
        rows.sum().backward();
        Assert.Equal(0, m.weight!.grad![1].abs().sum().ToDouble());
    }

    [Fact]
    public void InPlaceActivationsChangeTheirInput()
    {
        foreach (var m in new Module<Tensor, Tensor>[] { ReLU(true), ELU(1, true), LeakyReLU(0.1, true), SiLU(true), Tanh(true),
            Sigmoid(true), GELU(true), Hardtanh(-1, 1, true), Threshold(0, 3, true), Softsign(true) })
        {
            var x = tensor(new[] { -2.0, -0.5, 0.3, 2 });
            var expected = m.GetName() switch
            {
                "ReLU" => F.relu(x),
                "ELU" => F.elu(x, 1),
                "LeakyReLU" => F.leaky_relu(x, 0.1),
                "SiLU" => F.silu(x),
                "Tanh" => F.tanh(x),
                "Sigmoid" => F.sigmoid(x),
                "GELU" => F.gelu(x),
                "Hardtanh" => F.hardtanh(x),
                "Threshold" => F.threshold(x, 0, 3),
                _ => F.softsign(x),
            };
            using (var y = m.call(x)) Assert.True(y.Equals(expected), m.GetName());
            Assert.True(x.Equals(expected), m.GetName());
        }
    }

    [Fact]
    public void BatchNormWithoutMomentumAveragesAllBatches()
    {
        using var m = BatchNorm1d(1, dtype: float64);
        m.momentum = null;
        foreach (var value in new[] { 1.0, 2, 6 }) m.call(tensor(new[] { value - 1, value + 1 }).view(2, 1));
        Assert.Equal(3, m.running_mean!.ToDouble(), 1e-12);
        Assert.Equal(3, m.num_batches_tracked!.ToInt64());
        m.reset_running_stats();
        Assert.Equal(0, m.running_mean!.ToDouble());
    }
}
