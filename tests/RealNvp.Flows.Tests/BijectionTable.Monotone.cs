using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Tests;

/// <summary>Rows of monotone polynomials and networks, and of fields that are taught by flow matching.</summary>
public static partial class BijectionTable
{
    private static IEnumerable<BijectionRow> Monotone =>
    [
        new("autoregressive splines, residual", () => Architectures.AutoregressiveSpline(3, 2, 12, 1, 4,
            activation: Activation.Silu).Bijection, 3),
        new("autoregressive splines of learned intervals, with context", () => Architectures.AutoregressiveSpline(3, 1, 12, 1, 4,
            learnedInterval: true, activation: Activation.Silu, contextSize: 2).Bijection, 3) { Context = 2 },
        new("learned interval, affine", () =>
            new Elementwise(new LearnedIntervalTransformer(new AffineTransformer()), 2, 2), 2, 2),
        new("elementwise Bernstein polynomial", () => new Elementwise(new BernsteinTransformer(6, 3), 2, 2), 2, 2),
        new("naf, Bernstein polynomials", () =>
            Architectures.Naf(3, 2, [12], new BernsteinTransformer(8), Activation.Silu).Bijection, 3),
        new("elementwise sum of squares", () => new Elementwise(new SumOfSquaresTransformer(2, 3), 2, 2), 2, 2),
        new("naf, sums of squares", () =>
            Architectures.Naf(3, 1, [12], new SumOfSquaresTransformer(), Activation.Silu).Bijection, 3) { WeightSize = 0.2 },
        // the derivative is the integrand, and the sum over 24 nodes its integral to about 1e-10
        new("elementwise unconstrained monotone", () =>
            new Elementwise(new UnconstrainedMonotoneTransformer(3, [8, 8]), 2, 2), 2, 2)
            { Tolerance = 1e-9 },
        new("unconstrained monotone, with context", () =>
            Architectures.Umnn(3, 2, [12], 4, Activation.Silu, contextSize: 2).Bijection, 3) { Context = 2, Tolerance = 1e-8,
            WeightSize = 0.2 },
        new("block autoregressive", () => Architectures.Bnaf(3, 2, 4).Bijection, 3),
        new("block autoregressive with context", () => new BlockAutoregressive(3, 4, 1, contextSize: 2), 3) { Context = 2 },
        new("continuous flow of a time-scaled field, with context", () => new ContinuousFlow(
            new TimeScaledField(2, [8], contextSize: 2),
            options: new() { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 }), 2)
            { Tolerance = 1e-6, Context = 2, WeightSize = 0.2 },
    ];
}
