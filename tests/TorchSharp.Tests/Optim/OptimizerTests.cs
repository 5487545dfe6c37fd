using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public class OptimizerTests
{
    private static Parameter Number(double value) => new(tensor(value));

    private static Tensor Loss(Parameter p) => (p - 3).pow(2);

    [Fact]
    public void AClosureGivesTheLossWithGradients()
    {
        var p = Number(0);
        using var o = optim.SGD([p], 0.25);
        using (no_grad())
        {
            var loss = o.step(() =>
            {
                o.zero_grad();
                var l = Loss(p);
                l.backward();
                return l;
            });
            Assert.Equal(9, loss.ToDouble());
        }
        Assert.Equal(1.5, p.ToDouble());
        Assert.Null(o.step());
    }

    [Fact]
    public void GroupsHaveTheirOwnOptions()
    {
        var (a, b, c) = (Number(0), Number(0), Number(0));
        using var o = optim.SGD([new SGD.ParamGroup([a], lr: 1), new SGD.ParamGroup([b], new SGD.Options { momentum = 0.5 })],
            0.1);
        o.add_param_group(new SGD.ParamGroup { Parameters = [c] });
        Assert.Equal([1, 0.1, 0.1], o.ParamGroups.Select(g => g.LearningRate));
        foreach (var p in o.parameters()) p.grad = ones([], dtype: float64);
        o.step();
        Assert.Equal([-1, -0.1, -0.1], o.parameters().Select(p => p.ToDouble()));
        o.ParamGroups.First().LearningRate = 10;
        o.step();
        Assert.Equal(-11, a.ToDouble(), 12);
        Assert.Equal(-0.25, b.ToDouble(), 12);
        Assert.Equal(1, o.ParamGroups.First().InitialLearningRate);
        Assert.Equal((0.8, 0.99), new Adam.ParamGroup([a], beta1: 0.8, beta2: 0.99).Betas);
    }

    [Fact]
    public void NamesAndLazyListsOfParametersAreTaken()
    {
        using var m = nn.Linear(2, 1);
        using var o = optim.AdamW(m.named_parameters(), 0.1);
        Assert.Equal(2, o.parameters().Count());
        var counted = 0;
        IEnumerable<Parameter> Lazy()
        {
            counted++;
            yield return m.weight;
        }
        using var lazy = optim.Adam(Lazy());
        m.call(ones(1, 2)).sum().backward();
        for (var k = 0; k < 5; k++) lazy.step();
        Assert.Equal(1, counted);
    }

    [Fact]
    public void AParameterThatWasReplacedIsReported()
    {
        using var m = nn.Linear(2, 1);
        using var o = optim.Adam(m.parameters());
        m.to(float64);
        var e = Assert.Throws<InvalidOperationException>(() => o.step());
        Assert.Contains("parameter 0", e.Message);
        Assert.Contains("build the optimizer after that", e.Message);
    }

    [Fact]
    public void BadSettingsAreRefused()
    {
        Parameter[] p = [Number(0)];
        Assert.Contains("lr", Assert.Throws<ArgumentException>(() => optim.Adam(p, -1)).Message);
        Assert.Contains("beta2", Assert.Throws<ArgumentException>(() => optim.AdamW(p, beta2: 1)).Message);
        Assert.Contains("Nesterov", Assert.Throws<ArgumentException>(() => optim.SGD(p, 1, nesterov: true)).Message);
        Assert.Contains("closure", Assert.Throws<ArgumentNullException>(() => optim.LBFGS(p).step(null!)).Message);
        Assert.Contains("weight_decay", Assert.Throws<ArgumentException>(() => optim.RMSProp(p, weight_decay: double.NaN))
            .Message);
    }

    [Fact]
    public void StatesOfOtherOptimizersAreRefused()
    {
        using var adam = optim.Adam([Number(0), Number(1)]);
        using var stream = new MemoryStream();
        adam.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        using var sgd = optim.SGD([Number(0)], 1);
        Assert.Contains("expected 'SGD', but found 'Adam'",
            Assert.Throws<InvalidDataException>(() => sgd.load_state_dict(new BinaryReader(stream))).Message);
        using var smaller = optim.Adam([Number(0)]);
        Assert.Contains("expected 1, got 2", Assert.Throws<ArgumentException>(() => smaller.load_state_dict(adam.state_dict()))
            .Message);
    }

    [Fact]
    public void AStateOfAnotherShapeIsRefusedByName()
    {
        using var two = optim.Adam([new Parameter(zeros(2))]);
        using var three = optim.Adam([new Parameter(zeros(3))]);
        using var stream = new MemoryStream();
        two.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        var e = Assert.Throws<ArgumentException>(() => three.load_state_dict(new BinaryReader(stream)));
        Assert.Contains("'exp_avg'", e.Message);
    }

    // Autograd's guard: what backward needs must not have changed since.
    [Fact]
    public void AStepBetweenForwardAndBackwardIsNoticed()
    {
        using var m = nn.Linear(2, 2);
        using var o = optim.Adam(m.parameters());
        m.call(ones(1, 2)).sum().backward();
        var loss = m.call(m.call(ones(1, 2))).sum();
        o.step();
        Assert.Contains("modified by an inplace operation", Assert.ThrowsAny<Exception>(() => loss.backward()).Message);
    }

    [Fact]
    public void HalfPrecisionIsUpdatedByOperators()
    {
        var p = new Parameter(ones(4, dtype: bfloat16));
        using var o = optim.Adam([p], 0.25);
        p.grad = ones(4, dtype: bfloat16);
        o.step();
        // bfloat16 has eight bits: a few roundings of 1/256 each.
        Assert.Equal(0.75, p[0].ToDouble(), 0.01);
    }

    // A gradient laid out in another order than its parameter is brought in line first.
    [Fact]
    public void TransposedGradientsAreUnderstood()
    {
        Parameter p = new(zeros(2, 3)), q = new(zeros(2, 3));
        var g = arange(6f).view(3, 2).t();
        using var o = optim.Adam([p], 0.1);
        using var r = optim.Adam([q], 0.1);
        p.grad = g;
        q.grad = g.contiguous();
        for (var k = 0; k < 3; k++)
        {
            o.step();
            r.step();
        }
        Assert.True(p.Equals((Tensor)q));
    }

    [Fact]
    public void LbfgsWalksAsPyTorchs()
    {
        var p = new Parameter(tensor(new[] { -1.2, 1 }));
        using var o = optim.LBFGS([p], lr: 0.1, max_iter: 5, history_size: 3);
        foreach (var expected in Fixture.Load("optimizers.json").GetProperty("lbfgs").EnumerateArray())
        {
            var loss = o.step(() =>
            {
                o.zero_grad();
                var l = (1 - p[0]).pow(2) + 100 * (p[1] - p[0].pow(2)).pow(2);
                l.backward();
                return l;
            });
            var e = Fixture.Doubles(expected);
            Close.Equal(tensor(e), tensor(new[] { loss.ToDouble(), p[0].ToDouble(), p[1].ToDouble() }), "loss and point", 1e-9);
        }
        Assert.Equal(0.1, o.ParamGroups.Single().LearningRate);
    }
}
