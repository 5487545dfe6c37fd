using RealNvp.Flows.Distributions;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Samples of a flow that <see cref="Trainer.FitVelocity"/> has taught, by a stochastic equation with the marginals of the flow's
/// own: noise is added on the way, and taken out again by the score that the velocity tells.
/// </summary>
/// <remarks>
/// Backwards in time, dz = (-v + g^2 s / 2) dt + g dW with the score s = -E[e | z] / b and E[e | z] = (a v - a' z) / (a b' - a'
/// b) (Albergo, Boffi, Vanden-Eijnden 2023, arXiv:2303.08797, section 2.4). Here g^2 = 2 c b, so that nothing is divided by b,
/// which vanishes at the data. Steps are Euler and Maruyama's: the error falls with their size.
/// </remarks>
public static class StochasticSampler
{
    /// <summary>Draws events, without gradients.</summary>
    /// <param name="flow">A flow that was taught along the path with independent noise; its base is the standard normal.</param>
    /// <param name="n">How many.</param>
    /// <param name="path">The path that it was taught along; null is the linear one.</param>
    /// <param name="noise">c: how much noise is added; at 0 the way is the flow's own.</param>
    /// <param name="steps">Steps from 1 to 0.</param>
    /// <param name="context">One context for each event, [n, ContextSize]; only where the flow takes one.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <returns>[n, d].</returns>
    /// <exception cref="ArgumentException">The flow has another form or base, a number is negative or 0, or the context does not
    /// fit.</exception>
    public static Tensor Sample(Flow flow, long n, ProbabilityPath? path = null, double noise = 1, int steps = 200,
        Tensor? context = null, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        if (!(noise >= 0) || double.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise is finite and not negative.");
        var (before, continuous) = VelocityLoss.Parts(flow);
        if (flow.Base is not StandardNormal)
            throw new ArgumentException($"The score is that of normal noise, but this flow's base is {flow.Base.GetName()}; take "
                + "flow.Sample, or a flow on the standard normal.", nameof(flow));
        Shapes.RequireContext(flow.GetName(), context, flow.ContextSize, n);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var scope = NewDisposeScope();
        var z = flow.Base.Draw(n, null, generator);
        var given = context.For(continuous.ContextSize);
        for (var k = 0; k < steps; k++)
        {
            using var inner = NewDisposeScope();
            var (time, h) = (1 - (double)k / steps, 1.0 / steps);
            var t = torch.full_like(z.narrow(1, 0, 1), time);
            var (a, b, aRate, bRate) = (path ?? ProbabilityPath.Linear).At(t);
            var v = continuous.Field.VelocityAt(t, z, given);
            var expected = (a * v - aRate * z) / (a * bRate - aRate * b);   // the noise in z, in the mean
            var kick = torch.randn(z.shape, z.dtype, z.device, generator: generator) * (b * (2 * noise * h)).sqrt();
            z = z.ReplacedBy(inner.MoveToOuter(z - (v + expected * noise) * h + kick));
        }
        foreach (var layer in before.Reverse()) z = layer.Inverse(z, context.For(layer.ContextSize)).X;
        return scope.MoveToOuter(z);
    }
}
