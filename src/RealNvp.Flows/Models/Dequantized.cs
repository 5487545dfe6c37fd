using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>
/// Whole numbers under a continuous density p: with noise u in [0, 1) from q(u | x), log P(x) is at least the mean over q of
/// log p((x + u) / L) - D log L - log q(u | x). With q uniform this is uniform dequantisation (Theis, van den Oord, Bethge 2016,
/// arXiv:1511.01844); with q a flow it is variational dequantisation, whose bound is tighter, and tight where q is p's posterior
/// of u (Ho, Chen, Srinivas, Duan, Abbeel 2019, arXiv:1902.00275, section 3.1).
/// </summary>
public sealed class Dequantized : nn.Module
{
    private readonly Distribution density;
    private readonly Flow? noise;

    /// <summary>Joins a density of events in [0, 1), the number of levels and the noise.</summary>
    /// <param name="density">p, of (x + u) / L.</param>
    /// <param name="levels">L: the data are whole numbers 0 to L - 1.</param>
    /// <param name="noise">q: a flow of u in (0, 1), of the density's event shape, conditional on the event, which goes in
    /// flattened and scaled to [0, 1]; null is uniform.</param>
    /// <exception cref="ArgumentException">The noise's event shape or context does not fit.</exception>
    public Dequantized(Distribution density, int levels = 256, Flow? noise = null) : base(nameof(Dequantized))
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        if (noise is not null && (!noise.EventShape.SequenceEqual(density.EventShape) || noise.ContextSize != density.Dimension))
            throw new ArgumentException(
                $"The noise of events of shape {Shapes.Text(density.EventShape)} is a flow of that shape with a context of "
                + $"{density.Dimension} features (the event itself), but "
                + $"was given one of shape {Shapes.Text(noise.EventShape)} with a context of "
                + $"{noise.ContextSize?.ToString() ?? "none"}.", nameof(noise));
        this.density = density;
        this.noise = noise;
        Levels = levels;
        RegisterComponents();
    }

    /// <summary>p.</summary>
    public Distribution Density => density;

    /// <summary>q; null where it is uniform.</summary>
    public Flow? Noise => noise;

    /// <summary>L.</summary>
    public int Levels { get; }

    /// <summary>(x + u) / L and log q(u | x), differentiable in q's parameters.</summary>
    /// <param name="x">Whole numbers [N, ...event], of a floating dtype.</param>
    /// <exception cref="ArgumentException">x has another shape, or holds a value that is no whole number of 0 to L -
    /// 1.</exception>
    public (Tensor Y, Tensor LogNoise) Dequantize(Tensor x)
    {
        Require(x);
        using var scope = NewDisposeScope();
        var n = x.size(0);
        var (u, log) = noise is null
            ? (torch.rand_like(x), x.new_zeros(n))
            : noise.SampleWithLogProb(n, x.flatten(1) / (Levels - 1));
        // A u that rounds up to 1 would make an event leave [0, 1).
        return scope.MoveToOuter(((x + u) / Levels).clamp_max(1 - torch.finfo(x.dtype).eps), log);
    }

    /// <summary>
    /// A lower bound of log P(x) in nats, one draw of it: log of the mean over K draws of u of p((x + u) / L) L^-D / q(u | x).
    /// Its mean rises with K to log P(x) (Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519); at K = 1 it is the bound above.
    /// </summary>
    /// <param name="x">Whole numbers [N, ...event], of a floating dtype.</param>
    /// <param name="draws">K.</param>
    /// <param name="context">One context for each event; only where p takes one. The noise sees the event alone.</param>
    /// <returns>[N], differentiable in the parameters of p and q.</returns>
    public Tensor LowerBound(Tensor x, int draws = 1, Tensor? context = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        using var scope = NewDisposeScope();
        var terms = Enumerable.Range(0, draws).Select(_ =>
        {
            var (y, log) = Dequantize(x);
            return density.LogProb(y, context) - density.Dimension * Math.Log(Levels) - log;
        }).ToArray();
        return scope.MoveToOuter(draws == 1 ? terms[0] : torch.stack(terms, 0).logsumexp(0) - Math.Log(draws));
    }

    /// <summary>Bits for each dimension, an upper bound: -log2 P(x) / D with P by <see cref="LowerBound"/>; [N].</summary>
    public Tensor BitsPerDim(Tensor x, int draws = 1, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LowerBound(x, draws, context) * (-1 / (density.Dimension * Math.Log(2))));
    }

    /// <summary>Draws whole numbers, without gradients: the levels that samples of p fall into.</summary>
    public Tensor Sample(long n, Generator? generator = null, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((density.Sample(n, context, generator) * Levels).floor().clamp(0, Levels - 1));
    }

    private void Require(Tensor x)
    {
        Shapes.Require(nameof(Dequantized), x, density.EventShape, nameof(x));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        if (x.numel() == 0 || (x.ge(0) & x.le(Levels - 1) & x.eq(x.floor())).all().ToBoolean()) return;
        throw new ArgumentException(
            $"Data of {Levels} levels are whole numbers of 0 to {Levels - 1}, but these run from {x.min().ToDouble():g6} to "
            + $"{x.max().ToDouble():g6}"
            + $"{(x.eq(x.floor()).all().ToBoolean() ? "" : " and are not all whole; give them before any dequantisation")}.",
            nameof(x));
    }

    /// <summary>The structure, part by part.</summary>
    public override string ToString() =>
        StructureText.Of($"Dequantized, {Levels} levels, {(noise is null ? "uniform" : "variational")}", noise is null
        ? [density] : [density, noise]);
}
