using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Laws that hold for every tensor, on random shapes and values.</summary>
public class LawTests
{
    private static readonly Arbitrary<(long[] Shape, int Seed)> Shapes =
        (from rank in Gen.Choose(1, 4)
         from sizes in Gen.Choose(1, 5).ListOf(rank)
         from seed in Gen.Choose(0, 10_000)
         select (sizes.Select(n => (long)n).ToArray(), seed)).ToArbitrary();

    private static Tensor Draw(long[] shape, int seed) => randn(shape, float64, generator: new Generator((ulong)seed));

    private static void Holds(Func<Tensor, Tensor, bool> law) => Prop.ForAll(Shapes, sample =>
    {
        using var scope = NewDisposeScope();
        return law(Draw(sample.Shape, sample.Seed), Draw(sample.Shape, sample.Seed + 1));
    }).QuickCheckThrowOnFailure();

    // Exactly: floating-point sums and products of two numbers commute, and a negation changes one bit.
    [Fact]
    public void AdditionAndMultiplicationCommute() => Holds((x, y) => (x + y).Equals(y + x) && (x * y).Equals(y * x));

    [Fact]
    public void SubtractionIsAdditionOfTheNegative() => Holds((x, y) => (x - y).Equals(x + -y) && (1.5 - x).Equals(-(x - 1.5)));

    [Fact]
    public void ReshapingKeepsTheValuesInOrder() => Holds((x, _) => x.flatten().view(x.shape).Equals(x) && x.T.T.Equals(x));

    [Fact]
    public void SplittingAndJoiningAreInverse() => Holds((x, _) => cat(x.chunk(2, -1), -1).Equals(x) && stack(x.unbind(), 0).Equals(x));

    [Fact]
    public void AMaskAndItsComplementPartition() => Holds((x, y) => x[x > y].numel() + x[(x > y).logical_not()].numel() == x.numel());

    [Fact]
    public void SortingIsAPermutation() => Holds((x, _) => x.sort(-1) is var (values, indices) && x.gather(-1, indices).Equals(values));

    [Fact]
    public void WhatIsWrittenThroughAnIndexIsReadThroughIt() => Holds((x, y) =>
    {
        x[TensorIndex.Ellipsis, 0] = y[TensorIndex.Ellipsis, 0];
        return x[TensorIndex.Ellipsis, 0].Equals(y[TensorIndex.Ellipsis, 0]);
    });

    // |x| < 6 and at most 625 terms: rounding stays below 1e-12 of the sum of magnitudes.
    [Fact]
    public void SumsDoNotDependOnTheOrderOfDimensions() => Holds((x, _) => x.sum().allclose(x.T.sum(), rtol: 1e-12, atol: 1e-11));

    [Fact]
    public void AFileGivesBackWhatWasWritten() => Holds((x, _) =>
    {
        using var stream = new MemoryStream();
        x.Save(stream);
        return Tensor.Load(new MemoryStream(stream.ToArray())).Equals(x);
    });
}
