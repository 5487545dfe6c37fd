using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Tests.Optim;

/// <summary>Twelve epochs of every scheduler against PyTorch's rates and momenta (fixtures/optimizers.py).</summary>
public class SchedulerTests
{
    private static readonly JsonElement Fixtures = Fixture.Load("optimizers.json");

    private static readonly Dictionary<string, Func<Optimizer, LRScheduler>> Schedulers = new()
    {
        ["StepLR"] = o => StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => MultiStepLR(o, [2, 5, 6], 0.3),
        ["ExponentialLR"] = o => ExponentialLR(o, 0.9),
        ["ConstantLR"] = o => ConstantLR(o, 0.25, 4),
        ["LinearLR"] = o => LinearLR(o, 0.2, 0.9, 5),
        ["CosineAnnealingLR"] = o => CosineAnnealingLR(o, 4),
        ["CosineAnnealingLR floor"] = o => CosineAnnealingLR(o, 5, 0.1),
        ["LambdaLR"] = o => LambdaLR(o, e => 1.0 / (1 + e)),
        ["MultiplicativeLR"] = o => MultiplicativeLR(o, e => 0.9),
        ["PolynomialLR"] = o => PolynomialLR(o, 6, 2),
        ["CyclicLR"] = o => CyclicLR(o, 0.1, 0.5, 3, 2),
        ["CyclicLR triangular2"] = o => CyclicLR(o, 0.1, 0.5, 2, mode: impl.CyclicLR.Mode.Triangular2),
        ["CyclicLR exp_range"] = o => CyclicLR(o, 0.1, 0.5, 2, mode: impl.CyclicLR.Mode.ExpRange, gamma: 0.9),
        ["OneCycleLR"] = o => OneCycleLR(o, 0.5, total_steps: 13),
        ["OneCycleLR linear three phases"] = o =>
            OneCycleLR(o, 0.5, total_steps: 13, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, three_phase: true),
        ["ChainedScheduler"] = o => ChainedLR([ConstantLR(o, 0.1, 3), ExponentialLR(o, 0.9)]),
        ["SequentialLR"] = o => SequentialLR(o, [ConstantLR(o, 0.1, 10), ExponentialLR(o, 0.9)], [4]),
    };

    public static TheoryData<string> Names => [.. Schedulers.Keys];

    private static SGD NewOptimizer() => SGD([new Parameter(zeros(1))], 1, momentum: 0.9);

    [Theory]
    [MemberData(nameof(Names))]
    public void RatesAgreeWithPyTorch(string name)
    {
        var expected = Fixtures.GetProperty("schedulers").GetProperty(name);
        using var optimizer = NewOptimizer();
        var scheduler = Schedulers[name](optimizer);
        var group = (SGD.ParamGroup)optimizer.ParamGroups.Single();
        List<double> rates = [group.LearningRate], momenta = [group.Momentum];
        for (var epoch = 0; epoch < 12; epoch++)
        {
            optimizer.step();
            scheduler.step();
            rates.Add(group.LearningRate);
            momenta.Add(group.Momentum);
            Assert.Equal(group.LearningRate, scheduler.get_last_lr().Single());
        }
        Same(Fixture.Doubles(expected.GetProperty("lr")), rates);
        Same(Fixture.Doubles(expected.GetProperty("momentum")), momenta);
    }

    private static void Same(double[] expected, List<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var k = 0; k < expected.Length; k++)
            Assert.True(Math.Abs(expected[k] - actual[k]) < 1e-12, $"epoch {k}: expected {expected[k]}, got {actual[k]}");
    }

    [Theory]
    [InlineData("min")]
    [InlineData("max")]
    [InlineData("abs")]
    public void ThePlateauIsFoundAsInPyTorch(string name)
    {
        using var optimizer = NewOptimizer();
        var scheduler = name switch
        {
            "min" => ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2),
            "max" => ReduceLROnPlateau(optimizer, "max", 0.5, 1, cooldown: 2),
            _ => ReduceLROnPlateau(optimizer, threshold_mode: "abs", threshold: 0.5, patience: 1, min_lr: [0.02]),
        };
        var rates = new List<double>();
        foreach (var value in new[] { 5, 4, 4, 4, 4, 3, 3.0001, 3, 3, 3, 2, 9, 9, 9, 9 })
        {
            scheduler.step(value);
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
        }
        Same(Fixture.Doubles(Fixtures.GetProperty("plateau").GetProperty(name)), rates);
        Assert.Contains("step(double, int?)", Assert.Throws<InvalidOperationException>(scheduler.step).Message);
    }

    [Fact]
    public void TheClosedFormJumpsToAnEpoch()
    {
        using var optimizer = NewOptimizer();
        var scheduler = CosineAnnealingLR(optimizer, 4);
        double[] expected = [1, 0.85355339059327373, 0.5, 0.14644660940672621, 0, 0.14644660940672621];
        for (var epoch = expected.Length - 1; epoch >= 0; epoch--)
        {
            scheduler.step(epoch);
            Assert.Equal(expected[epoch], scheduler.get_last_lr().Single(), 12);
        }
    }

    [Fact]
    public void BadSettingsAreRefused()
    {
        using var optimizer = NewOptimizer();
        Assert.Contains("milestones", Assert.Throws<ArgumentException>(() => SequentialLR(optimizer, [StepLR(optimizer, 1)], [1]))
            .Message);
        Assert.Contains("total_steps", Assert.Throws<ArgumentException>(() => OneCycleLR(optimizer, 0.1)).Message);
        Assert.Contains("\"min\" or \"max\"", Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(optimizer, "mean"))
            .Message);
        using var without = Adagrad([new Parameter(zeros(1))]);
        Assert.Contains("cycle_momentum", Assert.Throws<ArgumentException>(() => CyclicLR(without, 0.1, 0.2)).Message);
    }
}
