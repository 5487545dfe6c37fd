using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions of each element, in place; each returns this tensor.</summary>
    public partial class Tensor
    {
        public Tensor abs_() => Aten.Abs_.InPlace(this);
        public Tensor absolute_() => Aten.Absolute_.InPlace(this);
        public Tensor acos_() => Aten.Acos_.InPlace(this);
        public Tensor acosh_() => Aten.Acosh_.InPlace(this);
        public Tensor arccos_() => Aten.Arccos_.InPlace(this);
        public Tensor arccosh_() => Aten.Arccosh_.InPlace(this);
        public Tensor arcsin_() => Aten.Arcsin_.InPlace(this);
        public Tensor arcsinh_() => Aten.Arcsinh_.InPlace(this);
        public Tensor arctan_() => Aten.Arctan_.InPlace(this);
        public Tensor arctanh_() => Aten.Arctanh_.InPlace(this);
        public Tensor asin_() => Aten.Asin_.InPlace(this);
        public Tensor asinh_() => Aten.Asinh_.InPlace(this);
        public Tensor atan_() => Aten.Atan_.InPlace(this);
        public Tensor atanh_() => Aten.Atanh_.InPlace(this);
        public Tensor bitwise_not_() => Aten.BitwiseNot_.InPlace(this);
        public Tensor ceil_() => Aten.Ceil_.InPlace(this);
        public Tensor celu_() => Aten.Celu_.InPlace(this);
        public Tensor cos_() => Aten.Cos_.InPlace(this);
        public Tensor cosh_() => Aten.Cosh_.InPlace(this);
        public Tensor deg2rad_() => Aten.Deg2rad_.InPlace(this);
        public Tensor digamma_() => Aten.Digamma_.InPlace(this);
        public Tensor erf_() => Aten.Erf_.InPlace(this);
        public Tensor erfc_() => Aten.Erfc_.InPlace(this);
        public Tensor erfinv_() => Aten.Erfinv_.InPlace(this);
        public Tensor exp2_() => Aten.Exp2_.InPlace(this);
        public Tensor exp_() => Aten.Exp_.InPlace(this);
        public Tensor expm1_() => Aten.Expm1_.InPlace(this);
        public Tensor fix_() => Aten.Fix_.InPlace(this);
        public Tensor floor_() => Aten.Floor_.InPlace(this);
        public Tensor frac_() => Aten.Frac_.InPlace(this);
        public Tensor gelu_() => Aten.Gelu_.InPlace(this);
        public Tensor i0_() => Aten.I0_.InPlace(this);
        public Tensor lgamma_() => Aten.Lgamma_.InPlace(this);
        public Tensor log10_() => Aten.Log10_.InPlace(this);
        public Tensor log1p_() => Aten.Log1p_.InPlace(this);
        public Tensor log2_() => Aten.Log2_.InPlace(this);
        public Tensor log_() => Aten.Log_.InPlace(this);
        public Tensor logical_not_() => Aten.LogicalNot_.InPlace(this);
        public Tensor neg_() => Aten.Neg_.InPlace(this);
        public Tensor rad2deg_() => Aten.Rad2deg_.InPlace(this);
        public Tensor reciprocal_() => Aten.Reciprocal_.InPlace(this);
        public Tensor relu6_() => Aten.Relu6_.InPlace(this);
        public Tensor relu_() => Aten.Relu_.InPlace(this);
        public Tensor rsqrt_() => Aten.Rsqrt_.InPlace(this);
        public Tensor selu_() => Aten.Selu_.InPlace(this);
        public Tensor sgn_() => Aten.Sgn_.InPlace(this);
        public Tensor sigmoid_() => Aten.Sigmoid_.InPlace(this);
        public Tensor sign_() => Aten.Sign_.InPlace(this);
        public Tensor silu_() => Aten.Silu_.InPlace(this);
        public Tensor sin_() => Aten.Sin_.InPlace(this);
        public Tensor sinc_() => Aten.Sinc_.InPlace(this);
        public Tensor sinh_() => Aten.Sinh_.InPlace(this);
        public Tensor sqrt_() => Aten.Sqrt_.InPlace(this);
        public Tensor tan_() => Aten.Tan_.InPlace(this);
        public Tensor tanh_() => Aten.Tanh_.InPlace(this);
        public Tensor trunc_() => Aten.Trunc_.InPlace(this);
        public Tensor zero_() => Aten.Zero_.InPlace(this);
        public Tensor arctan_(Tensor other) => Aten.Atan2_.InPlace(this, other);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.Bernoulli_Float.InPlace(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Aten.Bernoulli_Tensor.InPlace(this, p, generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) =>
            Aten.Cauchy_.InPlace(this, median, sigma, generator);

        public Tensor celu_(Scalar alpha) => Aten.Celu_.InPlace(this, alpha);
        public Tensor elu_(double alpha = 1) => Aten.Elu_.InPlace(this, alpha);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu_.InPlace(this, alpha, scale, input_scale);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            Aten.Exponential_.InPlace(this, lambda, generator);

        public Tensor fill_(Scalar value) => Aten.Fill_Scalar.InPlace(this, value);
        public Tensor geometric_(double p, Generator? generator = null) => Aten.Geometric_.InPlace(this, p, generator);
        public Tensor leaky_relu_(Scalar negative_slope) => Aten.LeakyRelu_.InPlace(this, negative_slope);

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.LogNormal_.InPlace(this, mean, std, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.Normal_.InPlace(this, mean, std, generator);

        public Tensor logit_(double? eps = null) => Aten.Logit_.InPlace(this, eps);
        public Tensor mvlgamma_(long p) => Aten.Mvlgamma_.InPlace(this, p);
        public Tensor polygamma_(long p) => Aten.Polygamma_.InPlace(this, p);

        public Tensor random_(double from, double to, Generator? generator = null) =>
            Aten.Random_From.InPlace(this, (long)from, (long)to, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Aten.Uniform_.InPlace(this, from, to, generator);

        public Tensor round_(long decimals = 0) =>
            decimals == 0 ? Aten.Round_.InPlace(this) : Aten.Round_Decimals.InPlace(this, decimals);
    }
}
