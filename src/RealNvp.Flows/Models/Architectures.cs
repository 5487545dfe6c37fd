using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

/// <summary>
/// Ready-made flows. Weights are drawn from torch's global generator: seed it with torch.manual_seed for a repeatable start.
/// </summary>
/// <example>
/// <code>
/// var flow = Architectures.RealNvp(dim: 2, layers: 6, hidden: [64, 64]);
/// Trainer.Fit(flow, Toys.Moons(500), options: new() { Steps = 20 });
/// Console.WriteLine(flow.Sample(3).shape[1]);
/// // prints 2
/// </code>
/// </example>
public static partial class Architectures
{
    private const int DeepFrom = 16;
    private const double DeepShiftBound = 8;
    private const double DeepSlope = 128;
    private const double FineBound = 4;    // beyond this, networks see no difference
    private const double UnlikeParts = 0.5;   // components that start alike stay so for long

    /// <summary>
    /// Real NVP for vectors: affine couplings over two halves that exchange roles from layer to layer, each with an MLP
    /// (Dinh, Sohl-Dickstein, Bengio 2017, arXiv:1605.08803, without its image machinery).
    /// </summary>
    /// <remarks>
    /// A composition of steep layers stretches some directions a millionfold and folds others as flat: float32's 7 digits of z
    /// then no longer say where x was, in whatever precision the inverse is computed. Stacks of more than 16 layers therefore
    /// share out what sets that stretch: log-scales of 16, slopes of the networks of 128 (see <see cref="Mlp"/>), and shifts are
    /// bounded by 8. With 64 couplings and random weights of size 5 the round trip in float32 is then right within 1e-4.
    /// </remarks>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Couplings; an even number changes all features equally often.</param>
    /// <param name="hidden">Widths of the MLPs' hidden layers; null is [64, 64].</param>
    /// <param name="activation">The MLPs' nonlinearity.</param>
    /// <param name="order">Scale first or shift first.</param>
    /// <param name="logScaleBound">
    /// B: one layer scales an element by less than exp(B). Null is 1 up to 16 layers; deeper stacks share 16 among their layers
    /// (see remarks).
    /// </param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow RealNvp(int dim, int layers = 8, int[]? hidden = null, Activation activation = Activation.Relu,
        AffineOrder order = AffineOrder.ScaleThenShift, double? logScaleBound = null, long? contextSize = null) =>
        RealNvp(dim, layers, hidden, activation, order, logScaleBound, contextSize, far: null);

    private static Flow RealNvp(int dim, int layers, int[]? hidden, Activation activation, AffineOrder order,
        double? logScaleBound,
        long? contextSize, FarInputs? far)
    {
        var halves = Alternating(dim, layers);
        var deep = layers > DeepFrom;
        var bound = logScaleBound ?? (deep ? (double)DeepFrom / layers : 1);
        return new(new Chain([.. halves.Select(partition =>
            new Coupling(partition, new AffineTransformer(order, bound, deep ? DeepShiftBound : null),
            (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], activation, contextSize, largestSlope: deep
            ? DeepSlope / layers : null) { Far = far }))]));
    }

    /// <summary>Real NVP with the defaults for two dimensions.</summary>
    public static Flow RealNvp2D(int layers = 8, int[]? hidden = null, Activation activation = Activation.Relu) =>
        RealNvp(2, layers, hidden, activation);

    /// <summary>
    /// Real NVP for two dimensions, deep enough for densities of separate peaks, and with log-scales wide enough to thin what is
    /// left between them: sixteen couplings with |s| below 4, whose networks see features within [-3, 3] as they are, and beyond
    /// as if these levelled off at 4.
    /// <see cref="Training.TrainingOptions.Fine"/> suits it.
    /// </summary>
    public static Flow FineRealNvp2D() => RealNvp(2, 16, null, Activation.Relu, AffineOrder.ScaleThenShift, 4, null,
        FarInputs.OfSpline(FineBound));

    /// <summary>
    /// NICE: additive couplings over two halves that exchange roles, then a learned scaling of each feature, the only part that
    /// changes volume (Dinh, Krueger, Bengio 2015, arXiv:1410.8516). Unlike the other ready-made flows it does not start as the
    /// identity: on symmetric data a shift of zero has no gradient, and a flow of nothing but shifts would stay there.
    /// </summary>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Couplings.</param>
    /// <param name="hidden">Widths of the MLPs' hidden layers; null is [64, 64].</param>
    /// <param name="activation">The MLPs' nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow Nice(int dim, int layers = 4, int[]? hidden = null, Activation activation = Activation.Relu,
        long? contextSize = null)
    {
        var halves = Alternating(dim, layers);
        return new(new Chain(
        [
            .. halves.Select(partition => new Coupling(partition, new AdditiveTransformer(),
                (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], activation, contextSize, zeroLast: false))),
            new Scaling(dim),
        ]));
    }

    /// <summary>
    /// Neural spline flow: couplings whose transformer is a rational-quadratic spline (Durkan, Bekasov, Murray, Papamakarios
    /// 2019, arXiv:1906.04032). More flexible than Real NVP at the same depth; the identity outside [-bound, bound], so
    /// standardise the data first. What the networks see of a feature levels off from three quarters of the bound on, so that
    /// points far out come back with their digits.
    /// </summary>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Couplings.</param>
    /// <param name="hidden">Widths of the MLPs' hidden layers; null is [64, 64].</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound].</param>
    /// <param name="activation">The MLPs' nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow NeuralSpline(int dim, int layers = 4, int[]? hidden = null, int bins = 8, double bound = 4,
        Activation activation = Activation.Relu, long? contextSize = null)
    {
        var halves = Alternating(dim, layers);
        return new(new Chain([.. halves.Select(partition => new Coupling(partition, new RationalQuadraticTransformer(bins, bound),
            (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], activation, contextSize)
            {
                Far = FarInputs.OfSpline(bound)
            }))]));
    }

    /// <summary>
    /// Gaussianization flow: each layer turns the data (QR) and makes every marginal normal by itself, Phi^-1(F_i(x_i)) with F_i
    /// the CDF of a mixture of normals. No network, and any dimension from 1 up (Chen, Gopinath 2000; trained as a whole, Meng,
    /// Song, Song, Ermon 2020, arXiv:2003.01941).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Turns, each with its marginals.</param>
    /// <param name="components">Normals of each marginal's mixture.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Gaussianization(int dim, int layers = 8, int components = 8)
    {
        RequireFeatures(dim);
        RequireLayers(layers);
        return new(new Chain([.. Enumerable.Range(0, layers).SelectMany<int, Bijection>(_ =>
            [new QrLinear(dim), new Elementwise(new MixtureOfNormalsTransformer(components), spread: UnlikeParts, [dim])])]));
    }

    private static void RequireLayers(int layers)
    {
        if (layers < 1) throw new ArgumentException($"A flow has at least one layer, but was given {layers}.", nameof(layers));
    }

    private static void RequireFeatures(int dim)
    {
        if (dim < 1) throw new ArgumentException($"A flow has at least one feature, but was given {dim}.", nameof(dim));
    }

    private static void RequireTwoFeatures(int dim, string argument = "dim")
    {
        if (dim < 2)
            throw new ArgumentException("This flow changes one half of the features by the other and takes at least 2, but was "
                + $"given {dim}; {nameof(Maf)}, {nameof(Naf)}, {nameof(Gaussianization)}, {nameof(Ffjord)}, {nameof(Residual)}, "
                + $"{nameof(Planar)}, {nameof(Radial)} and {nameof(Sylvester)} take one.", argument);
    }

    /// <summary>One partition into halves for each layer, roles exchanged from one to the next.</summary>
    private static IEnumerable<Partition> Alternating(int dim, int layers)
    {
        RequireTwoFeatures(dim);
        RequireLayers(layers);
        return Enumerable.Range(0, layers).Select(k => k % 2 == 0 ? Partition.Halves(dim) : Partition.Halves(dim).Swap());
    }
}
