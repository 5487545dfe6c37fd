using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

internal static class Householder
{
    /// <summary>
    /// The product of the reflections I - 2 v v^T / |v|^2 along the rows of [H, d]: [d, d], orthogonal to rounding.
    /// </summary>
    internal static Tensor Product(Tensor vectors)
    {
        var q = torch.eye(vectors.size(1), dtype: vectors.dtype, device: vectors.device);
        for (var k = 0L; k < vectors.size(0); k++)
        {
            var v = vectors[k];
            q = q - torch.outer(q.mv(v), v) * (2 / v.dot(v));
        }
        return q;
    }
}
