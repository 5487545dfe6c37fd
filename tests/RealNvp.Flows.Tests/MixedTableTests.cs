using RealNvp.Chapters;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Tables of categories and whole numbers beside real ones: the bound against probabilities in closed form.</summary>
public sealed class MixedTableTests(ITestOutputHelper output)
{
    private static MixedTable Fixed(Flow density, IReadOnlyList<Support> supports, bool argmax = true)
    {
        var columns = new MixedColumns(supports, argmax);
        var model = new MixedTable(density, columns, new Logistic(columns.NoiseFeatures), torch.rand(4, supports.Count));
        return (MixedTable)model.to(float64);
    }

    [Fact]
    public void Of_a_known_density_the_bound_lies_below_the_probability_and_meets_it_with_many_draws()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        // Argmax of normals with equal scale and no shift: 1/K each. Of two with the difference of their means d it is
        // Phi(d / sqrt 2).
        var means = tensor(new[] { 0.0, 0.8 });
        var two = Fixed(new Flow(new Standardize(means, ones(2, float64))), [Support.Category(2)]);
        var even = Fixed(new Flow(new Standardize(zeros(4, float64), ones(4, float64))), [Support.Category(4)]);
        var p = Phi(0.8 / Math.Sqrt(2));
        Meets(two, tensor(new[] { 0.0, 1 }), tensor(new[] { Math.Log(1 - p), Math.Log(p) }));
        Meets(even, arange(4, float64), full([4], -Math.Log(4), float64));
        // Whole numbers 0 to 3 under a logistic variable's level times 4: each cell's part is a quarter.
        var cells = Fixed(new Flow(new Interval(0, 4), new Logistic(1)), [Support.WholeNumber(0, 3)]);
        Meets(cells, arange(4, float64), full([4], -Math.Log(4), float64));
        // Of a normal with scale 1.7: differences of its levels.
        var whole = Fixed(new Flow(new Standardize(zeros(1, float64), full([1], 1.7, float64))), [Support.WholeNumber()]);
        var x = arange(-3, 3, dtype: float64);
        Meets(whole, x, tensor(x.data<double>().Select(k => Math.Log(Phi((k + 1) / 1.7) - Phi(k / 1.7))).ToArray()));
    }

    private void Meets(MixedTable model, Tensor values, Tensor logProbability)
    {
        var x = values.unsqueeze(1).repeat(2000, 1);
        Tensor Mean(int draws) => model.LowerBound(x, draws).view(2000, -1).mean([0]);
        var (one, many) = (Mean(1), Mean(100));
        output.WriteLine($"{logProbability.str()} {one.str()} {many.str()}");
        // 2,000 draws of a bound that scatters by about 1: 0.1 are four standard errors.
        Assert.True((one - logProbability).max().ToDouble() < 0.1 && (many - one).min().ToDouble() > -0.1);
        Assert.True(many.allclose(logProbability, 0, 0.03), "not met");
    }

    private static double Phi(double x) => special.ndtr(tensor(x)).ToDouble();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fitted_categorical_has_its_probabilities_and_learned_noise_a_tighter_bound(bool argmax)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        // A category and a whole number that hangs together with it: p(c) = 0.5, 0.3, 0.2, n in {c, c + 1} with 3/4 and 1/4.
        var c = cat([zeros(1000), ones(600), full([400], 2f)]);
        var x = stack([c, c + (arange(2000) % 4).eq(0).to(float32)], 1);
        Support[] supports = [Support.Category(3), Support.WholeNumber(0, 3)];
        var entropy = -new[] { 0.5, 0.3, 0.2, 0.75, 0.25 }.Sum(p => p * Math.Log(p));
        double Reached(bool variational)
        {
            manual_seed(3);
            var model = Architectures.MixedTable(x, supports, variational, argmax, layers: 2, width: 24, blocks: 1);
            Trainer.FitBound(model, x, options: new() { Steps = 300, LearningRate = 6e-3 });
            var drawn = model.Sample(8000);
            Assert.True(drawn.eq(drawn.round()).all().ToBoolean() && drawn.ge(0).all().ToBoolean());
            Assert.Equal([2f, 3f], drawn.amax([0]).data<float>().ToArray());
            var parts = drawn.select(1, 0).to(int64).bincount(null, 3).to(float64) / 8000;
            output.WriteLine($"parts {parts.str()}");
            Assert.True(parts.allclose(tensor(new[] { 0.5, 0.3, 0.2 }), 0, 0.07));   // mostly the fit's own error
            using var guard = no_grad();
            return model.LowerBound(x.repeat(5, 1)).mean().ToDouble();
        }
        var (learned, uniform) = (Reached(true), Reached(false));
        output.WriteLine($"-entropy {-entropy:f3}, bound {learned:f3}, with fixed noise {uniform:f3}");
        // 10,000 draws of terms that scatter by about 1.
        Assert.InRange(learned, -entropy - 0.25, -entropy + 0.04);
        Assert.True(learned > uniform - 0.02);
    }

    [Fact]
    public void What_lies_outside_is_named_by_row_and_column()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var x = stack([randint(0, 3, [50]).to(float32), randn(50), randint(0, 9, [50]).to(float32)], 1);
        Support[] supports = [Support.Category(3), Support.Real, Support.WholeNumber(0)];
        var model = Architectures.MixedTable(x, supports, layers: 1, width: 8, blocks: 1);
        Assert.Equal([50], model.LowerBound(x, 3).shape);
        void Says(Tensor wrong, params string[] parts)
        {
            foreach (var call in new Action[] { () => Architectures.MixedTable(wrong, supports), () => model.LowerBound(wrong),
                () => Trainer.FitBound(model, wrong), () => Trainer.FitBound(model, x, wrong) })
            {
                var message = Assert.ThrowsAny<ArgumentException>(call).Message;
                foreach (var part in parts) Assert.Contains(part, message);
            }
        }
        Tensor With(long row, long column, float value)
        {
            var wrong = x.clone();
            wrong[row, column] = value;
            return wrong;
        }
        Says(With(7, 0, 3), "row 7, column 0", "categories 0 to 2", "3");
        Says(With(8, 0, 0.5f), "row 8, column 0", "0.5");
        Says(With(9, 2, -1), "row 9, column 2", "whole numbers from 0");
        Says(With(10, 1, float.NaN), "row 10, column 1", "NaN");
        Says(x.narrow(1, 0, 2), "2");
        Assert.Contains("MixedTable", Assert.ThrowsAny<ArgumentException>(() => Architectures.Tabular(x, supports)).Message);
        Assert.Contains("Tabular", Assert.ThrowsAny<ArgumentException>(() =>
            Architectures.MixedTable(x, [Support.Real, Support.Real, Support.Real])).Message);
        Assert.Equal("kinds", Assert.ThrowsAny<ArgumentException>(() => Support.Category(1)).ParamName);
        Assert.Equal("high", Assert.ThrowsAny<ArgumentException>(() => Support.WholeNumber(3, 3)).ParamName);
        Assert.Equal("low", Assert.ThrowsAny<ArgumentException>(() => Support.WholeNumber(-2_000_000)).ParamName);
    }

    [Fact]
    public void The_ends_of_whole_numbers_have_finite_bounds_and_gradients()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var x = tensor(new[,] { { 0f, 1 << 20 }, { 1, -5 }, { 2, 0 } });
        var model = Architectures.MixedTable(x, [Support.WholeNumber(0, 2), Support.WholeNumber()], layers: 1, width: 8,
            blocks: 1);
        var log = model.LowerBound(x.repeat(5000, 1));
        Assert.True(log.isfinite().all().ToBoolean());
        log.sum().backward();
        Assert.All(model.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().ToBoolean()));
        // A float32 sum x + u with x = 2^20 keeps 1/8: the value that it stands for stays x.
        var columns = new MixedColumns(model.Supports, true);
        var w = torch.randn(15000, 2) * 60;
        Assert.True(columns.Lower(columns.Lift(x.repeat(5000, 1), w).V).Equals(x.repeat(5000, 1)));
        var kinds = new MixedColumns([Support.Category(3)], true);
        var c = arange(3, float32).repeat(5000).unsqueeze(1);
        Assert.True(kinds.Lower(kinds.Lift(c, torch.randn(15000, 3) * 10).V).Equals(c));
    }

    [Fact]
    public void Penguins_with_their_species_come_near_a_gaussian_for_each_species()
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        var (measured, species) = Datasets.Penguins();
        var order = randperm(342, generator: new Generator(1));
        var z = (measured - measured.mean([0])) / measured.std(0L);
        var x = cat([species.to(float32).unsqueeze(1), z], 1).index_select(0, order);
        var (train, heldOut, test) = (x.narrow(0, 0, 200), x.narrow(0, 200, 60), x.narrow(0, 260, 82));
        var model = Architectures.MixedTable(train, [Support.Category(3), .. Enumerable.Repeat(Support.Real, 4)], layers: 3,
            width: 32, blocks: 1);
        Trainer.FitBound(model, train, heldOut, TrainingOptions.SmallData with { Steps = 1000 });
        using var guard = no_grad();
        var bound = model.LowerBound(test, 200).mean().ToDouble();
        var known = Enumerable.Range(0, 3).Sum(k =>
        {
            Tensor Of(Tensor rows) => rows.index_select(0, rows.select(1, 0).eq(k).nonzero().flatten()).narrow(1, 1, 4);
            var own = Of(train);
            return (Gaussian.Fit(own).LogProb(Of(test)) + Math.Log(own.size(0) / 200.0)).sum().ToDouble();
        }) / 82;
        output.WriteLine($"bound {bound:f3}, a Gaussian for each species {known:f3}");
        // 0.12 below; the paired difference over 82 birds scatters by 0.1.
        Assert.True(bound > known - 0.4);
    }
}
