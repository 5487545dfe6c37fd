using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Double wells side by side, exp(-E(x)) / Z with E(x) = sum over pairs (a, b) of a^4 - 6 a^2 - a / 2 + b^2 / 2: 2^wells modes of
/// unlike weight behind high barriers, with Z known, on which inference is tried (Noé, Olsson, Köhler, Wu 2019,
/// arXiv:1812.01729; as here Midgley, Stimper, Simm, Schölkopf, Hernández-Lobato 2023, arXiv:2208.01893).
/// </summary>
/// <example>
/// <code>
/// var wells = new ManyWell(4);
/// Console.WriteLine($"{wells.Dimension} dimensions, {wells.Modes} modes, log Z {wells.LogNormalizer:f3}");
/// // prints 8 dimensions, 16 modes, log Z 41.174
/// </code>
/// </example>
public sealed class ManyWell : Distribution
{
    private const int MostWells = 1024;
    private const double Edge = 4;   // exp(-E) is below 1e-60 of its greatest value there
    private const double Highest = 9.88;   // above the greatest -E along a, 9.8712 at 1.7525

    private readonly Tensor zero;

    /// <summary>Of events [2 wells]; odd elements are the a, even ones the b.</summary>
    /// <param name="wells">Double wells, 1 to 1024.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or more.</exception>
    public ManyWell(int wells) : base(nameof(ManyWell), [2L * InRange(wells)])
    {
        zero = torch.zeros([]);
        LogNormalizer = wells * (LogWell() + Math.Log(2 * Math.PI) / 2);
        RegisterComponents();
    }

    /// <summary>log Z = log of the integral of exp(-E), by quadrature along a to 14 digits.</summary>
    public double LogNormalizer { get; }

    /// <summary>How many modes there are, 2^wells.</summary>
    public double Modes => Math.Pow(2, EventShape[0] / 2.0);

    /// <summary>E(x) = -log p(x) - log Z: what is known of a density in practice.</summary>
    /// <param name="x">Events [N, 2 wells].</param>
    /// <returns>[N].</returns>
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public Tensor Energy(Tensor x)
    {
        Shapes.Require(GetName(), x, EventShape, nameof(x));
        using var scope = NewDisposeScope();
        var pairs = x.unflatten(1, [-1, 2]);
        var (a, b) = (pairs.select(2, 0), pairs.select(2, 1));
        var square = a.square();
        return scope.MoveToOuter((square * (square - 6) - a / 2 + b.square() / 2).sum(1L));
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) => Energy(x).neg() - LogNormalizer;

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var count = n * (EventShape[0] / 2);
        var b = torch.randn([count], zero.dtype, zero.device, generator: generator);
        return torch.stack([Rejected(count, generator), b], 1).reshape(n, EventShape[0]);
    }

    /// <summary>Draws of exp(-E) along a: uniform ones, kept as often as exp(-E) says.</summary>
    private Tensor Rejected(long count, Generator? generator)
    {
        var kept = new List<Tensor>();
        for (var left = count; left > 0; left -= kept[^1].size(0))
        {
            using var scope = NewDisposeScope();
            var draws = 16 * left + 64;   // one in 13 is kept
            var a = (torch.rand([draws], zero.dtype, zero.device, generator: generator) * 2 - 1) * Edge;
            var u = torch.rand([draws], zero.dtype, zero.device, generator: generator).log();
            var good = a.masked_select(u.lt(LogWeight(a) - Highest));
            kept.Add(scope.MoveToOuter(good.narrow(0, 0, Math.Min(left, good.size(0))).clone()));
        }
        return torch.cat([.. kept], 0);
    }

    /// <summary>-E along a.</summary>
    private static Tensor LogWeight(Tensor a) => a.square() * (6 - a.square()) + a / 2;

    private static double LogWell()
    {
        const int Nodes = 4000;   // the midpoint rule's error falls exponentially: it is nothing from some hundred on
        using var scope = NewDisposeScope();
        return LogWeight(Quadrature.Midpoints(-Edge, Edge, Nodes)).logsumexp(0).ToDouble() + Math.Log(2 * Edge / Nodes);
    }

    private static int InRange(int wells) => wells is >= 1 and <= MostWells ? wells
        : throw new ArgumentOutOfRangeException(nameof(wells), wells, $"There are 1 to {MostWells} double wells.");

    /// <inheritdoc/>
    public override string ToString() => $"ManyWell, {EventShape[0] / 2} double wells";
}
