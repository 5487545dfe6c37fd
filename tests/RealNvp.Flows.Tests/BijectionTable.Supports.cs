using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Rows of maps from half-lines, boxes, simplices, circles.</summary>
public static partial class BijectionTable
{
    private static IEnumerable<BijectionRow> Supports =>
    [
        new("exp", () => new Exp(), 3) { DrawLatent = Inside(0.05, 4) },
        new("power", () => new Power(1.7), 3) { Draw = Inside(0.05, 4) },
        new("power, negative", () => new Power(-0.5), 2, 2) { Draw = Inside(0.2, 4) },
        new("box-cox", () => new BoxCox(torch.tensor(new[] { 0.5, 0, -1 })), 3)
            { Draw = Inside(0.2, 3), DrawLatent = Inside(-0.9, 0.6) },
        new("interval", () => new Interval(-1, 3), 2, 3) { Draw = Inside(-1, 3), DrawLatent = Normal },
        new("half-line", () => new Interval(double.NegativeInfinity, 3), 2) { Draw = Inside(-1, 2.9), DrawLatent = Normal },
        new("box", AllSides, 4) { Draw = Inside(0.02, 0.98), DrawLatent = Normal },
        new("stick breaking", () => new StickBreaking(4), 4)
        {
            Draw = Parts,
            DrawLatent = Normal,
            Coordinates = x => x.narrow(1, 0, 3),
            FromCoordinates = WithRest,
        },
        new("ordered", () => new Ordered(4), 4) { Draw = size => Normal(size).sort(1).Values, DrawLatent = Normal },
        new("correlation matrices", () => new CorrelationCholesky(3), 3, 3)
        {
            Draw = Correlations,
            DrawLatent = Normal,
            Coordinates = c => c.flatten(1).index_select(1, torch.tensor(new long[] { 3, 6, 7 })),   // c10, c20, c21
            FromCoordinates = CorrelationOf,
        },
        new("concatenate with context", () => new Concatenate(AllSides(), Architectures.RealNvp(2, 2, [8], Activation.Silu,
            contextSize: 2).Bijection, new StickBreaking(2)), 8)
        {
            Context = 2,
            Draw = size => torch.cat([torch.rand([size[0], 6], torch.float64) * 0.9 + 0.05, Parts([size[0], 2])], 1),
            DrawLatent = Normal,
            Coordinates = x => x.narrow(1, 0, 7),
            FromCoordinates = u => torch.cat([u.narrow(1, 0, 6), WithRest(u.narrow(1, 6, 1))], 1),
        },
        new("tabular with supports", () => Architectures.Tabular(Parts([50, 2]).to(torch.float32),
            [Support.Positive, Support.Interval(0, 1)], 2, 8, 1, 4).Bijection, 2)
            // 0.2 as of the tabular row, of latents that the logit takes far out
            { WeightSize = 0.2, Tolerance = 1e-9, Draw = Inside(0.1, 0.9), DrawLatent = Normal },

        new("circular shift", () => new CircularShift(3), 3) { Draw = Angles },
        new("circular spline", () => new Elementwise(new CircularSplineTransformer(5), 3), 3) { Draw = Angles },
        new("moebius maps", () => new Elementwise(new MoebiusTransformer(3), 2, 2), 2, 2) { Draw = Angles },
        new("sphere to cylinder", () => new SphereToCylinder(), 3)
        {
            Draw = size => torch.WrappedTensorDisposeScope(() => nn.functional.normalize(Normal(size), 2, 1)),
            DrawLatent = Inside(-0.95, 0.95),
            Coordinates = Geographic,   // over which the area is flat; its own test holds that against the metric
            FromCoordinates = u => torch.stack([(1 - u.select(1, 1).square()).sqrt() * u.select(1, 0).cos(),
                (1 - u.select(1, 1).square()).sqrt() * u.select(1, 0).sin(), u.select(1, 1)], 1),
        },
        new("circles and lines", () => Architectures.CirclesAndLines(2, 2, 1, [8]).Bijection, 4) { Draw = Angles },
        new("circles and a line with context, splines", () => Architectures.CirclesAndLines(2, 1, 1, [8],
            new CircularSplineTransformer(4), contextSize: 2).Bijection, 3) { Draw = Angles, Context = 2 },
    ];

    /// <summary>An interval, two half-lines and the line.</summary>
    private static Box AllSides() => new(
        torch.tensor(new[] { 0, 0, double.NegativeInfinity, double.NegativeInfinity }),
        torch.tensor(new[] { 1, double.PositiveInfinity, 2, double.PositiveInfinity }));

    private static Tensor Parts(long[] size) => torch.WrappedTensorDisposeScope(() => Normal(size).softmax(1));

    private static Tensor WithRest(Tensor u) => torch.cat([u, 1 - u.sum(1, keepdim: true)], 1);

    /// <summary>Correlations of four draws of three numbers each.</summary>
    private static Tensor Correlations(long[] size) => torch.WrappedTensorDisposeScope(() =>
    {
        var draws = Normal([size[0], 3, 4]);
        draws = draws / draws.norm(2, keepdim: true);
        return draws.matmul(draws.transpose(1, 2));
    });

    /// <summary>Of c10, c20 and c21.</summary>
    private static Tensor CorrelationOf(Tensor u)
    {
        var (one, c) = (torch.ones_like(u.select(1, 0)), u.unbind(1));
        return torch.stack([one, c[0], c[1], c[0], one, c[2], c[1], c[2], one], 1).view(-1, 3, 3);
    }

    private static Tensor Geographic(Tensor x) => torch.stack([torch.atan2(x.select(1, 1), x.select(1, 0)), x.select(1, 2)], 1);

    private static Tensor Angles(long[] size) => Inside(-3.1, 3.1)(size);
}
