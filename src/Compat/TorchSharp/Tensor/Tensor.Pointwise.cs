using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Functions of each element.</summary>
    public partial class Tensor
    {
        public Tensor abs() => Aten.Abs.Run(this);
        public Tensor absolute() => Aten.Absolute.Run(this);
        public Tensor acos() => Aten.Acos.Run(this);
        public Tensor acosh() => Aten.Acosh.Run(this);
        public Tensor angle() => Aten.Angle.Run(this);
        public Tensor arccos() => Aten.Arccos.Run(this);
        public Tensor arccosh() => Aten.Arccosh.Run(this);
        public Tensor arcsin() => Aten.Arcsin.Run(this);
        public Tensor arcsinh() => Aten.Arcsinh.Run(this);
        public Tensor arctan() => Aten.Arctan.Run(this);
        public Tensor arctanh() => Aten.Arctanh.Run(this);
        public Tensor asin() => Aten.Asin.Run(this);
        public Tensor asinh() => Aten.Asinh.Run(this);
        public Tensor atan() => Aten.Atan.Run(this);
        public Tensor atanh() => Aten.Atanh.Run(this);
        public Tensor bitwise_not() => Aten.BitwiseNot.Run(this);
        public Tensor ceil() => Aten.Ceil.Run(this);
        public Tensor celu() => Aten.Celu.Run(this);
        public Tensor conj() => Aten.Conj.Run(this);
        public Tensor cos() => Aten.Cos.Run(this);
        public Tensor cosh() => Aten.Cosh.Run(this);
        public Tensor deg2rad() => Aten.Deg2rad.Run(this);
        public Tensor digamma() => Aten.Digamma.Run(this);
        public Tensor erf() => Aten.Erf.Run(this);
        public Tensor erfc() => Aten.Erfc.Run(this);
        public Tensor erfinv() => Aten.Erfinv.Run(this);
        public Tensor exp() => Aten.Exp.Run(this);
        public Tensor exp2() => Aten.Exp2.Run(this);
        public Tensor expm1() => Aten.Expm1.Run(this);
        public Tensor fix() => Aten.Fix.Run(this);
        public Tensor floor() => Aten.Floor.Run(this);
        public Tensor frac() => Aten.Frac.Run(this);
        public Tensor gelu() => Aten.Gelu.Run(this);
        public Tensor hardsigmoid() => Aten.Hardsigmoid.Run(this);
        public Tensor hardswish() => Aten.Hardswish.Run(this);
        public Tensor i0() => Aten.I0.Run(this);
        public Tensor isfinite() => Aten.Isfinite.Run(this);
        public Tensor isinf() => Aten.Isinf.Run(this);
        public Tensor isnan() => Aten.Isnan.Run(this);
        public Tensor isneginf() => Aten.Isneginf.Run(this);
        public Tensor isposinf() => Aten.Isposinf.Run(this);
        public Tensor isreal() => Aten.Isreal.Run(this);
        public Tensor lgamma() => Aten.Lgamma.Run(this);
        public Tensor log() => Aten.Log.Run(this);
        public Tensor log10() => Aten.Log10.Run(this);
        public Tensor log1p() => Aten.Log1p.Run(this);
        public Tensor log2() => Aten.Log2.Run(this);
        public Tensor log_sigmoid() => Aten.LogSigmoid.Run(this);
        public Tensor logical_not() => Aten.LogicalNot.Run(this);
        public Tensor neg() => Aten.Neg.Run(this);
        public Tensor negative() => Aten.Negative.Run(this);
        public Tensor positive() => Aten.Positive.Run(this);
        public Tensor rad2deg() => Aten.Rad2deg.Run(this);
        public Tensor reciprocal() => Aten.Reciprocal.Run(this);
        public Tensor relu() => Aten.Relu.Run(this);
        public Tensor relu6() => Aten.Relu6.Run(this);
        public Tensor rsqrt() => Aten.Rsqrt.Run(this);
        public Tensor selu() => Aten.Selu.Run(this);
        public Tensor sgn() => Aten.Sgn.Run(this);
        public Tensor sigmoid() => Aten.Sigmoid.Run(this);
        public Tensor sign() => Aten.Sign.Run(this);
        public Tensor signbit() => Aten.Signbit.Run(this);
        public Tensor silu() => Aten.Silu.Run(this);
        public Tensor sin() => Aten.Sin.Run(this);
        public Tensor sinc() => Aten.Sinc.Run(this);
        public Tensor sinh() => Aten.Sinh.Run(this);
        public Tensor sqrt() => Aten.Sqrt.Run(this);
        public Tensor square() => Aten.Square.Run(this);
        public Tensor tan() => Aten.Tan.Run(this);
        public Tensor tanh() => Aten.Tanh.Run(this);
        public Tensor trunc() => Aten.Trunc.Run(this);
        public Tensor arctan(Tensor other) => Aten.Atan2.Run(this, other);
        public Tensor celu(Scalar alpha) => Aten.Celu.Run(this, alpha);
        public Tensor elu(double alpha = 1) => Aten.Elu.Run(this, alpha);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu.Run(this, alpha, scale, input_scale);
        public Tensor glu(long dim = -1) => Aten.Glu.Run(this, dim);
        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Hardtanh.Run(this, min, max);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.LeakyRelu.Run(this, negative_slope);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmaxInt.Run(this, dim, dtype);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.SoftmaxInt.Run(this, dim, dtype);
        public Tensor logit(double? eps = null) => Aten.Logit.Run(this, eps);
        public Tensor mvlgamma(long p) => Aten.Mvlgamma.Run(this, p);
        public Tensor polygamma(long p) => Aten.Polygamma.Run(p, this);
        public Tensor prelu(Tensor target) => Aten.Prelu.Run(this, target);
        public Tensor round(long decimals = 0) => decimals == 0 ? Aten.Round.Run(this) : Aten.RoundDecimals.Run(this, decimals);
        public Tensor rrelu(double lower = 0.125, double upper = 0.3333333333333333) => Aten.Rrelu.Run(this, lower, upper);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.Softplus.Run(this, beta, threshold);
        public Tensor threshold(Scalar threshold, Scalar value) => Aten.Threshold.Run(this, threshold, value);
    }
}
