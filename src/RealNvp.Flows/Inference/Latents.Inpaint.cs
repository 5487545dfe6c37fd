using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

public static partial class Latents
{
    /// <summary>
    /// Fills in what is missing of events by the likeliest latents that fit the rest: minimises |m (f^-1(z) - x)|^2 / (2 s^2) -
    /// log p_z(z) over z by Adam, then puts the known numbers back. For a linear flow on a normal base this is the conditional
    /// mean.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Events [N, ...event], on the flow's scale; what stands at missing places is only where the search starts
    /// from, 0 for NaN.</param>
    /// <param name="known">1 where a number is known, 0 where it is missing; of the event's shape, or broadcast to it.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="rate">Peak learning rate, on the latents' scale; it falls along a cosine.</param>
    /// <param name="tolerance">s at the end of the search, how near known numbers are to be matched, in the data's units; it
    /// comes down from 1.</param>
    /// <param name="context">One context for each event; only for conditional flows.</param>
    /// <returns>Events of the shape of x, equal to x where known, without gradients.</returns>
    /// <exception cref="ArgumentException">x has another shape, known cannot be broadcast to it, nothing is known, a known number
    /// is not finite, or the context does not fit.</exception>
    public static Tensor Inpaint(Flow flow, Tensor x, Tensor known, int steps = 300, double rate = 0.05, double tolerance = 0.02,
        Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(known);
        Shapes.Require(flow.GetName(), x, flow.EventShape, nameof(x));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        Shapes.RequireContext(flow.GetName(), context, flow.ContextSize, x.size(0));
        if (x.size(0) == 0) return x.detach().clone();
        using var scope = NewDisposeScope();
        using var mode = EvaluationMode.Of(flow);
        if (known.dim() > x.dim() || Enumerable.Range(1, (int)known.dim())
            .Any(k => known.size(-k) != 1 && known.size(-k) != x.size(-k)))
            throw new ArgumentException($"The mask of what is known is broadcast to events of shape {Shapes.Text(x.shape)}, "
                + $"but has shape {Shapes.Text(known.shape)}.", nameof(known));
        var mask = known.to(x.dtype, x.device).expand(x.shape).detach();
        Data.Finite.Require(x.detach().masked_fill(mask.le(0), 0), nameof(x));
        x = torch.where(mask.gt(0), x.detach(), x.detach().nan_to_num(0));
        var (given, ofBase) = (context.For(flow.Bijection.ContextSize), context.For(flow.Base.ContextSize));
        if (mask.sum().ToDouble() == 0)
            throw new ArgumentException("Nothing is known of the events; draw samples instead.", nameof(known));
        Tensor z, first, second;
        using (torch.no_grad())
        {
            z = flow.Bijection.Forward(x, given).Z.clone();
            (first, second) = (torch.zeros_like(z), torch.zeros_like(z));
        }
        z.requires_grad_();
        for (var k = 1; k <= steps; k++)
        {
            using var inner = NewDisposeScope();
            using var gradients = torch.enable_grad();
            // Asked to match closely from the start, the search would fall into a narrow valley and crawl along it: s comes down
            // from 1.
            var slack = Math.Pow(tolerance, Math.Min(1, k / (0.6 * steps)));
            var misfit = (flow.Bijection.Inverse(z, given).X - x).mul(mask).square().sum() / (2 * slack * slack);
            var gradient = torch.autograd.grad([misfit - flow.Base.LogProb(z, ofBase).sum()], [z])[0];
            using var guard = torch.no_grad();
            first.mul_(0.9).add_(gradient, 0.1);
            // A short memory: the search begins far from where it ends, and early gradients would hold it back for long.
            second.mul_(0.99).addcmul_(gradient, gradient, 0.01);
            var step = rate * (1 + Math.Cos(Math.PI * (k - 1) / steps)) / 2 / (1 - Math.Pow(0.9, k));
            z.addcdiv_(first, (second / (1 - Math.Pow(0.99, k))).sqrt_().add_(1e-8), -step);
        }
        using var off = torch.no_grad();
        var filled = flow.Bijection.Inverse(z.detach(), given).X;
        return scope.MoveToOuter(torch.where(mask.gt(0), x, filled));
    }
}
