using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class UtilsTests
{
    // Gradients of norm 5 in all: (3, 0) and (0, 4); and a parameter without one.
    private static Parameter[] Parameters(ScalarType dtype, bool spaced = false)
    {
        Tensor Maybe(Tensor t) => spaced ? stack([t, t], -1).select(-1, 0) : t;
        Parameter[] all = [new(zeros(2, dtype: dtype)), new(zeros(2, dtype: dtype)), new(zeros(3, dtype: dtype))];
        all[0].grad = Maybe(tensor(new[] { 3.0, 0 }).to(dtype));
        all[1].grad = Maybe(tensor(new[] { 0.0, 4 }).to(dtype));
        return all;
    }

    [Theory]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.Float64, true)]
    [InlineData(ScalarType.BFloat16, false)]
    public void TheNormOfAllGradientsIsClipped(ScalarType dtype, bool spaced)
    {
        var p = Parameters(dtype, spaced);
        Assert.Equal(5, nn.utils.clip_grad_norm_(p, 10), 1e-6);
        Assert.Equal(3, p[0].grad![0].ToDouble());
        Assert.Equal(5, nn.utils.clip_grad_norm_(p.AsEnumerable(), 1), 1e-6);
        Assert.Equal(0.6, p[0].grad![0].ToDouble(), 0.003);
        Assert.Equal(0.8, p[1].grad![1].ToDouble(), 0.003);
        Assert.Null(p[2].grad);
        Assert.Equal(7, nn.utils.clip_grad_norm_(Parameters(dtype, spaced), 1, norm_type: 1), 1e-6);
        Assert.Equal(4, nn.utils.clip_grad_norm_(Parameters(dtype, spaced), 1, double.PositiveInfinity), 1e-6);
        Assert.Equal(0, nn.utils.clip_grad_norm_([], 1));
    }

    [Fact]
    public void ANormThatIsNoNumberShows()
    {
        var p = Parameters(float32);
        p[0].grad = tensor(new[] { float.NaN, 1 });
        Assert.True(double.IsNaN(nn.utils.clip_grad_norm_(p, 1)));
    }

    [Fact]
    public void EveryGradientIsClamped()
    {
        var p = Parameters(float64);
        nn.utils.clip_grad_value_(p, 3.5);
        Assert.Equal(3, p[0].grad![0].ToDouble());
        Assert.Equal(3.5, p[1].grad![1].ToDouble());
    }

    [Fact]
    public void AVectorOfTheWrongLengthIsRefused() =>
        Assert.Contains("7 elements, got [6]", Assert.Throws<ArgumentException>(() =>
            nn.utils.vector_to_parameters(zeros(6), Parameters(float32))).Message);

    [Fact]
    public void FusedLayersComputeTheSame()
    {
        manual_seed(5);
        using var norm = BatchNorm1d(3, dtype: float64);
        using var linear = Linear(4, 3, dtype: float64);
        init.uniform_(norm.weight);
        init.normal_(norm.bias!);
        for (var k = 0; k < 5; k++) norm.call(linear.call(randn(8, 4, float64)));
        Assert.Contains("eval()", Assert.Throws<InvalidOperationException>(() => nn.utils.fuse_linear_bn_eval(linear, norm))
            .Message);
        linear.eval();
        norm.eval();
        using var fused = nn.utils.fuse_linear_bn_eval(linear, norm);
        var x = randn(6, 4, float64);
        Close.Equal(norm.call(linear.call(x)), fused.call(x), "linear");

        using var conv = Conv1d(2, 3, 3, bias: false, dtype: float64);
        var (w, b) = nn.utils.fuse_conv_bn_weights(conv.weight, null, norm.running_mean!, norm.running_var!, norm.eps,
            norm.weight, norm.bias);
        var y = randn(5, 2, 9, float64);
        Close.Equal(norm.call(conv.call(y)), nn.functional.conv1d(y, w, b), "convolution");
    }
}
