using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>g(x) = silu(... silu(x W_1 + b_1) ...) W_n + b_n.</summary>
internal sealed class DenseContraction(Tensor[] weights, Tensor[] biases) : Contraction
{
    /// <inheritdoc/>
    internal override Tensor Value(Tensor x)
    {
        for (var k = 0; k < weights.Length; k++)
        {
            x = biases[k].addmm(x, weights[k]);
            if (k < weights.Length - 1) x = x.silu();
        }
        return x;
    }

    /// <inheritdoc/>
    internal override (Tensor Value, Tensor[] Slopes) ValueAndSlopes(Tensor x)
    {
        var slopes = new Tensor[weights.Length - 1];
        for (var k = 0; ; k++)
        {
            var h = biases[k].addmm(x, weights[k]);
            if (k == slopes.Length) return (h, slopes);
            (x, slopes[k]) = Silu(h);
        }
    }

    /// <inheritdoc/>
    internal override Tensor TransposedJacobian(Tensor x, Tensor[] slopes)
    {
        var (n, d) = (x.size(0), weights[0].size(0));
        if (slopes.Length == 0) return weights[0].unsqueeze(0).expand(n, d, d);
        // The first two matrices are joined to [width, d * next]: the tangents behind the second are one product for each event.
        var next = weights[1].size(1);
        var joined = (weights[0].t().unsqueeze(2) * weights[1].unsqueeze(1)).reshape(-1, d * next);
        var tangents = slopes[0].mm(joined).view(n, d, next);
        for (var k = 1; k < slopes.Length; k++) tangents = (tangents * slopes[k].unsqueeze(1)).matmul(weights[k + 1]);
        return tangents;
    }

    /// <inheritdoc/>
    internal override Tensor PulledBack(Tensor vector, Tensor[] slopes)
    {
        for (var k = weights.Length - 1; k >= 0; k--)
        {
            vector = vector.mm(weights[k].t());
            if (k > 0) vector = vector * slopes[k - 1];
        }
        return vector;
    }
}
