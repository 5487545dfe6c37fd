using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// A way from data x at time 0 to noise e at time 1, z(t) = a(t) x + b(t) e, whose velocity a' x + b' e a field is taught by flow
/// matching (Lipman, Chen, Ben-Hamu, Nickel, Le 2023, arXiv:2210.02747).
/// </summary>
public abstract record ProbabilityPath
{
    private ProbabilityPath()
    {
    }

    /// <summary>Straight lines, a = 1 - t and b = t (Liu, Gong, Liu 2023, arXiv:2209.03003).</summary>
    public static ProbabilityPath Linear { get; } = new Straight();

    /// <summary>
    /// Quarter circles, a = cos(pi t / 2) and b = sin(pi t / 2): where data have unit variance, so has z at all times (Albergo,
    /// Vanden-Eijnden 2023, arXiv:2209.15571).
    /// </summary>
    public static ProbabilityPath VariancePreserving { get; } = new Circular();

    /// <summary>a, b and their derivatives at times t, each of t's shape.</summary>
    public abstract (Tensor Data, Tensor Noise, Tensor DataRate, Tensor NoiseRate) At(Tensor t);

    private sealed record Straight : ProbabilityPath
    {
        public override (Tensor Data, Tensor Noise, Tensor DataRate, Tensor NoiseRate) At(Tensor t)
        {
            var one = torch.ones_like(t);
            return (1 - t, t.alias(), one.neg(), one);
        }

        public override string ToString() => "linear";
    }

    private sealed record Circular : ProbabilityPath
    {
        private const double Quarter = Math.PI / 2;

        public override (Tensor Data, Tensor Noise, Tensor DataRate, Tensor NoiseRate) At(Tensor t)
        {
            var (cos, sin) = ((t * Quarter).cos(), (t * Quarter).sin());
            return (cos, sin, sin * -Quarter, cos * Quarter);
        }

        public override string ToString() => "variance-preserving";
    }
}
