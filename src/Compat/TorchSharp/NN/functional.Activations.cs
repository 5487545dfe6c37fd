using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What the modules compute, as functions.</summary>
        public static partial class functional
        {
            // An operator that works in place gives a second reference to its input, so that the caller may dispose either.
            private static Tensor InPlace(Op op, Tensor x, params ReadOnlySpan<Arg> rest)
            {
                switch (rest.Length)
                {
                    case 0:
                        op.RunInPlace(x);
                        break;
                    case 1:
                        op.RunInPlace(x, rest[0]);
                        break;
                    default:
                        op.RunInPlace(x, rest[0], rest[1]);
                        break;
                }
                return NnAten.Alias.Run(x);
            }

            /// <summary>max(x, 0)</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? InPlace(NnAten.ReLU_, x) : NnAten.ReLU.Run(x);

            /// <summary>min(max(x, 0), 6)</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) =>
                inplace ? InPlace(NnAten.ReLU6_, x) : NnAten.ReLU6.Run(x);

            /// <summary>Scaled exponential linear unit (Klambauer et al. 2017).</summary>
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? InPlace(NnAten.SELU_, x) : NnAten.SELU.Run(x);

            /// <summary>x sigmoid(x)</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? InPlace(NnAten.SiLU_, x) : NnAten.SiLU.Run(x);

            /// <summary>x tanh(softplus(x))</summary>
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? InPlace(NnAten.Mish_, x) : NnAten.Mish.Run(x);

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? InPlace(NnAten.Tanh_, x) : NnAten.Tanh.Run(x);

            public static Tensor sigmoid(Tensor x) => NnAten.Sigmoid.Run(x);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? InPlace(NnAten.Sigmoid_, x) : NnAten.Sigmoid.Run(x);

            /// <summary>x / (1 + |x|)</summary>
            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var abs = NnAten.Abs.Run(x);
                using var denominator = NnAten.AddScalar.Run(abs, 1L);
                return inplace ? InPlace(NnAten.Div_, x, denominator) : NnAten.Div.Run(x, denominator);
            }

            /// <summary>x relu6(x + 3) / 6</summary>
            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                inplace ? InPlace(NnAten.Hardswish_, input) : NnAten.Hardswish.Run(input);

            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? InPlace(NnAten.Hardtanh_, x, min_val, max_val) : NnAten.Hardtanh.Run(x, min_val, max_val);

            /// <summary>x where positive, else alpha (exp(x) - 1)</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? InPlace(NnAten.ELU_, x, alpha) : NnAten.ELU.Run(x, alpha);

            /// <summary>x where positive, else alpha (exp(x / alpha) - 1)</summary>
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? InPlace(NnAten.CELU_, x, alpha) : NnAten.CELU.Run(x, alpha);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? InPlace(NnAten.LeakyReLU_, input, negative_slope) : NnAten.LeakyReLU.Run(input, negative_slope);

            /// <summary>x where positive, else weight x; one weight, or one a channel.</summary>
            public static Tensor prelu(Tensor input, Tensor weight) => NnAten.PReLU.Run(input, weight);

            /// <summary>x times the standard normal's cumulative distribution function</summary>
            public static Tensor gelu(Tensor x) => NnAten.GELU.Run(x);

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? InPlace(NnAten.GELU_, x) : NnAten.GELU.Run(x);

            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                inplace ? InPlace(NnAten.GELU_, x, approximate.ToString()) : NnAten.GELU.Run(x, approximate.ToString());

            /// <summary>log(1 + exp(beta x)) / beta; x itself where beta x exceeds the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) =>
                NnAten.Softplus.Run(x, beta, threshold);

            /// <summary>log(sigmoid(x))</summary>
            public static Tensor logsigmoid(Tensor x) => NnAten.LogSigmoid.Run(x);

            /// <summary>x where above the threshold, else value</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? InPlace(NnAten.Threshold_, x, threshold, value) : NnAten.Threshold.Run(x, threshold, value);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                NnAten.Softmax.Run(input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => NnAten.LogSoftmax.Run(x, dim);

            /// <summary>softmax(-x)</summary>
            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = NnAten.Neg.Run(x);
                return NnAten.Softmax.Run(negative, dim);
            }

            /// <summary>a sigmoid(b), where a and b are the two halves of the input along dim</summary>
            public static Tensor glu(Tensor input, long dim = -1) => NnAten.GLU.Run(input, dim);
        }
    }
}
