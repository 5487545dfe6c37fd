using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>One row: how a bijection is made, and where it is tested.</summary>
/// <param name="Name">Shown by the test runner.</param>
/// <param name="Make">Makes it in float64 with weights that are not at their start (a flow at the identity would pass too
/// easily).</param>
/// <param name="Shape">Shape of one event.</param>
public sealed record BijectionRow(string Name, Func<Bijection> Make, params long[] Shape)
{
    /// <summary>Relative tolerance of the round trip in float64; larger only where the inverse is iterative.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Draws events from where the map is defined.</summary>
    public Func<long[], Tensor> Draw { get; init; } = size => torch.randn(size, torch.float64);

    /// <summary>Draws latents from where the inverse is defined.</summary>
    public Func<long[], Tensor>? DrawLatent { get; init; }

    /// <summary>Features of the context; 0 for none.</summary>
    public long Context { get; init; }

    /// <summary>
    /// Events in training mode change the map itself (batch statistics), so that properties hold in evaluation mode only.
    /// </summary>
    public bool EvaluationOnly { get; init; }

    /// <summary>Standard deviation of what is added to each parameter.</summary>
    public double WeightSize { get; init; } = 0.4;

    /// <summary>Whether the map has the derivative that autograd gives; rounding passes gradients that it does not
    /// have.</summary>
    public bool Smooth { get; init; } = true;

    /// <summary>Coordinates of an event, where its numbers are not free (the parts of a whole): what densities are taken
    /// over.</summary>
    public Func<Tensor, Tensor> Coordinates { get; init; } = x => x;

    /// <summary>The event of its coordinates.</summary>
    public Func<Tensor, Tensor> FromCoordinates { get; init; } = u => u;

    /// <summary>Runs before the tests, on the bijection with its random weights.</summary>
    public Action<BijectionRow, Bijection>? Prepare { get; init; }

    public override string ToString() => Name;
}

/// <summary>
/// The one table of constructors: a bijection added here meets every property test, one that is not fails
/// <see cref="BijectionCoverageTests"/>.
/// </summary>
public static partial class BijectionTable
{
    public static readonly IReadOnlyList<BijectionRow> Rows = [.. Usual(), .. Uneven()];

    private static BijectionRow[] Usual() =>
    [
        new("permute", () => new Permute([2, 0, 3, 1]), 4),
        new("permute channels", () => new Permute([1, 0, 2], 2, 2), 3, 2, 2),
        new("scaling", () => new Scaling(3), 3),
        new("standardize", () => new Standardize(torch.tensor(new[] { 1.0, -2.0 }), torch.tensor(new[] { 0.5, 3.0 })), 2),
        new("conditional whiten", () => new ConditionalWhiten(torch.tensor(new[] { 1.0, -2.0 }),
            torch.tensor(new[,] { { 0.3, -1 }, { 2, 0.1 }, { 0, 1 } }), torch.tensor(new[,] { { 0.5, 0 }, { -0.7, 2 } })), 2)
            { Context = 3 },
        new("additive coupling", () => Vector(4, new AdditiveTransformer()), 4),
        new("affine coupling", () => Vector(4, new AffineTransformer()), 4),
        new("affine coupling, shift first, bound 3", () => Vector(5, new AffineTransformer(AffineOrder.ShiftThenScale, 3)), 5),
        new("coupling over odd and even", () => Over(Partition.OddEven(5), new AffineTransformer()), 5),
        new("coupling over an index set", () => Over(Partition.FromIndices(6, 4, 0, 1), new AffineTransformer()), 6),
        new("coupling, residual conditioner", () => new Coupling(Partition.Halves(4), new AffineTransformer(),
            (i, o) => new ResidualMlp(i, o, 8, 2, Activation.Silu)), 4),
        new("coupling with context", () => new Coupling(Partition.Halves(4), new AffineTransformer(),
            (i, o) => new Mlp(i, o, [8], Activation.Tanh, contextSize: 3)), 4) { Context = 3 },
        new("invert", () => new Invert(Vector(4, new AffineTransformer())), 4),
        new("real nvp 2d", () => Architectures.RealNvp2D(6, [16], Activation.Tanh).Bijection, 2),
        new("real nvp, odd dimension", () => Architectures.RealNvp(5, 5, [8], Activation.Silu).Bijection, 5),
        new("real nvp with context", () =>
            Architectures.RealNvp(3, 4, [8], Activation.Silu, contextSize: 2).Bijection, 3) { Context = 2 },
        new("deep real nvp", () => Architectures.RealNvp(3, 20, [8], Activation.Silu).Bijection, 3),
        // 0.4 makes maps of condition 1e6 and more, of which float64 does not keep 1e-10
        new("tabular", () => Architectures.Tabular(3, 2, 8, 1, 4).Bijection, 3) { WeightSize = 0.2, Tolerance = 1e-12 },
        new("tabular with context", () =>
            Architectures.Tabular(torch.tensor(new[,] { { 0f, 1 }, { 2, 5 }, { 3, 3 } }), 2, 8, 1, 4, contextSize: 2).Bijection,
            2) { Context = 2 },
        new("nice", () => Architectures.Nice(4, 4, [8], Activation.Silu).Bijection, 4),
        new("chain of unlike parts", () => new Chain(
            Vector(4, new AffineTransformer()), Permute.Reverse(4), Over(Partition.OddEven(4), new AffineTransformer()),
            Over(Partition.OddEven(4).Swap(), new AdditiveTransformer()), new Scaling(4)), 4),

        new("leaky relu", () => new LeakyRelu(0.3), 3),
        new("tanh", () => new Tanh(), 3) { DrawLatent = Inside(-0.95, 0.95) },
        new("sigmoid", () => new Sigmoid(), 3) { DrawLatent = Inside(0.02, 0.98) },
        new("logit", () => new Logit(), 2, 3) { Draw = Inside(0, 1), DrawLatent = size => torch.randn(size, torch.float64) },
        new("softplus", () => new Softplus(), 3) { DrawLatent = Inside(0.05, 4) },
        new("sinh-arcsinh", () => new SinhArcsinh(3), 3),
        new("monotone sum", () => new MonotoneSum(4, 3), 3),
        new("elementwise spline", () => new Elementwise(new RationalQuadraticTransformer(5, 3), 3), 3),
        new("elementwise affine", () => new Elementwise(new AffineTransformer(), 2, 2), 2, 2),
        new("elementwise B-spline", () => new Elementwise(new BSplineTransformer(5, 3), 3), 3),
        new("B-spline coupling", () => Vector(4, new BSplineTransformer(6, 3)), 4),
        new("spline coupling", () => Vector(4, new RationalQuadraticTransformer(6, 3)), 4),

        new("dense linear", () => new DenseLinear(3), 3),
        new("lu linear", () => new LuLinear(4), 4),
        new("qr linear", () => new QrLinear(4, 3), 4),
        new("triangular linear", () => new TriangularLinear(3), 3),
        new("exponential linear", () => new ExponentialLinear(3), 3),
        new("shift", () => new Shift(2, 2), 2, 2),

        new("squeeze", () => new Squeeze(2, 4, 2), 2, 4, 2),
        new("squeeze, checkerboard order", () => new Squeeze(2, 4, 2, SqueezeOrder.Checkerboard), 2, 4, 2),
        new("flatten", () => new Flatten(2, 3), 2, 3),
        new("batch norm of vectors", () => new BatchNorm([3]), 3) { EvaluationOnly = true, Prepare = TrainOnce },
        new("batch norm of images", () => new BatchNorm([2, 2, 2]), 2, 2, 2) { EvaluationOnly = true, Prepare = TrainOnce },
        new("actnorm of vectors", () => new ActNorm(3), 3) { EvaluationOnly = true, Prepare = TrainOnce },
        new("actnorm of images", () => new ActNorm(2, 2, 3), 2, 2, 3) { EvaluationOnly = true },
        new("invertible 1x1 convolution", () => new InvertibleConv1x1(new LuLinear(3), 2, 2), 3, 2, 2),
        new("channel coupling", () => new Coupling(Partition.Channels(4, 2, 2), new AffineTransformer(AffineOrder.ShiftThenScale),
            (i, o) => new ResidualConvNet(i, o, 4, 1, batchNorm: false)), 4, 2, 2),
        new("channel coupling with splines", () =>
            new Coupling(Partition.Channels(2, 2, 2).Swap(), new RationalQuadraticTransformer(4),
            (i, o) => new ResidualConvNet(i, o, 4, 1, batchNorm: false)), 2, 2, 2),
        new("checkerboard coupling", () => new CheckerboardCoupling(1, 4, 4, new AffineTransformer(),
            new ResidualConvNet(1, 2, 4, 1, CheckerboardCoupling.Mask(4, 4))), 1, 4, 4) { EvaluationOnly = true,
            Prepare = TrainOnce },
        new("checkerboard coupling, additive, swapped", () => new CheckerboardCoupling(2, 2, 3, new AdditiveTransformer(),
            new ResidualConvNet(2, 2, 4, 1, batchNorm: false), swapped: true), 2, 2, 3),
        new("real nvp of images", () => Architectures.RealNvpImages([1, 4, 4], scales: 2, width: 4, blocks: 1).Bijection, 1, 4, 4)
            { EvaluationOnly = true, Prepare = TrainOnce, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9 },
        new("glow", () => Architectures.Glow([1, 4, 4], scales: 2, steps: 2, width: 4).Bijection, 1, 4, 4)
            // latents far out saturate the logit
            { EvaluationOnly = true, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("real nvp of images with learned priors and a context",
            () => Architectures.RealNvpImages([1, 4, 4], scales: 2, width: 4, blocks: 1, batchNorm: false, learnedPrior: true,
            contextSize: 2).Bijection, 1, 4, 4)
            { Context = 2, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("glow with learned priors and a context", () =>
            Architectures.Glow([1, 4, 4], scales: 2, steps: 1, width: 4, learnedPrior: true, contextSize: 2).Bijection, 1, 4, 4)
            { Context = 2, EvaluationOnly = true, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("real nvp of images given an image",
        () => Architectures.RealNvpImages([1, 4, 4], scales: 2, width: 4, blocks: 1, batchNorm: false, learnedPrior: true,
        contextShape: [2, 4, 4]).Bijection, 1, 4, 4)
            { Context = 32, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("glow given an image", () =>
            Architectures.Glow([1, 4, 4], scales: 2, steps: 1, width: 4, learnedPrior: true, contextShape: [1, 4, 4]).Bijection,
            1, 4, 4)
            { Context = 16, EvaluationOnly = true, Draw = Inside(0, 1), DrawLatent = Normal, Tolerance = 1e-9, WeightSize = 0.1 },
        new("channel coupling, one convolution, given an image", () =>
            new Coupling(Partition.Channels(4, 2, 2), new AffineTransformer(),
            (i, o) => new ConvConditioner(i, o, [2, 4, 4])), 4, 2, 2) { Context = 32 },
        new("channel coupling, one convolution, given features", () =>
            new Coupling(Partition.Channels(4, 2, 2), new AffineTransformer(),
            (i, o) => new ConvConditioner(i, o, [3])), 4, 2, 2) { Context = 3 },
        new("dequantisation noise", () => Architectures.DequantizationNoise([1, 4, 4], 2, 4, 1).Bijection, 1, 4, 4)
            { Context = 16, Draw = Inside(0.02, 0.98), DrawLatent = Normal },
        new("multi-scale", () =>
            new MultiScale(new Squeeze(1, 4, 4), new Chain(new ActNorm(2, 2, 2), new Squeeze(2, 2, 2)), new Scaling(4, 1, 1)), 1,
            4, 4)
            { EvaluationOnly = true },

        new("masked autoregressive", () =>
            new MaskedAutoregressive(new AffineTransformer(), new Made(4, 2, [12, 12], Activation.Silu, [2, 0, 3, 1])), 4),
        new("masked autoregressive splines", () =>
            new MaskedAutoregressive(new RationalQuadraticTransformer(4), new Made(3, 11, [12], Activation.Silu)), 3),
        new("maf with context", () => Architectures.Maf(3, 3, [12], Activation.Silu, contextSize: 2).Bijection, 3) { Context =
            2 },
        new("iaf", () => Architectures.Iaf(3, 2, [12], Activation.Silu).Bijection, 3),
        new("naf, deep sigmoidal", () =>
            Architectures.Naf(3, 2, [12], new DeepSigmoidalTransformer(3, 2), Activation.Silu).Bijection, 3),
        new("naf, dense sigmoidal, with context", () =>
            Architectures.Naf(3, 1, [12], new DenseSigmoidalTransformer(3, 3), Activation.Silu, contextSize: 2).Bijection, 3)
            { Context = 2 },
        new("elementwise dense sigmoidal", () => new Elementwise(new DenseSigmoidalTransformer(4), 2, 2), 2, 2),
        new("elementwise mixture of logistics", () => new Elementwise(new MixtureOfLogisticsTransformer(3), 3), 3),
        new("mixture of logistics coupling", () => Vector(4, new MixtureOfLogisticsTransformer(3)), 4),
        new("elementwise mixture of normals", () => new Elementwise(new MixtureOfNormalsTransformer(3), 2, 2), 2, 2),
        new("mixture of normals coupling", () => Vector(4, new MixtureOfNormalsTransformer(3)), 4),
        new("gaussianization", () => Architectures.Gaussianization(3, 2, 3).Bijection, 3),
        new("normal quantile", () => new NormalQuantile(), 3) { Draw = Inside(0.01, 0.99), DrawLatent = Normal },
        new("continuous flow", () =>
            new ContinuousFlow(new MlpField(2, 8), options: new() { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 }), 2)
            { Tolerance = 1e-6 },   // what 1e-9 in each step leaves over the whole way
        new("continuous flow, fixed steps", () =>
            new ContinuousFlow(new MlpField(3, 8), options: new() { Method = OdeMethod.RungeKutta4, Steps = 40 }), 3)
            { Tolerance = 1e-5 },
        new("continuous flow, adjoint gradients, with context", () => new ContinuousFlow(new MlpField(2, [8], contextSize: 3),
            options: new() { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 }, gradient: OdeGradient.Adjoint), 2) {
            Tolerance = 1e-6, Context = 3 },
        new("residual flow", () => new ResidualFlow(3, [8, 8]), 3) { Tolerance = 1e-9 },
        new("convolutional residual flow", () => new ConvResidualFlow(2, 2, 3, 4, ResidualLogDet.Exact), 2, 2, 3)
            { Tolerance = 1e-9 },
        new("planar", () => new Planar(3), 3),
        new("sylvester, orthogonal", () => Sylvester.Orthogonal(4, 2), 4),
        new("sylvester, householder", () => Sylvester.Householder(3, 2), 3),
        new("sylvester, triangular", () => new Chain(Sylvester.Triangular(3), Sylvester.Triangular(3, reversed: true)), 3),
        new("radial", () => new Radial(3), 3),

        .. Supports,
        .. Attention,
        .. Monotone,
    ];

    private static Tensor Normal(long[] size) => torch.randn(size, torch.float64);

    /// <summary>One batch in training mode, so that running statistics are not those of the start.</summary>
    private static void TrainOnce(BijectionRow row, Bijection bijection)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        bijection.train();
        bijection.Forward(row.Events(32));
        bijection.eval();
    }

    private static Func<long[], Tensor> Inside(double low, double high) => size =>
        torch.WrappedTensorDisposeScope(() => torch.rand(size, torch.float64) * (high - low) + low);

    private static Coupling Vector(int d, Transformer transformer) => Over(Partition.Halves(d), transformer);

    private static Coupling Over(Partition partition, Transformer transformer) =>
        new(partition, transformer, (i, o) => new Mlp(i, o, [8, 8], Activation.Silu));

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Name)];

    public static BijectionRow Row(string name) => Rows.Single(r => r.Name == name);

    /// <summary>The row's bijection in float64 and evaluation mode, with random weights of moderate size.</summary>
    public static Bijection Build(this BijectionRow row)
    {
        torch.manual_seed(7);
        var bijection = row.Make().to(torch.float64);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        foreach (var p in bijection.parameters()) p.add_(torch.randn_like(p) * row.WeightSize);
        bijection.eval();
        row.Prepare?.Invoke(row, bijection);
        return bijection;
    }

    public static Tensor Events(this BijectionRow row, long n) => row.Draw([n, .. row.Shape]);

    public static Tensor Latents(this BijectionRow row, Bijection bijection, long n) =>
        (row.DrawLatent ?? row.Draw)([n, .. bijection.LatentShape ?? row.Shape]);

    public static Tensor? ContextFor(this BijectionRow row, long n) =>
        row.Context > 0 ? torch.randn([n, row.Context], torch.float64) : null;
}
