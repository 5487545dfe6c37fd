using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x W^T + b; x [..., in], W [out, in], b [out] -> [..., out]</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Aten.Linear.Run(input, weights, bias);

            /// <summary>x1^T A x2 + b; A [out, in1, in2]</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) =>
                Aten.Bilinear.Run(input1, input2, weight, bias);

            /// <summary>Indices [...] -> [..., num_classes]; -1 counts the classes from the largest index.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.OneHot.Run(x, num_classes);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) =>
                Aten.CosineSimilarity.Run(x1, x2, dim, eps);

            /// <summary>The p-norm of x1 - x2 + eps over the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1E-06,
                bool keepdim = false) =>
                Aten.PairwiseDistance.Run(input1, input2, p, eps, keepdim);

            /// <summary>x / max(its p-norm along dim, eps)</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
            {
                using var norm = Aten.LinalgVectorNorm.Run(input, p, new[] { dim }, true);
                using var bounded = Aten.ClampMin.Run(norm, eps);
                return Aten.DivTensor.Run(input, bounded);
            }

            /// <summary>
            /// softmax(Q K^T / sqrt(d) + mask) V (Vaswani et al. 2017, equation 1); Q [..., L, d], K [..., S, d], V [..., S, e]
            /// -> [..., L, e]. A Bool mask keeps what is true.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null,
                double p = 0, bool is_casual = false)
            {
                if (attn_mask is not null && is_casual)
                    throw new ArgumentException("expected either attn_mask or is_casual, got both", nameof(is_casual));
                if (Aten.ScaledDotProductAttention.Exists)
                    return Aten.ScaledDotProductAttention.Run(query, key, value, attn_mask, p, is_casual);
                using var scope = NewDisposeScope();
                var shape = query.shape;
                var scaled = Aten.MulScalar.Run(query, 1 / Math.Sqrt(shape[^1]));
                var scores = Aten.Matmul.Run(scaled, Aten.TransposeInt.Run(key, -2L, -1L));
                if (is_casual)
                {
                    var ones = Aten.Ones.Run(new[] { shape[^2], key.shape[^2] }, ScalarType.Bool, Arg.None, query.device);
                    attn_mask = Aten.Tril.Run(ones);
                }
                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? Aten.MaskedFillScalar.Run(scores, Aten.LogicalNot.Run(attn_mask), double.NegativeInfinity)
                        : Aten.AddTensor.Run(scores, attn_mask);
                }
                var weights = Aten.Dropout.Run(Aten.SoftmaxInt.Run(scores, -1L), p, p > 0);
                return Aten.Matmul.Run(weights, value).MoveToOuterDisposeScope();
            }
        }
    }
}
