using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

internal static class Cholesky
{
    /// <summary>The lower-triangular factor of a positive definite matrix.</summary>
    /// <exception cref="ArgumentException">The matrix is not symmetric, or not positive definite.</exception>
    internal static Tensor Of(Tensor matrix, string argument)
    {
        // The factorisation reads one triangle only: of another matrix it would be that of a covariance that nobody gave.
        if ((matrix - matrix.t()).abs().max().ToDouble() > 1e-4 * matrix.abs().max().ToDouble())
            throw new ArgumentException("A covariance is symmetric, but this matrix is not.", argument);
        var (factor, info) = torch.linalg.cholesky_ex(matrix);
        var failed = info.ToInt32();
        return failed == 0
            ? factor
            : throw new ArgumentException(
                $"The covariance is not positive definite (leading minor {failed}): features are linearly dependent, or constant.", argument);
    }
}
