using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>What is said when a call cannot work: the operator, libtorch's reason, and what it was called with.</summary>
public class ErrorTests
{
    private static void Throws(Func<object?> call, params string[] parts)
    {
        var e = Assert.Throws<ExternalException>(() => call());
        foreach (var part in parts) Assert.Contains(part, e.Message);
    }

    [Fact]
    public void ShapesThatDoNotMatch()
    {
        Throws(() => ones(2, 3).matmul(ones(2, 3)), "aten::matmul", "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", "[2x3], type = Float32");
        Throws(() => ones(2, 3) + ones(4), "aten::add.Tensor", "must match the size of tensor b (4)", "[4]");
        Throws(() => cat([ones(2, 3), ones(3, 2)]), "aten::cat", "[2x3]", "[3x2]");
        Throws(() => ones(6).view(4, 2), "aten::view", "[4, 2]", "[6]");
        Throws(() => ones(2, 2)[5], "aten::select.int", "out of range", "5");
    }

    [Fact]
    public void DtypesThatDoNotMatch()
    {
        Throws(() => ones(2, 2).matmul(ones(2, 2, float64)), "aten::matmul", "Float64");
        Throws(() => ones(2, int64).requires_grad_(), "Only Tensors of floating point and complex dtype can require gradients");
        Assert.Equal("Double is not compatible with Float32", Assert.Throws<ArgumentException>(() => ones(2).data<double>()).Message);
        Assert.Equal("Single is not compatible with Int64", Assert.Throws<ArgumentException>(() => tensor(1L).item<float>()).Message);
    }

    [Fact]
    public void ItemNeedsOneElement()
    {
        Assert.Contains("[2]", Assert.Throws<ArgumentException>(() => ones(2).item<float>()).Message);
        Throws(() => ones(2).ToDouble(), "aten::item");
    }

    [Fact]
    public void AutogradSaysWhatIsMissing()
    {
        var x = ones(2, requires_grad: true);
        Throws(() => Void(() => (x * 2).backward()), "backward", "grad can be implicitly created only for scalar outputs", "[2]");
        var loss = (x * x).sum();
        loss.backward();
        Throws(() => Void(() => loss.backward()), "backward through the graph a second time");
        Throws(() => autograd.grad([(x * x).sum()], [ones(2, requires_grad: true)]), "autograd.grad", "appears to not have been used in the graph");
        Throws(() => autograd.grad([ones(1)], [x]), "autograd.grad", "does not require grad");
        Throws(() => x.add_(1), "aten::add_.Scalar", "a leaf Variable that requires grad");
    }

    [Fact]
    public void AnUnusedInputThatIsAllowedGetsAnInvalidTensor()
    {
        var x = ones(2, requires_grad: true);
        var unused = ones(2, requires_grad: true);
        var grads = autograd.grad([x.sum()], [x, unused], allow_unused: true);
        Assert.False(grads[0].IsInvalid);
        Assert.True(grads[1].IsInvalid);
    }

    [Fact]
    public void SingularMatricesAreNamed() => Throws(() => linalg.inv(zeros(2, 2)), "aten::linalg_inv", "singular");

    [Fact]
    public void ADeviceThatIsNotThere()
    {
        Assert.Throws<ArgumentException>(() => new Device("tpu"));
        if (!torch.cuda.is_available()) Assert.Throws<InvalidOperationException>(() => ones(2).to("cuda"));
    }

    [Fact]
    public void AFailureLeavesTheThreadUsable()
    {
        for (var k = 0; k < 100; k++) Assert.Throws<ExternalException>(() => ones(2, 3).matmul(ones(2, 3)));
        Assert.Equal(6, ones(2, 3).sum().ToDouble());
    }

    private static object? Void(Action action)
    {
        action();
        return null;
    }

    [Fact]
    public void Unflatten_counts_from_the_front_only_as_the_package_does()
    {
        using var x = torch.zeros(2, 6);
        Assert.Equal([2, 2, 3], x.unflatten(1, 2, 3).shape);
        Assert.Throws<ArgumentException>(() => x.unflatten(-1, 2, 3));
        Assert.Throws<ArgumentException>(() => x.unflatten(2, 2, 3));
    }
}
