using RealNvp.Flows.Bijections;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class AutoregressiveTests
{
    [Fact]
    public void The_jacobian_is_triangular_in_the_order_of_the_features()
    {
        using var scope = NewDisposeScope();
        var f = BijectionTable.Row("masked autoregressive").Build();
        int[] order = [2, 0, 3, 1];
        var jacobian = Jacobians.Autograd(x => f.Forward(x).Z, torch.randn(5, 4, torch.float64));
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
            {
                var largest = jacobian[TensorIndex.Colon, i, j].abs().max().ToDouble();
                if (order[j] > order[i]) Assert.Equal(0, largest);
                else Assert.True(largest > 0, $"z{i} does not see x{j}");
            }
    }

    [Fact]
    public void A_masked_network_sees_the_context_everywhere()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var made = new Made(3, 1, [9], Activation.Tanh, contextSize: 2);
        using (torch.no_grad()) foreach (var p in made.parameters()) p.normal_();
        var context = torch.randn(1, 2);
        var jacobian = Jacobians.Autograd(c => made.call(torch.zeros(1, 3), c), context);
        Assert.True(jacobian.abs().min().ToDouble() > 0);
        Assert.Contains("once", Assert.Throws<ArgumentException>(() => new Made(3, 1, [4], order: [0, 0, 1])).Message);
    }
}
