using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Tweedie's formula: where y = x + noise of deviation s and p is the density of y, E[x | y] = y + s^2 d log p(y) / dy (Robbins
/// 1956; Efron 2011). One step of it cleans the samples of a density that was trained on noisy data (Zhai et al. 2024,
/// arXiv:2412.06329, section 2.5).
/// </summary>
/// <example>
/// <code>
/// // x standard normal, noise of deviation 1: y has variance 2, and the mean of x given y is y / 2.
/// var noisy = new Gaussian(zeros(1), full(1, 1, 2f));
/// Console.WriteLine(Tweedie.Denoise(noisy, full(1, 1, 3f), noise: 1).ToSingle().ToString("f3"));
/// // prints 1.500
/// </code>
/// </example>
public static class Tweedie
{
    /// <summary>The mean of x given y.</summary>
    /// <param name="density">p, the density of noisy events, as <see cref="Training.TrainingOptions.DataNoise"/> trains
    /// it.</param>
    /// <param name="y">Noisy events [N, ...event], samples of p for one.</param>
    /// <param name="noise">s, on the scale of y.</param>
    /// <param name="context">One context for each event; only for conditional densities.</param>
    /// <returns>[N, ...event], without gradients.</returns>
    /// <exception cref="ArgumentException">y or context does not fit the density, or noise is no positive number.</exception>
    public static Tensor Denoise(Distribution density, Tensor y, double noise, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(y);
        Arguments.Positive(noise);
        using var gradients = torch.enable_grad();
        using var mode = EvaluationMode.Of(density);
        using var scope = NewDisposeScope();
        var at = y.detach().clone().requires_grad_();
        var slope = torch.autograd.grad([density.LogProb(at, context).sum()], [at])[0];
        return scope.MoveToOuter((at.detach() + slope * (noise * noise)).detach());
    }
}
