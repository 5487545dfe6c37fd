using RealNvp.Flows.Numerics;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z_i = tau(x_i; c_i(x_before i)) for the T parts of an event, which lie along its first dimension: the Jacobian is block
/// triangular, logDet the sum of the transformer's log-derivatives. Forward is one pass of the conditioner. The inverse goes part
/// by part, or by Jacobi iteration.
/// </summary>
public abstract class AutoregressiveBijection : Bijection
{
    private readonly Transformer transformer;

    /// <summary>Joins an event's shape, a transformer and the context of the conditioner.</summary>
    /// <param name="name">The bijection's name in messages.</param>
    /// <param name="eventShape">[T, ...].</param>
    /// <param name="transformer">tau.</param>
    /// <param name="contextSize">Features of the context; null for none.</param>
    protected AutoregressiveBijection(string name, long[] eventShape, Transformer transformer, long? contextSize)
        : base(name, eventShape, contextSize: contextSize)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        this.transformer = transformer;
    }

    /// <summary>How an element is changed.</summary>
    public Transformer Transformer => transformer;

    /// <summary>The places of the parts along the first dimension of an event, the first in order first.</summary>
    protected internal abstract IReadOnlyList<int> InOrder { get; }

    /// <summary>c(x): the parameters [N, P T, ...] of all parts, by one pass.</summary>
    protected internal abstract Tensor Conditioned(Tensor x, Tensor? context);

    /// <summary>
    /// c_i one by one: a function from the parts found so far, in order, each [N, 1, ...], to the parameters [N, P, ...] of the
    /// next one. It may keep what it computed for the parts before.
    /// </summary>
    /// <param name="like">Latents [N, T, ...], for their number, dtype and device.</param>
    /// <param name="context">[N, ContextSize], or null.</param>
    protected internal abstract Func<IReadOnlyList<Tensor>, Tensor> InTurn(Tensor like, Tensor? context);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (y, log) = transformer.Forward(x, Conditioned(x, context));
        return (y, SumOverEvent(log, x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        PartByPart(z, InTurn(z, context));

    /// <summary>
    /// The inverse by Jacobi iteration, x = tau^-1(z; c(x)) for all parts at once: the same x as <see cref="Bijection.Inverse"/>
    /// up to rounding, in at most T passes of the conditioner, often far fewer (Song, Meng, Liao, Ermon 2021, arXiv:2002.03629).
    /// </summary>
    /// <param name="z">Latents [N, T, ...].</param>
    /// <param name="context">[N, ContextSize]; only where the map takes one.</param>
    /// <param name="tolerance">Passes end when one changes no number by more than this, relative to 1 + |x|; 0 asks for no
    /// change at all.</param>
    /// <returns>X [N, T, ...], without gradients, and the passes that it took.</returns>
    /// <exception cref="ArgumentException">z or context has another shape or precision, or the tolerance is negative.</exception>
    public (Tensor X, int Passes) InverseByJacobi(Tensor z, Tensor? context = null, double tolerance = 0)
    {
        Shapes.Require(Title, z, LatentShape, nameof(z));
        Shapes.RequireContext(Title, context, ContextSize, z.size(0));
        Arguments.NotNegative(tolerance);
        using var guard = torch.no_grad();
        var passes = 0;
        var x = ModelCall.Run(this, Title, () =>
        {
            (var found, passes) = ByJacobi(z, x => Conditioned(x, context), tolerance);
            return found;
        }, (z, nameof(z)), (context, nameof(context)));
        return (x, passes);
    }

    internal (Tensor X, int Passes) ByJacobi(Tensor z, Func<Tensor, Tensor> conditioned, double tolerance) =>
        JacobiIteration.Solve(x => transformer.InverseOnly(z, conditioned(x)), z, InOrder.Count, tolerance);

    internal (Tensor X, Tensor LogDet) PartByPart(Tensor z, Func<IReadOnlyList<Tensor>, Tensor> next)
    {
        var (found, logs) = (new List<Tensor>(), new List<Tensor>());
        foreach (var place in InOrder)
        {
            var (x, log) = transformer.Inverse(z.narrow(1, place, 1), next(found));
            found.Add(x);
            if (log is not null) logs.Add(log);
        }
        var parts = new Tensor[found.Count];
        for (var k = 0; k < parts.Length; k++) parts[InOrder[k]] = found[k];
        return (torch.cat(parts, 1), logs.Count == 0 ? ZeroLogDet(z) : SumOverEvent(torch.cat(logs, 1)));
    }
}
