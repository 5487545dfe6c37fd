using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class InitTests
{
    public InitTests() => manual_seed(3);

    private static void Spread(Tensor t, double std, double? bound)
    {
        // 10,000 values: the standard deviation of their spread is below 1 % of it, five of those are allowed.
        Assert.InRange(t.std().ToDouble(), std * 0.95, std * 1.05);
        Assert.InRange(t.mean().ToDouble(), -0.05 * std, 0.05 * std);
        if (bound is { } b) Assert.InRange(t.abs().max().ToDouble(), 0.99 * b, b);
    }

    [Fact]
    public void SpreadsFollowTheFans()
    {
        var w = empty(50, 200, float64);
        Spread(init.xavier_uniform_(w, 2), 2 * Math.Sqrt(2.0 / 250), 2 * Math.Sqrt(6.0 / 250));
        Spread(init.xavier_normal_(w), Math.Sqrt(2.0 / 250), null);
        Spread(init.kaiming_uniform_(w, 0.5), Math.Sqrt(2 / 1.25 / 200), Math.Sqrt(6 / 1.25 / 200));
        Spread(init.kaiming_normal_(w, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU), Math.Sqrt(2.0 / 50),
            null);
        Spread(init.uniform_(w, -3, 3), Math.Sqrt(3), 3);
        Assert.Equal((6, 15), init.CalculateFanInAndFanOut(empty(5, 2, 3)));
        Assert.Equal(5.0 / 3, init.calculate_gain(init.NonlinearityType.Tanh));
        Assert.Equal(Math.Sqrt(2 / 1.04), init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.2));
        Assert.Contains("fewer than 2", Assert.Throws<ArgumentException>(() => init.xavier_normal_(empty(3))).Message);
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(7, 3)]
    public void OrthogonalMatricesAreOrthogonal(long rows, long columns)
    {
        var q = init.orthogonal_(empty(rows, columns, float64), 2);
        var product = rows <= columns ? q.matmul(q.T) : q.T.matmul(q);
        Close.Equal(4 * eye(Math.Min(rows, columns), dtype: float64), product, "Q Q^T", 1e-13);
    }

    [Fact]
    public void StructuredStartsHaveTheirStructure()
    {
        Assert.True(init.eye_(empty(2, 3)).Equals(eye(2, 3)));
        using var conv = Conv2d(3, 3, 3, padding: 1, bias: false);
        init.dirac_(conv.weight);
        var x = randn(2, 3, 4, 4);
        Assert.True(conv.call(x).allclose(x));
        var sparse = init.sparse_(empty(10, 8), 0.3);
        Assert.All(Enumerable.Range(0, 8), k => Assert.Equal(3, sparse[.., k].eq(0).sum().ToInt64()));
        var cut = init.trunc_normal_(empty(100, 100, float64), 1, 2, 0, 4);
        Assert.InRange(cut.min().ToDouble(), 0, 0.01);
        Assert.InRange(cut.max().ToDouble(), 3.99, 4);
        // The mean of a normal (1, 2) cut to [0, 4]: 1 + 2 (phi(-1/2) - phi(3/2)) / (Phi(3/2) - Phi(-1/2)).
        Assert.Equal(1.7118, cut.mean().ToDouble(), 0.05);
        Assert.Equal(1f, init.ones_(empty(2))[0].item<float>());
        Assert.Equal(2.5f, init.constant_(empty(2), 2.5)[0].item<float>());
    }

    [Fact]
    public void AGeneratorMakesThemRepeatable()
    {
        var a = init.normal_(empty(5), generator: new Generator(4));
        Assert.True(a.Equals(init.normal_(empty(5), generator: new Generator(4))));
        Assert.False(a.Equals(init.normal_(empty(5), generator: new Generator(5))));
    }

    [Fact]
    public void LayersStartAsInPyTorch()
    {
        using var layer = Linear(100, 50);
        Assert.InRange(layer.weight.abs().max().ToDouble(), 0.099, 0.1);
        Assert.InRange(layer.bias!.abs().max().ToDouble(), 0.08, 0.1);
        Assert.True(layer.weight.requires_grad);
    }
}
