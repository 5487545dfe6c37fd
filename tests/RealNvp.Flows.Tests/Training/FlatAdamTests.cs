using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed class FlatAdamTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(1e-3, 0)]
    public void An_update_is_adams_also_at_a_rate_or_a_gradient_of_zero(double rate, double gradient)
    {
        using var scope = NewDisposeScope();
        using var guard = torch.no_grad();
        var model = nn.Linear(2, 1, hasBias: false);
        model.weight!.fill_(0.5);
        using var parameters = new FlatParameters(model);
        using var adam = new FlatAdam(parameters, 0);
        parameters.Gradients.fill_(gradient);
        adam.Step(rate);
        // The first update moves each parameter by the rate, against its gradient's sign.
        var expected = 0.5 - (gradient == 0 ? 0 : rate * gradient / (gradient + 1e-8));
        Assert.All(parameters.Values.data<float>().ToArray(), v => Assert.Equal(expected, v, 1e-7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Updates_are_those_of_torchs_own_adam(double decay)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var (ours, theirs) = (nn.Linear(3, 2, dtype: float64), nn.Linear(3, 2, dtype: float64));
        theirs.load_state_dict(ours.state_dict());
        using var parameters = new FlatParameters(ours);
        using var adam = new FlatAdam(parameters, decay);
        var reference = optim.AdamW(theirs.parameters(), lr: 0.01, weight_decay: decay);
        for (var step = 0; step < 50; step++)
        {
            var x = randn(8, 3, float64);
            parameters.Gradients.zero_();
            ours.call(x).square().mean().backward();
            using (torch.no_grad()) adam.Step(0.01);
            reference.zero_grad();
            theirs.call(x).square().mean().backward();
            reference.step();
        }
        foreach (var (p, q) in ours.parameters().Zip(theirs.parameters())) Assert.True(p.allclose(q, 1e-9, 1e-12));
    }
}
