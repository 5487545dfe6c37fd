using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>
/// A table of real numbers beside categories and whole numbers, whose probability is bounded from below: with real numbers v that
/// stand for the row x, drawn from q(v | x), log P(x) is at least the mean of log p(v) - log q(v | x), p a flow (Nielsen,
/// Jaini, Hoogeboom, Winther, Welling 2020, arXiv:2007.02731, section 3.1). Made by <see cref="Architectures.MixedTable"/>,
/// fitted by <see cref="Training.Trainer.FitBound"/>.
/// </summary>
/// <example>
/// <code>
/// var kind = tensor([0f, 0, 0, 1]).repeat(50).unsqueeze(1);
/// var x = cat([kind, kind * 3 + randn(200, 1)], 1);   // a category, and a number that hangs together with it
/// var table = Architectures.MixedTable(x, [Support.Category(2), Support.Real], layers: 2);
/// Trainer.FitBound(table, x, options: new() { Steps = 20 });
/// var drawn = table.Sample(100);
/// Console.WriteLine(drawn.select(1, 0).eq(0).logical_or(drawn.select(1, 0).eq(1)).all().ToBoolean());
/// // prints True
/// </code>
/// </example>
public sealed class MixedTable : FlowModule
{
    private const double MostSeen = 5;   // deviations from the mean, beyond which the noise's networks see no difference

    private readonly Flow density;
    private readonly Distribution noise;
    private readonly Tensor mean;
    private readonly Tensor scale;
    private readonly MixedColumns columns;

    /// <param name="density">p of v.</param>
    /// <param name="columns">From the first of x to the last.</param>
    /// <param name="noise">Of as many numbers as the discrete columns take; its context is what is seen of a row.</param>
    /// <param name="data">What real columns are brought to one scale by.</param>
    internal MixedTable(Flow density, MixedColumns columns, Distribution noise, Tensor data)
        : base(nameof(MixedTable))
    {
        (this.density, this.noise, this.columns) = (density, noise, columns);
        using var scope = NewDisposeScope();
        mean = data.mean([0]).to(torch.get_default_dtype());
        scale = data.std(0L, unbiased: false).clamp_min(1e-6).to(torch.get_default_dtype());
        RegisterComponents();
    }

    /// <summary>p, the flow of the real numbers v that stand for rows.</summary>
    public Flow Density => density;

    /// <summary>q, as the numbers on the line that v is made of; its context is the row.</summary>
    public Distribution Noise => noise;

    /// <summary>What the columns hold, from the first to the last.</summary>
    public IReadOnlyList<Support> Supports => columns.Supports;

    /// <summary>Columns of a row.</summary>
    public int Columns => columns.Supports.Sum(support => support.Columns);

    /// <summary>Features of the context; null when there is none.</summary>
    public long? ContextSize => density.ContextSize;

    /// <summary>
    /// A lower bound of log P(x) in nats, one draw of it; P is a density in the real columns. It is the log of the mean over K
    /// draws of v of p(v) / q(v | x), whose mean rises with K to log P(x) (Burda, Grosse, Salakhutdinov 2016,
    /// arXiv:1509.00519).
    /// </summary>
    /// <param name="x">Rows [N, Columns], of a floating dtype.</param>
    /// <param name="draws">K.</param>
    /// <param name="context">One context for each row; only where the flow takes one. The noise sees the row alone.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <returns>[N], differentiable in the parameters of p and q.</returns>
    /// <exception cref="ArgumentException">x has another shape, or holds a value that is not finite or lies outside of its
    /// column's support; row and column are named.</exception>
    public Tensor LowerBound(Tensor x, int draws = 1, Tensor? context = null, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        Require(x, nameof(x));
        Shapes.RequireContext(GetName(), context, ContextSize, x.size(0));
        return ModelCall.Run(this, GetName(), () => Bound(x, draws, context, generator), (x, nameof(x)),
            (context, nameof(context)));
    }

    /// <summary>Draws rows, without gradients and in evaluation mode: categories and whole numbers as such.</summary>
    /// <param name="n">How many.</param>
    /// <param name="context">One context for each row, [n, ContextSize]; only where the flow takes one.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <returns>[n, Columns].</returns>
    public Tensor Sample(long n, Tensor? context = null, Generator? generator = null)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(columns.Lower(density.Sample(n, context, generator)));
    }

    /// <summary>LowerBound without the checks.</summary>
    internal Tensor Bound(Tensor x, int draws, Tensor? context, Generator? generator)
    {
        var seen = noise.ContextSize is null ? null : columns.Seen(x, ((x - mean) / scale).clamp(-MostSeen, MostSeen));
        var terms = Enumerable.Range(0, draws).Select(_ =>
        {
            var (w, logNoise) = noise.DrawWithLogDensity(x.size(0), seen, generator);
            var (v, logDet) = columns.Lift(x, w);
            return density.LogDensity(v, context) - logNoise + logDet;
        }).ToArray();
        return draws == 1 ? terms[0] : torch.stack(terms, 0).logsumexp(0) - Math.Log(draws);
    }

    /// <summary>Holds rows to be what the columns may hold.</summary>
    internal void Require(Tensor x, string name)
    {
        Shapes.Require(GetName(), x, [Columns], name);
        Data.Finite.Require(x, name);
        Support.RequireAll(Supports, x, name, name);
    }

    /// <summary>The structure, part by part.</summary>
    public override string ToString() => StructureText.Of(
        $"MixedTable of {string.Join(", ", Supports)}; log P from below, {(noise is Flow ? "variational" : "fixed")} noise",
        [density, noise]);
}
