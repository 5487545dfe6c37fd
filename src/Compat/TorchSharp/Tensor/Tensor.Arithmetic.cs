using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Arithmetic and comparisons with tensors and numbers.</summary>
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.AddTensor.Run(this, target);
        public Tensor eq(Tensor target) => Aten.EqTensor.Run(this, target);
        public Tensor float_power(Tensor target) => Aten.FloatPowerTensorTensor.Run(this, target);
        public Tensor fmod(Tensor target) => Aten.FmodTensor.Run(this, target);
        public Tensor ge(Tensor target) => Aten.GeTensor.Run(this, target);
        public Tensor greater(Tensor target) => Aten.GreaterTensor.Run(this, target);
        public Tensor greater_equal(Tensor target) => Aten.GreaterEqualTensor.Run(this, target);
        public Tensor gt(Tensor target) => Aten.GtTensor.Run(this, target);
        public Tensor le(Tensor target) => Aten.LeTensor.Run(this, target);
        public Tensor less(Tensor target) => Aten.LessTensor.Run(this, target);
        public Tensor less_equal(Tensor target) => Aten.LessEqualTensor.Run(this, target);
        public Tensor lt(Tensor target) => Aten.LtTensor.Run(this, target);
        public Tensor mul(Tensor target) => Aten.MulTensor.Run(this, target);
        public Tensor multiply(Tensor target) => Aten.MultiplyTensor.Run(this, target);
        public Tensor ne(Tensor target) => Aten.NeTensor.Run(this, target);
        public Tensor not_equal(Tensor target) => Aten.NotEqualTensor.Run(this, target);
        public Tensor remainder(Tensor target) => Aten.RemainderTensor.Run(this, target);
        public Tensor sub(Tensor target) => Aten.SubTensor.Run(this, target);
        public Tensor subtract(Tensor target) => Aten.SubtractTensor.Run(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Aten.AddTensor.Run(this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.AddScalar.Run(this, scalar);
        public Tensor fmod(Scalar scalar) => Aten.FmodScalar.Run(this, scalar);
        public Tensor remainder(Scalar scalar) => Aten.RemainderScalar.Run(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.AddScalar.Run(this, scalar, alpha);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcdiv.Run(this, tensor1, tensor2, value);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcmul.Run(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv.Run(this, tensor1, tensor2);
        public Tensor arctan2(Tensor other) => Aten.Arctan2.Run(this, other);
        public Tensor atan2(Tensor other) => Aten.Atan2.Run(this, other);
        public Tensor bitwise_and(Tensor other) => Aten.BitwiseAndTensor.Run(this, other);
        public Tensor bitwise_or(Tensor other) => Aten.BitwiseOrTensor.Run(this, other);
        public Tensor bitwise_xor(Tensor other) => Aten.BitwiseXorTensor.Run(this, other);
        public Tensor copysign(Tensor other) => Aten.CopysignTensor.Run(this, other);
        public Tensor floor_divide(Tensor other) => Aten.FloorDivide.Run(this, other);
        public Tensor fmax(Tensor other) => Aten.Fmax.Run(this, other);
        public Tensor fmin(Tensor other) => Aten.Fmin.Run(this, other);
        public Tensor heaviside(Tensor other) => Aten.Heaviside.Run(this, other);
        public Tensor hypot(Tensor other) => Aten.Hypot.Run(this, other);
        public Tensor igamma(Tensor other) => Aten.Igamma.Run(this, other);
        public Tensor igammac(Tensor other) => Aten.Igammac.Run(this, other);
        public Tensor ldexp(Tensor other) => Aten.LdexpTensor.Run(this, other);
        public Tensor logaddexp(Tensor other) => Aten.Logaddexp.Run(this, other);
        public Tensor logaddexp2(Tensor other) => Aten.Logaddexp2.Run(this, other);
        public Tensor logical_and(Tensor other) => Aten.LogicalAnd.Run(this, other);
        public Tensor logical_or(Tensor other) => Aten.LogicalOr.Run(this, other);
        public Tensor logical_xor(Tensor other) => Aten.LogicalXor.Run(this, other);
        public Tensor max(Tensor other) => Aten.MaxOther.Run(this, other);
        public Tensor maximum(Tensor other) => Aten.Maximum.Run(this, other);
        public Tensor min(Tensor other) => Aten.MinOther.Run(this, other);
        public Tensor minimum(Tensor other) => Aten.Minimum.Run(this, other);
        public Tensor nextafter(Tensor other) => Aten.Nextafter.Run(this, other);
        public Tensor true_divide(Tensor other) => Aten.TrueDivideTensor.Run(this, other);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Clamp.Run(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => Aten.Clip.Run(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.ClampTensor.Run(this, min, max);
        public Tensor clamp_max(Scalar max) => Aten.ClampMax.Run(this, max);
        public Tensor clamp_min(Scalar min) => Aten.ClampMin.Run(this, min);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.DivTensor.Run(this, target)
                : Aten.DivTensorMode.Run(this, target, ModeName(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.DivTensor.Run(this, target)
                : Aten.DivTensorMode.Run(this, target, ModeName(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.DivScalar.Run(this, target)
                : Aten.DivScalarMode.Run(this, target, ModeName(rounding_mode));

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.DivScalar.Run(this, target)
                : Aten.DivScalarMode.Run(this, target, ModeName(rounding_mode));

        public Tensor eq(Scalar target) => Aten.EqScalar.Run(this, target);
        public Tensor ge(Scalar target) => Aten.GeScalar.Run(this, target);
        public Tensor gt(Scalar target) => Aten.GtScalar.Run(this, target);
        public Tensor le(Scalar target) => Aten.LeScalar.Run(this, target);
        public Tensor lt(Scalar target) => Aten.LtScalar.Run(this, target);
        public Tensor mul(Scalar target) => Aten.MulScalar.Run(this, target);
        public Tensor multiply(Scalar target) => Aten.MultiplyScalar.Run(this, target);
        public Tensor ne(Scalar target) => Aten.NeScalar.Run(this, target);
        public Tensor sub(Scalar target) => Aten.SubScalar.Run(this, target);
        public Tensor subtract(Scalar target) => Aten.SubtractScalar.Run(this, target);
        public Tensor floor_divide(Scalar other) => Aten.FloorDivideScalar.Run(this, other);
        public Tensor true_divide(Scalar other) => Aten.TrueDivideScalar.Run(this, other);
        public Tensor lerp(Tensor end, Tensor weight) => Aten.LerpTensor.Run(this, end, weight);
        public Tensor max() => Aten.Max.Run(this);
        public Tensor min() => Aten.Min.Run(this);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.MaxDim.Run2(this, dim, keepdim);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.MinDim.Run2(this, dim, keepdim);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Aten.NanToNum.Run(this, nan, posinf, neginf);

        public Tensor pow(Tensor exponent) => Aten.PowTensorTensor.Run(this, exponent);
        public Tensor pow(Scalar exponent) => Aten.PowTensorScalar.Run(this, exponent);
        public Tensor xlogy(Tensor y) => Aten.XlogyTensor.Run(this, y);
        public Tensor xlogy(Scalar y) => Aten.XlogyScalarOther.Run(this, y);
    }
}
