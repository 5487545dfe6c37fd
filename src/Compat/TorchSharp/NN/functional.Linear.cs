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
                NnAten.Linear.Run(input, weights, bias);

            /// <summary>x1^T A x2 + b; A [out, in1, in2]</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) =>
                NnAten.Bilinear.Run(input1, input2, weight, bias);

            /// <summary>Indices [...] -> [..., num_classes]; -1 counts the classes from the largest index.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => NnAten.OneHot.Run(x, num_classes);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) =>
                NnAten.CosineSimilarity.Run(x1, x2, dim, eps);

            /// <summary>The p-norm of x1 - x2 + eps over the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1E-06,
                bool keepdim = false) =>
                NnAten.PairwiseDistance.Run(input1, input2, p, eps, keepdim);

            /// <summary>x / max(its p-norm along dim, eps)</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
            {
                using var norm = NnAten.VectorNorm.Run(input, p, new[] { dim }, true);
                using var bounded = NnAten.ClampMin.Run(norm, eps);
                return NnAten.Div.Run(input, bounded);
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
                if (NnAten.Attention.Exists) return NnAten.Attention.Run(query, key, value, attn_mask, p, is_casual);
                using var scope = NewDisposeScope();
                var shape = query.shape;
                var scaled = NnAten.MulScalar.Run(query, 1 / Math.Sqrt(shape[^1]));
                var scores = NnAten.Matmul.Run(scaled, NnAten.Transpose.Run(key, -2L, -1L));
                if (is_casual)
                {
                    var ones = NnAten.Ones.Run(new[] { shape[^2], key.shape[^2] }, ScalarType.Bool, Arg.None, query.device);
                    attn_mask = NnAten.Tril.Run(ones);
                }
                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? NnAten.MaskedFill.Run(scores, NnAten.LogicalNot.Run(attn_mask), double.NegativeInfinity)
                        : NnAten.Add.Run(scores, attn_mask);
                }
                var weights = NnAten.Dropout.Run(NnAten.Softmax.Run(scores, -1L), p, p > 0);
                return NnAten.Matmul.Run(weights, value).MoveToOuterDisposeScope();
            }
        }
    }
}
