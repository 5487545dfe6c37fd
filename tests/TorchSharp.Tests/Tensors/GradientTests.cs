using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Gradients against central differences in float64.</summary>
public class GradientTests
{
    private static readonly Tensor Sample = tensor(new[] { 0.31, -0.72, 0.55, 0.83, -0.14, 0.47, 0.92, -0.38, 0.66 }).view(3, 3);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["add and multiply"] = x => (x + 2) * x - 3 * x / (x + 4),
        ["exp, log, tanh"] = x => (x.exp() + 1).log() * x.tanh(),
        ["softplus"] = x => x.softplus(),
        ["logsigmoid"] = x => x.log_sigmoid(),
        ["powers"] = x => (x + 2).pow(2.5) + (x * x + 1).sqrt(),
        ["matmul"] = x => x.matmul(x.T),
        ["slogdet"] = x => slogdet(x + 2 * eye(3, dtype: float64)).logabsdet,
        ["det"] = x => linalg.det(x + 2 * eye(3, dtype: float64)),
        ["inverse"] = x => linalg.inv(x + 2 * eye(3, dtype: float64)),
        ["solve_triangular"] = x => linalg.solve_triangular(x.tril() + 2 * eye(3, dtype: float64), x, false),
        ["cholesky"] = x => linalg.cholesky(x.matmul(x.T) + eye(3, dtype: float64)),
        ["matrix_exp"] = x => matrix_exp(x),
        ["indexing"] = x => x[TensorIndex.Slice(0, 2), TensorIndex.Tensor(tensor(new long[] { 2, 0 }))] * x[.., 1..][1..],
        ["assignment into a copy"] = x =>
        {
            var y = x.clone();
            y[0] = x[1] * 2;
            return y * x;
        },
        ["gather and scatter"] = x => x.gather(1, tensor(new long[] { 0, 2, 1 }).view(3, 1)) * zeros(3, 3, float64).scatter(1, zeros(3, 1, int64), x.narrow(1, 0, 1)),
        ["cumsum, logsumexp"] = x => x.cumsum(1).logsumexp(0),
        ["softmax"] = x => x.softmax(1) * x,
        ["where"] = x => torch.where(x > 0, x * x, x.exp()),
        ["cat, chunk, flip"] = x => cat([x.chunk(3, 1)[0] * 2, x.flip(1)], 1).pow(3),
        ["max and sort"] = x => x.max(1).values * x.sort(1).Values[0],
        ["std"] = x => x.std(1),
        ["erf and lgamma"] = x => x.erf() + (x + 2).lgamma(),
        ["einsum"] = x => einsum("ij,kj->ik", x, x.sin()),
        ["broadcast"] = x => x - x.mean([0], keepdim: true),
    };

    public static TheoryData<string> Names() => [.. Functions.Keys];

    // With a step h the error is about h^2 f''' + eps / h: 1e-6 leaves 1e-9 of values of order one.
    [Theory]
    [MemberData(nameof(Names))]
    public void AgreeWithCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        const double Step = 1e-6;
        var function = Functions[name];
        Tensor Loss(Tensor x) => function(x) is var y ? (y * (arange(y.numel(), float64).view(y.shape) + 1).cos()).sum() : null!;
        var at = Sample.clone().requires_grad_();
        var gradient = autograd.grad([Loss(at)], [at])[0];
        var differences = new double[9];
        for (var k = 0; k < differences.Length; k++)
        {
            var shift = zeros(9, float64);
            shift[k] = Step;
            shift = shift.view(3, 3);
            differences[k] = ((Loss(Sample + shift) - Loss(Sample - shift)) / (2 * Step)).ToDouble();
        }
        Assert.True(gradient.allclose(tensor(differences).view(3, 3), rtol: 1e-7, atol: 1e-7), $"{name}: {gradient.npstr()} against {string.Join(" ", differences)}");
    }

    [Fact]
    public void SecondDerivativesComeFromCreateGraph()
    {
        var x = tensor(new[] { 0.5, 1.5 }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        Assert.True(autograd.grad([first.sum()], [x])[0].allclose(6 * x));
    }

    [Fact]
    public void JacobiansHaveTheOutputsShapeFirst()
    {
        var x = tensor(new[] { 1.0, 2.0 });
        var y = tensor(new[] { 3.0, 4.0, 5.0 });
        var both = autograd.functional.jacobian((Tensor[] t) => t[0].outer(t[1]), x, y).ToArray();
        Assert.Equal([2, 3, 2], both[0].shape);
        Assert.Equal([2, 3, 3], both[1].shape);
        Assert.Equal(4, both[0][1, 1, 1].ToDouble());
        Assert.Equal(0, both[0][1, 1, 0].ToDouble());
        Assert.True(autograd.functional.jacobian((Tensor t) => tensor(new[] { 1.0 }), x).allclose(zeros(1, 2, float64)));
    }
}
