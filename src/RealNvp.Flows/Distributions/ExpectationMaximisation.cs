using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>One fit of a mixture by expectation maximisation; all tensors in float64.</summary>
internal sealed record ExpectationMaximisation(Tensor Weights, Tensor Means, Tensor Covariances, double MeanLogLikelihood)
{
    /// <summary>Alternates responsibilities (E) and weighted moments (M) until the likelihood stops rising.</summary>
    internal static ExpectationMaximisation Run(Tensor x, int components, MixtureOptions options, Random random)
    {
        using var whole = NewDisposeScope();
        var floor = torch.diag(x.@var([0], unbiased: false)) * options.CovarianceFloor;
        var responsibilities = Start(x, components, random);
        var last = double.NegativeInfinity;
        ExpectationMaximisation? fit = null;
        for (var step = 0; step < options.MaxSteps; step++)
        {
            using var scope = NewDisposeScope();
            var (weights, means, covariances) = Moments(x, responsibilities, floor);
            var joint = GaussianMixture.LogJoint(x, weights.log(), means, Factors(covariances));
            var evidence = joint.logsumexp(1);
            var now = evidence.mean().ToDouble();
            responsibilities.Dispose();   // [N, K] of each step: hundreds of them would fill the memory
            fit?.Free();
            responsibilities = scope.MoveToOuter((joint - evidence.unsqueeze(1)).exp());
            scope.MoveToOuter(weights, means, covariances);
            fit = new(weights, means, covariances, now);
            if (now - last < options.Tolerance) break;
            last = now;
        }
        if (fit is null) throw new ArgumentException("EM needs at least one step.", nameof(options));
        whole.MoveToOuter(fit.Weights, fit.Means, fit.Covariances);
        return fit;
    }

    private void Free()
    {
        Weights.Dispose();
        Means.Dispose();
        Covariances.Dispose();
    }

    private static (Tensor Weights, Tensor Means, Tensor Covariances) Moments(Tensor x, Tensor responsibilities, Tensor floor)
    {
        var mass = responsibilities.sum(0L).clamp_min(1e-12);                       // [K]
        var means = responsibilities.t().mm(x) / mass.unsqueeze(1);                 // [K, d]
        var centred = x.unsqueeze(0) - means.unsqueeze(1);                          // [K, N, d]
        var weighted = centred * responsibilities.t().unsqueeze(2);
        var covariances = weighted.transpose(1, 2).bmm(centred) / mass.view(-1, 1, 1) + floor;
        return (mass / x.size(0), means, covariances);
    }

    private static Tensor Factors(Tensor covariances)
    {
        var (factors, failed) = torch.linalg.cholesky_ex(covariances);
        return !failed.any().ToBoolean()
            ? factors
            : throw new ArgumentException(
                "A component collapsed onto points that do not span the space, so its covariance is singular: raise "
                + $"{nameof(MixtureOptions.CovarianceFloor)}, or take fewer components.",
                "options");
    }

    /// <summary>Each point belongs to the nearest of K centres that k-means++ draws.</summary>
    private static Tensor Start(Tensor x, int components, Random random)
    {
        var centres = KMeansPlusPlus.Centres(x / x.std(0L, unbiased: false).clamp_min(1e-12), components, random);
        var distance = torch.cdist(x / x.std(0L, unbiased: false).clamp_min(1e-12), centres);
        return nn.functional.one_hot(distance.argmin(1), components).to(torch.float64);
    }
}

/// <summary>
/// Centres for clustering, each drawn with probability proportional to the squared distance from those before it.
/// </summary>
internal static class KMeansPlusPlus
{
    internal static Tensor Centres(Tensor x, int count, Random random)
    {
        var n = (int)x.size(0);
        var chosen = new List<long> { random.Next(n) };
        while (chosen.Count < count)
        {
            using var scope = NewDisposeScope();
            var centres = x.index_select(0, torch.tensor(chosen.ToArray(), device: x.device));
            var squared = torch.cdist(x, centres).amin([1L]).square().cpu().data<double>().ToArray();
            var at = random.NextDouble() * squared.Sum();
            var pick = 0;
            while (pick < n - 1 && (at -= squared[pick]) > 0) pick++;
            chosen.Add(pick);
        }
        return x.index_select(0, torch.tensor(chosen.ToArray(), device: x.device));
    }
}
