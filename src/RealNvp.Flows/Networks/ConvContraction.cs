using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Networks;

/// <summary>
/// The same with convolutions that pad with zeros to keep height and width, on images [C, H, W] as vectors of d = C H W numbers.
/// </summary>
internal sealed class ConvContraction(Tensor[] weights, Tensor[] biases, long[] image) : Contraction
{
    /// <inheritdoc/>
    internal override Tensor Value(Tensor x)
    {
        x = x.reshape([x.size(0), .. image]);
        for (var k = 0; k < weights.Length; k++)
        {
            x = Convolved(x, k, biases[k]);
            if (k < weights.Length - 1) x = x.silu();
        }
        return x.flatten(1);
    }

    /// <inheritdoc/>
    internal override (Tensor Value, Tensor[] Slopes) ValueAndSlopes(Tensor x)
    {
        x = x.reshape([x.size(0), .. image]);
        var slopes = new Tensor[weights.Length - 1];
        for (var k = 0; ; k++)
        {
            var h = Convolved(x, k, biases[k]);
            if (k == slopes.Length) return (h.flatten(1), slopes);
            (x, slopes[k]) = Silu(h);
        }
    }

    /// <inheritdoc/>
    internal override Tensor TransposedJacobian(Tensor x, Tensor[] slopes)
    {
        var (n, d) = (x.size(0), image.Elements());
        // What the first layer makes of each unit image, the same for all events.
        var tangents = Convolved(torch.eye(d, dtype: x.dtype, device: x.device).view([d, .. image]), 0, null).unsqueeze(0);
        for (var k = 0; k < slopes.Length; k++)
        {
            var inner = (tangents * slopes[k].unsqueeze(1)).flatten(0, 1);
            tangents = Convolved(inner, k + 1, null).unflatten(0, [n, d]);
        }
        return tangents.flatten(2).expand(n, d, d);
    }

    /// <inheritdoc/>
    internal override Tensor PulledBack(Tensor vector, Tensor[] slopes)
    {
        vector = vector.reshape([vector.size(0), .. image]);
        for (var k = weights.Length - 1; k >= 0; k--)
        {
            var half = weights[k].size(2) / 2;
            vector = F.conv_transpose2d(vector, weights[k], padding: [half, half]);
            if (k > 0) vector = vector * slopes[k - 1];
        }
        return vector.flatten(1);
    }

    private Tensor Convolved(Tensor x, int layer, Tensor? bias)
    {
        var half = weights[layer].size(2) / 2;
        return F.conv2d(x, weights[layer], bias, padding: [half, half]);
    }
}
