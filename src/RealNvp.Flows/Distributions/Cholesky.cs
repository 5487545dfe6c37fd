using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

internal static class Cholesky
{
    /// <summary>The lower-triangular factor of a positive definite matrix.</summary>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    internal static Tensor Of(Tensor matrix, string argument)
    {
        var (factor, info) = torch.linalg.cholesky_ex(matrix);
        var failed = info.ToInt32();
        return failed == 0
            ? factor
            : throw new ArgumentException(
                $"The covariance is not positive definite (leading minor {failed}): features are linearly dependent, or constant.", argument);
    }
}
