using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

/// <summary>Gradients by every parameter against central differences in float64.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Input)> Modules = new()
    {
        ["Linear"] = (() => Linear(3, 2), [4, 3]),
        ["Conv2d"] = (() => Conv2d(2, 3, 3, stride: 2, padding: 1), [2, 2, 4, 4]),
        ["ConvTranspose2d"] = (() => ConvTranspose2d(2, 3, 3), [2, 2, 3, 3]),
        ["BatchNorm1d"] = (() => BatchNorm1d(3), [5, 3]),
        ["LayerNorm"] = (() => LayerNorm(3), [4, 3]),
        ["GroupNorm"] = (() => GroupNorm(2, 4), [3, 4, 2]),
        ["InstanceNorm1d"] = (() => InstanceNorm1d(3, affine: true), [2, 3, 5]),
        ["PReLU"] = (() => PReLU(3), [4, 3]),
        ["a residual network"] = (() => Sequential(Linear(3, 5), SiLU(), Linear(5, 5), Softplus(), Linear(5, 1)), [4, 3]),
    };

    public static TheoryData<string> Names => [.. Modules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreeWithFiniteDifferences(string name)
    {
        const double Step = 1e-5;
        manual_seed(8);
        using var scope = NewDisposeScope();
        var (make, shape) = Modules[name];
        using var m = make().to(float64);
        var x = randn(shape, float64);
        Tensor? weights = null;
        Tensor Loss()
        {
            var y = m.call(x);
            weights ??= randn(y.shape, float64);
            return (y * weights).sum();
        }
        Loss().backward();
        foreach (var (own, p) in m.named_parameters())
        {
            var values = p.detach().view(-1);
            var gradient = p.grad!.view(-1);
            using var off = no_grad();
            for (long k = 0; k < values.numel(); k++)
            {
                var at = values[k].ToDouble();
                values[k] = at + Step;
                var above = Loss().ToDouble();
                values[k] = at - Step;
                var below = Loss().ToDouble();
                values[k] = at;
                // Truncation is of order Step^2, rounding 1e-16 / Step times the loss: both below 1e-9 here.
                Assert.Equal((above - below) / (2 * Step), gradient[k].ToDouble(), 1e-7);
            }
        }
    }
}
