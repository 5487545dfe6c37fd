using System.Runtime.CompilerServices;
using RealNvp.Flows.Distributions;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>A log-density up to a constant that a caller gives as a function, held to give one value an event.</summary>
internal static class UnnormalizedDensity
{
    /// <summary>log p(x) up to a constant, [N].</summary>
    /// <exception cref="ArgumentException">What comes back is no [N].</exception>
    internal static Tensor At(Func<Tensor, Tensor> logDensity, Tensor x,
        [CallerArgumentExpression(nameof(logDensity))] string name = "")
    {
        var log = logDensity(x);
        return log.dim() == 1 && log.size(0) == x.size(0) ? log
            : throw new ArgumentException($"{name} gives one value for each event, [{x.size(0)}] here, but it gave "
                + $"{Shapes.Text(log.shape)}; sum over the event's own dimensions.", name);
    }

    /// <summary>The same of a flow's latents, log p(f^-1(z)) + log|det df^-1/dz|, and the events.</summary>
    internal static (Tensor X, Tensor LogDensity) AtLatents(Flow flow, Func<Tensor, Tensor> logDensity, Tensor z)
    {
        var (x, logDet) = flow.Bijection.Inverse(z);
        return (x, At(logDensity, x) + logDet);
    }

    /// <summary>Holds a flow to take no context: a posterior given one is a flow of its own.</summary>
    internal static void RequireUnconditional(Distribution model,
        [CallerArgumentExpression(nameof(model))] string name = "")
    {
        if (model.ContextSize is { } size)
            throw new ArgumentException($"This works on densities without a context, but {model.GetName()} takes one of {size} "
                + "features.", name);
    }
}
