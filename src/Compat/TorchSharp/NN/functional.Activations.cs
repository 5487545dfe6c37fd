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
                return Aten.Alias.Run(x);
            }

            /// <summary>max(x, 0)</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? InPlace(Aten.Relu_, x) : Aten.Relu.Run(x);

            /// <summary>min(max(x, 0), 6)</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) =>
                inplace ? InPlace(Aten.Relu6_, x) : Aten.Relu6.Run(x);

            /// <summary>Scaled exponential linear unit (Klambauer et al. 2017).</summary>
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? InPlace(Aten.Selu_, x) : Aten.Selu.Run(x);

            /// <summary>x sigmoid(x)</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? InPlace(Aten.Silu_, x) : Aten.Silu.Run(x);

            /// <summary>x tanh(softplus(x))</summary>
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? InPlace(Aten.Mish_, x) : Aten.Mish.Run(x);

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? InPlace(Aten.Tanh_, x) : Aten.Tanh.Run(x);

            public static Tensor sigmoid(Tensor x) => Aten.Sigmoid.Run(x);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? InPlace(Aten.Sigmoid_, x) : Aten.Sigmoid.Run(x);

            /// <summary>x / (1 + |x|)</summary>
            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var abs = Aten.Abs.Run(x);
                using var denominator = Aten.AddScalar.Run(abs, 1L);
                return inplace ? InPlace(Aten.Div_Tensor, x, denominator) : Aten.DivTensor.Run(x, denominator);
            }

            /// <summary>x relu6(x + 3) / 6</summary>
            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                inplace ? InPlace(Aten.Hardswish_, input) : Aten.Hardswish.Run(input);

            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? InPlace(Aten.Hardtanh_, x, min_val, max_val) : Aten.Hardtanh.Run(x, min_val, max_val);

            /// <summary>x where positive, else alpha (exp(x) - 1)</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? InPlace(Aten.Elu_, x, alpha) : Aten.Elu.Run(x, alpha);

            /// <summary>x where positive, else alpha (exp(x / alpha) - 1)</summary>
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? InPlace(Aten.Celu_, x, alpha) : Aten.Celu.Run(x, alpha);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? InPlace(Aten.LeakyRelu_, input, negative_slope) : Aten.LeakyRelu.Run(input, negative_slope);

            /// <summary>x where positive, else weight x; one weight, or one a channel.</summary>
            public static Tensor prelu(Tensor input, Tensor weight) => Aten.Prelu.Run(input, weight);

            /// <summary>x times the standard normal's cumulative distribution function</summary>
            public static Tensor gelu(Tensor x) => Aten.Gelu.Run(x);

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? InPlace(Aten.Gelu_, x) : Aten.Gelu.Run(x);

            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                inplace ? InPlace(Aten.Gelu_, x, approximate.ToString()) : Aten.Gelu.Run(x, approximate.ToString());

            /// <summary>log(1 + exp(beta x)) / beta; x itself where beta x exceeds the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) =>
                Aten.Softplus.Run(x, beta, threshold);

            /// <summary>log(sigmoid(x))</summary>
            public static Tensor logsigmoid(Tensor x) => Aten.LogSigmoid.Run(x);

            /// <summary>x where above the threshold, else value</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? InPlace(Aten.Threshold_, x, threshold, value) : Aten.Threshold.Run(x, threshold, value);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                Aten.SoftmaxInt.Run(input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => Aten.LogSoftmaxInt.Run(x, dim);

            /// <summary>softmax(-x)</summary>
            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = Aten.Neg.Run(x);
                return Aten.SoftmaxInt.Run(negative, dim);
            }

            /// <summary>a sigmoid(b), where a and b are the two halves of the input along dim</summary>
            public static Tensor glu(Tensor input, long dim = -1) => Aten.Glu.Run(input, dim);
        }
    }
}
