namespace TorchSharp.Modules;

/// <summary>
/// exp(-(x - m)^T S^-1 (x - m) / 2) / sqrt(det(2 pi S)); loc m [..., D], and one of the covariance S, the precision S^-1 and the
/// lower triangular L with S = L L^T, [..., D, D].
/// </summary>
public class MultivariateNormal : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _tril = null!;

    /// <exception cref="ArgumentException">None or several of the three matrices, or shapes that do not fit.</exception>
    public MultivariateNormal(torch.Tensor loc, torch.Tensor? covariance_matrix = null, torch.Tensor? precision_matrix = null,
        torch.Tensor? scale_tril = null, torch.Generator? generator = null) : base(generator)
    {
        torch.Tensor[] given = [.. new[] { covariance_matrix, precision_matrix, scale_tril }.OfType<torch.Tensor>()];
        if (given.Length != 1)
            throw new ArgumentException($"expected exactly one of covariance_matrix, precision_matrix and scale_tril, got "
                + $"{given.Length}");
        if (loc.ndim < 1) throw new ArgumentException("expected a loc of at least one dimension, got a number", nameof(loc));
        var (n, matrix) = (loc.shape[^1], given[0].shape);
        if (matrix.Length < 2 || matrix[^1] != n || matrix[^2] != n)
            throw new ArgumentException($"expected a matrix [..., {n}, {n}] for a loc [{string.Join(", ", loc.shape)}], got "
                + $"[{string.Join(", ", matrix)}]");
        using var scope = torch.NewDisposeScope();
        var tril = scale_tril ?? (covariance_matrix is not null ? torch.linalg.cholesky(covariance_matrix)
            : FromPrecision(precision_matrix!));
        var batch = torch.broadcast_shapes(loc.shape[..^1], matrix[..^2]).Shape;
        Set(loc.expand([.. batch, n]), tril.expand([.. batch, n, n]));
    }

    private MultivariateNormal(torch.Generator? generator) : base(generator)
    {
    }

    private MultivariateNormal Set(torch.Tensor loc, torch.Tensor tril)
    {
        _loc = Keep(loc);
        _tril = Keep(tril);
        _init(new torch.Size(loc.shape[..^1]), new torch.Size(loc.shape[^1]));
        return this;
    }

    // The Cholesky factor of a matrix flipped in both directions, flipped back, is the inverse transpose of what is wanted.
    private static torch.Tensor FromPrecision(torch.Tensor precision)
    {
        var flipped = torch.linalg.cholesky(precision.flip(-2, -1)).flip(-2, -1).transpose(-2, -1);
        var one = torch.eye(precision.shape[^1], dtype: precision.dtype, device: precision.device);
        return torch.linalg.solve_triangular(flipped, one, upper: false);
    }

    private torch.Tensor LogDeterminant => _tril.diagonal(dim1: -2, dim2: -1).log().sum(-1);

    public override torch.Tensor mean => _loc.alias();
    public override torch.Tensor mode => _loc.alias();
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => _tril.pow(2).sum(-1));

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        var noise = _loc.new_empty(ExtendedShape(sample_shape)).normal_(generator: generator);
        return _loc + _tril.matmul(noise.unsqueeze(-1)).squeeze(-1);
    });

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
    {
        var difference = value - _loc;
        var n = difference.shape[^1];
        torch.Tensor white;
        if (_tril.ndim == 2)
        {
            // One matrix for all values: one solve.
            white = torch.linalg.solve_triangular(_tril, difference.reshape(-1, n).transpose(0, 1), upper: false).transpose(0, 1)
                .reshape(difference.shape);
        }
        else
        {
            white = torch.linalg.solve_triangular(_tril, difference.unsqueeze(-1), upper: false).squeeze(-1);
        }
        return -0.5 * (n * Math.Log(2 * Math.PI) + white.pow(2).sum(-1)) - LogDeterminant;
    });

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        0.5 * _loc.shape[^1] * (1 + Math.Log(2 * Math.PI)) + LogDeterminant);

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var n = event_shape[0];
        return (Target<MultivariateNormal>(instance) ?? new MultivariateNormal(generator))
            .Set(_loc.expand([.. batch_shape.Shape, n]), _tril.expand([.. batch_shape.Shape, n, n]));
    }
}
