using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Packages;

/// <summary>What the flat parameters of training rely on: Tensor.set_ puts a parameter over other memory.</summary>
public sealed class SetTests
{
    [Fact]
    public void Parameters_over_one_block_of_memory_change_with_it_and_stay_what_the_model_has()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 3);
        var (weight, bias) = (layer.weight!, layer.bias!);
        var block = arange(9, float32);
        using (no_grad())
        {
            weight.set_(block.narrow(0, 0, 6).view(3, 2));
            bias.set_(block.narrow(0, 6, 3));
            block.mul_(2);
        }
        Assert.Equal([0f, 2, 4, 6, 8, 10], layer.weight!.data<float>().ToArray());
        Assert.Equal([12f, 14, 16], layer.bias!.data<float>().ToArray());
        Assert.All(layer.parameters(), p => Assert.True(p.requires_grad && p.is_leaf));

        // The gradient is that of the new values, and a step in the block is a step of the model.
        var x = ones(1, 2);
        layer.forward(x).sum().backward();
        Assert.Equal([1f, 1, 1], layer.bias!.grad!.data<float>().ToArray());
        var before = layer.forward(x).sum().item<float>();
        using (no_grad()) block.narrow(0, 6, 3).sub_(layer.bias!.grad!);
        Assert.Equal(before - 3, layer.forward(x).sum().item<float>());
    }
}
