using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            // The same tensor as a matrix: the first dimension against all others.
            private static Tensor AsMatrix(Tensor tensor, string name)
            {
                if (tensor.ndim < 2)
                    throw new ArgumentException($"expected at least two dimensions for {name}, got "
                        + $"[{string.Join(", ", tensor.shape)}]", nameof(tensor));
                return tensor.view(tensor.shape[0], -1);
            }

            /// <summary>The identity matrix.</summary>
            /// <exception cref="ArgumentException">Not two dimensions.</exception>
            public static Tensor eye_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length != 2)
                    throw new ArgumentException($"expected two dimensions for eye_, got [{string.Join(", ", shape)}]",
                        nameof(tensor));
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                tensor.copy_(eye(shape[0], shape[1], tensor.dtype, tensor.device));
                return tensor;
            }

            /// <summary>
            /// Kernels [out, in, ...] that pass each input channel on unchanged, for as many channels as there are of both.
            /// </summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5)
                    throw new ArgumentException($"expected 3 to 5 dimensions for dirac_, got [{string.Join(", ", shape)}]",
                        nameof(tensor));
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                tensor.zero_();
                for (long k = 0; k < Math.Min(shape[0], shape[1]); k++)
                {
                    var centre = tensor.select(0, k).select(0, k);
                    foreach (var n in shape.AsSpan(2)) centre = centre.select(0, n / 2);
                    centre.fill_(1);
                }
                return tensor;
            }

            /// <summary>
            /// A (semi-)orthogonal matrix times the gain, from the QR decomposition of a normal one with the signs of R's
            /// diagonal (Saxe et al. 2014; uniform: Mezzadri 2007).
            /// </summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                if (tensor.numel() == 0) return tensor;
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                var matrix = AsMatrix(tensor, nameof(orthogonal_));
                var (rows, columns) = (matrix.shape[0], matrix.shape[1]);
                var normal = empty(Math.Max(rows, columns), Math.Min(rows, columns), tensor.dtype, tensor.device).normal_();
                var (q, r) = linalg.qr(normal);
                q = q * r.diagonal().sign();
                matrix.copy_((rows < columns ? q.transpose(0, 1) : q) * gain);
                return tensor;
            }

            /// <summary>A normal matrix in which a share of every column is zero, at random (Martens 2010).</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                var shape = tensor.shape;
                if (shape.Length != 2)
                    throw new ArgumentException($"expected two dimensions for sparse_, got [{string.Join(", ", shape)}]",
                        nameof(tensor));
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                var zeros = (long)Math.Ceiling(sparsity * shape[0]);
                tensor.normal_(0, std);
                for (long column = 0; column < shape[1]; column++)
                {
                    var rows = randperm(shape[0], device: tensor.device).narrow(0, 0, zeros);
                    tensor.select(1, column).index_fill_(0, rows, 0);
                }
                return tensor;
            }

            /// <summary>
            /// Normal, cut off outside [a, b]: the quantile function of uniform numbers between the bounds' probabilities.
            /// </summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2,
                Generator? generator = null)
            {
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                using var bounds = torch.tensor(new[] { (a - mean) / std / Math.Sqrt(2), (b - mean) / std / Math.Sqrt(2) });
                var erf = bounds.erf().data<double>().ToArray();
                tensor.uniform_(erf[0], erf[1], generator);
                tensor.erfinv_().mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
                return tensor;
            }
        }
    }
}
