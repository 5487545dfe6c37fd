using RealNvp.Flows.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class DataTests
{
    [Fact]
    public void Folds_hold_each_event_once_and_a_seed_fixes_them()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(23).unsqueeze(1).to(torch.float32);
        var folds = Splits.KFold(x, 5, seed: 3);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (float)i), folds.SelectMany(f => f.Test.data<float>().ToArray())
            .Order());
        foreach (var (train, test) in folds)
        {
            Assert.Equal(23, train.size(0) + test.size(0));
            Assert.Empty(train.data<float>().ToArray().Intersect(test.data<float>().ToArray()));
        }
        Assert.True(folds[2].Train.Equals(Splits.KFold(x, 5, seed: 3)[2].Train));
        var (a, b) = Splits.TrainHeldOut(x, 0.3, seed: 1);
        Assert.Equal((16, 7), (a.size(0), b.size(0)));
        Assert.Throws<ArgumentException>(() => Splits.KFold(x, 1));
        Assert.Throws<ArgumentException>(() => Splits.TrainHeldOut(x, 1));
    }

    [Fact]
    public void Toys_are_seeded_centred_and_of_unit_scale()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, toy) in Toys.All)
        {
            var x = toy(4000, 1);
            Assert.Equal([4000, 2], x.shape);
            Assert.True(x.Equals(toy(4000, 1)), name);
            Assert.False(x.Equals(toy(4000, 2)), name);
            Assert.True(x.mean([0]).abs().max().ToDouble() < 0.25, $"{name} is centred at {x.mean([0]).npstr()}");
            Assert.InRange(x.std().ToDouble(), 0.4, 1.6);
        }
    }
}
