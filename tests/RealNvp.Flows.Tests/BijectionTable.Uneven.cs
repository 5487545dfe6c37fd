using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Transformers;
using TorchSharp;

namespace RealNvp.Flows.Tests;

public static partial class BijectionTable
{
    /// <summary>
    /// Sizes that are neither square nor even, and settings that are not the defaults: what counts rows where it means columns,
    /// or takes a default where a value was given, passes the usual rows.
    /// </summary>
    private static BijectionRow[] Uneven() =>
    [
        new("coupling of whole numbers", () => new Coupling(Partition.Halves(5), new AdditiveTransformer(),
            (i, o) => new RoundedConditioner(new Mlp(i, o, [8], Activation.Tanh), 16)), 5)
            { Smooth = false, Draw = size =>
                torch.WrappedTensorDisposeScope(() => torch.randint(0, 16, size).to(torch.float64)) },
        new("permute, one long cycle", () => new Permute([1, 2, 3, 4, 0]), 5),
        new("permute channels of a wide image", () => new Permute([2, 0, 1], 2, 3), 3, 2, 3),
        new("scaling of a wide image", () => new Scaling(2, 3, 5), 2, 3, 5),
        new("shift of a wide image", () => new Shift(3, 1, 4), 3, 1, 4),
        new("standardize a wide image", () => new Standardize(torch.randn(2, 1, 3, torch.float64),
            torch.rand(2, 1, 3, torch.float64) + 0.5), 2, 1, 3),
        new("additive coupling of seven", () => Over(Partition.OddEven(7).Swap(), new AdditiveTransformer()), 7),
        new("coupling over one index of five", () => Over(Partition.FromIndices(5, 3), new AffineTransformer()), 5),
        new("affine coupling, bound 0.5", () => Over(Partition.Halves(5).Swap(),
            new AffineTransformer(AffineOrder.ScaleThenShift, 0.5)), 5),
        new("channel coupling of six wide", () => new Coupling(Partition.Channels(6, 2, 3), new AffineTransformer(),
            (i, o) => new ResidualConvNet(i, o, 3, 2, batchNorm: false)), 6, 2, 3),
        new("checkerboard coupling, uneven", () => new CheckerboardCoupling(3, 3, 5, new AffineTransformer(),
            new ResidualConvNet(3, 6, 4, 1, batchNorm: false)), 3, 3, 5),
        new("leaky relu, slope 3", () => new LeakyRelu(3), 5),
        new("sinh-arcsinh of a wide image", () => new SinhArcsinh(2, 1, 3), 2, 1, 3),
        new("monotone sum of two", () => new MonotoneSum(2, 5), 5),
        new("elementwise spline, two bins, bound 0.7", () => new Elementwise(new RationalQuadraticTransformer(2, 0.7), 5), 5),
        new("elementwise spline, bound 9", () => new Elementwise(new RationalQuadraticTransformer(7, 9), 2, 3), 2, 3),
        new("elementwise B-spline, bound 8", () => new Elementwise(new BSplineTransformer(9, 8), 1, 5), 1, 5),
        new("logit, alpha 0.2", () => new Logit(0.2), 3, 2)
            { Draw = Inside(0, 1), DrawLatent = size => torch.randn(size, torch.float64) },
        new("dense linear of five", () => new DenseLinear(5), 5),
        new("lu linear of five", () => new LuLinear(5), 5),
        new("qr linear, fewer reflections than features", () => new QrLinear(5, 2), 5),
        new("triangular linear of five", () => new TriangularLinear(5), 5),
        new("exponential linear of five", () => new ExponentialLinear(5), 5),
        new("squeeze a wide image", () => new Squeeze(3, 2, 6), 3, 2, 6),
        new("squeeze a tall image, checkerboard order", () => new Squeeze(3, 6, 2, SqueezeOrder.Checkerboard), 3, 6, 2),
        new("flatten a wide image", () => new Flatten(3, 2, 5), 3, 2, 5),
        new("batch norm of wide images, momentum 0.5, epsilon 0.1", () => new BatchNorm([3, 1, 4], 0.5, 0.1), 3, 1, 4)
            { EvaluationOnly = true, Prepare = TrainOnce },
        new("actnorm of one channel", () => new ActNorm(1, 3, 2), 1, 3, 2) { EvaluationOnly = true, Prepare = TrainOnce },
        new("invertible 1x1 convolution of a wide image", () => new InvertibleConv1x1(new DenseLinear(2), 3, 5), 2, 3, 5),
        new("real nvp of uneven images", () =>
            Architectures.RealNvpImages([3, 4, 8], scales: 2, width: 3, blocks: 1, batchNorm: false).Bijection, 3, 4, 8)
            { Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("glow of uneven images", () => Architectures.Glow([3, 8, 4], scales: 2, steps: 1, width: 3).Bijection, 3, 8, 4)
            { EvaluationOnly = true, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("multi-scale of wide images", () =>
            new MultiScale(new Squeeze(1, 4, 12), new Chain(new ActNorm(2, 2, 6), new Squeeze(2, 2, 6)), new Scaling(4, 1, 3)), 1,
            4, 12) { EvaluationOnly = true },
        new("masked autoregressive, unlike layers", () =>
            new MaskedAutoregressive(new AffineTransformer(), new Made(5, 2, [11, 23, 7], Activation.Tanh, [4, 1, 0, 3, 2])), 5),
        new("deep sigmoidal, five units in three layers", () =>
            new Elementwise(new DeepSigmoidalTransformer(5, 3), 2, 3), 2, 3),
        new("gaussianization, unlike counts", () => Architectures.Gaussianization(5, 1, 2).Bijection, 5),
        new("residual flow, wide, narrow", () => new ResidualFlow(5, [13, 3], coefficient: 0.7), 5) { Tolerance = 1e-9 },
        new("convolutional residual flow, one row of wide pixels", () =>
            new ConvResidualFlow(3, 1, 5, 7, ResidualLogDet.Exact, 0.7), 3, 1, 5) { Tolerance = 1e-9 },
        new("planar of seven", () => new Planar(7), 7),
        new("radial of one", () => new Radial(1), 1),
        new("sylvester, two of seven", () => Sylvester.Orthogonal(7, 2), 7),
        new("sylvester, householder, four of five", () => Sylvester.Householder(5, 4), 5),
        new("continuous flow, five features, two layers", () => new ContinuousFlow(new MlpField(5, [7, 3]),
            options: new() { Method = OdeMethod.RungeKutta4, Steps = 60 }), 5) { Tolerance = 1e-5 },
    ];
}
