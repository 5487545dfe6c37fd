using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class FirstStepsTests
{
    [Fact]
    public void ATrainingStepLowersTheLoss()
    {
        manual_seed(1);
        var x = randn(64, 2);
        var w = zeros(2, 1, requires_grad: true);
        var target = x.matmul(tensor(new float[] { 2, -3 }).view(2, 1));
        double first = 0, last = 0;
        for (var step = 0; step < 50; step++)
        {
            using var scope = NewDisposeScope();
            var loss = (x.matmul(w) - target).pow(2).mean();
            loss.backward();
            last = loss.ToDouble();
            if (step == 0) first = last;
            using (no_grad())
            {
                w.sub_(w.grad! * 0.1);
                w.grad = null;
            }
        }
        Assert.True(last < first * 1e-3, $"{first} -> {last}");
    }

    [Fact]
    public void DtypesFollowTheLanguageNotTheDefault()
    {
        Assert.Equal(float64, tensor(1.0).dtype);
        Assert.Equal(float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(int32, tensor(1).dtype);
        Assert.Equal(float32, tensor(1f).dtype);
        Assert.Equal(float64, tensor(1f, dtype: float64).dtype);
        Assert.Equal(int64, arange(5).dtype);
        Assert.Equal(float32, arange(5.0).dtype);
        Assert.Equal(float32, linspace(0, 1, 3).dtype);
        Assert.Equal(int64, full(2, 3).dtype);
        Assert.Equal(float32, full(2, 3.0).dtype);
        Assert.Equal(int64, randint(0, 5, new long[] { 3 }).dtype);
        Assert.Equal(int64, randperm(5).dtype);
        Assert.Equal([1, 2], rand([1, 2]).shape);
        Assert.Equal(float32, (tensor(3) / tensor(2)).dtype);
        Assert.Equal(float32, (ones(2) * 2.5).dtype);
    }

    [Fact]
    public void TheJacobianOfAProductIsItsFactors()
    {
        var x = tensor(new[] { 1.0, 2.0, 3.0 });
        var j = autograd.functional.jacobian(v => v * v, x);
        Assert.True(j.allclose((2 * x).diag()));
    }
}
