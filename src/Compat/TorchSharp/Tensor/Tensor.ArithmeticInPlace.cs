using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Arithmetic in place; each returns this tensor.</summary>
    public partial class Tensor
    {
        public Tensor add_(Tensor target) => Aten.Add_Tensor.InPlace(this, target);
        public Tensor eq_(Tensor target) => Aten.Eq_Tensor.InPlace(this, target);
        public Tensor float_power_(Tensor target) => Aten.FloatPower_Tensor.InPlace(this, target);
        public Tensor fmod_(Tensor target) => Aten.Fmod_Tensor.InPlace(this, target);
        public Tensor ge_(Tensor target) => Aten.Ge_Tensor.InPlace(this, target);
        public Tensor gt_(Tensor target) => Aten.Gt_Tensor.InPlace(this, target);
        public Tensor le_(Tensor target) => Aten.Le_Tensor.InPlace(this, target);
        public Tensor less_equal_(Tensor target) => Aten.LessEqual_Tensor.InPlace(this, target);
        public Tensor lt_(Tensor target) => Aten.Lt_Tensor.InPlace(this, target);
        public Tensor mul_(Tensor target) => Aten.Mul_Tensor.InPlace(this, target);
        public Tensor ne_(Tensor target) => Aten.Ne_Tensor.InPlace(this, target);
        public Tensor not_equal_(Tensor target) => Aten.NotEqual_Tensor.InPlace(this, target);
        public Tensor remainder_(Tensor target) => Aten.Remainder_Tensor.InPlace(this, target);
        public Tensor sub_(Tensor target) => Aten.Sub_Tensor.InPlace(this, target);
        public Tensor subtract_(Tensor target) => Aten.Subtract_Tensor.InPlace(this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.Add_Tensor.InPlace(this, target, alpha);
        public Tensor add_(Scalar scalar) => Aten.Add_Scalar.InPlace(this, scalar);
        public Tensor fmod_(Scalar scalar) => Aten.Fmod_Scalar.InPlace(this, scalar);
        public Tensor remainder_(Scalar scalar) => Aten.Remainder_Scalar.InPlace(this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.Add_Scalar.InPlace(this, scalar, alpha);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Aten.Addcdiv_.InPlace(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Aten.Addcmul_.InPlace(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv_.InPlace(this, tensor1, tensor2);
        public Tensor arctan2_(Tensor other) => Aten.Arctan2_.InPlace(this, other);
        public Tensor atan2_(Tensor other) => Aten.Atan2_.InPlace(this, other);
        public Tensor bitwise_and_(Tensor other) => Aten.BitwiseAnd_Tensor.InPlace(this, other);
        public Tensor bitwise_or_(Tensor other) => Aten.BitwiseOr_Tensor.InPlace(this, other);
        public Tensor bitwise_xor_(Tensor other) => Aten.BitwiseXor_Tensor.InPlace(this, other);
        public Tensor copysign_(Tensor other) => Aten.Copysign_Tensor.InPlace(this, other);
        public Tensor floor_divide_(Tensor other) => Aten.FloorDivide_Tensor.InPlace(this, other);
        public Tensor heaviside_(Tensor other) => Aten.Heaviside_.InPlace(this, other);
        public Tensor ldexp_(Tensor other) => Aten.Ldexp_.InPlace(this, other);
        public Tensor logical_and_(Tensor other) => Aten.LogicalAnd_.InPlace(this, other);
        public Tensor logical_or_(Tensor other) => Aten.LogicalOr_.InPlace(this, other);
        public Tensor logical_xor_(Tensor other) => Aten.LogicalXor_.InPlace(this, other);
        public Tensor nextafter_(Tensor other) => Aten.Nextafter_.InPlace(this, other);
        public Tensor true_divide_(Tensor other) => Aten.TrueDivide_Tensor.InPlace(this, other);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.Clamp_.InPlace(this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.Clamp_Tensor.InPlace(this, min, max);
        public Tensor clamp_max_(Scalar max) => Aten.ClampMax_.InPlace(this, max);
        public Tensor clamp_min_(Scalar min) => Aten.ClampMin_.InPlace(this, min);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.Div_Tensor.InPlace(this, target)
                : Aten.Div_TensorMode.InPlace(this, target, ModeName(rounding_mode));

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.Div_Tensor.InPlace(this, target)
                : Aten.Div_TensorMode.InPlace(this, target, ModeName(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.Div_Scalar.InPlace(this, target)
                : Aten.Div_ScalarMode.InPlace(this, target, ModeName(rounding_mode));

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? Aten.Div_Scalar.InPlace(this, target)
                : Aten.Div_ScalarMode.InPlace(this, target, ModeName(rounding_mode));

        public Tensor eq_(Scalar target) => Aten.Eq_Scalar.InPlace(this, target);
        public Tensor ge_(Scalar target) => Aten.Ge_Scalar.InPlace(this, target);
        public Tensor gt_(Scalar target) => Aten.Gt_Scalar.InPlace(this, target);
        public Tensor le_(Scalar target) => Aten.Le_Scalar.InPlace(this, target);
        public Tensor lt_(Scalar target) => Aten.Lt_Scalar.InPlace(this, target);
        public Tensor mul_(Scalar target) => Aten.Mul_Scalar.InPlace(this, target);
        public Tensor ne_(Scalar target) => Aten.Ne_Scalar.InPlace(this, target);
        public Tensor sub_(Scalar target) => Aten.Sub_Scalar.InPlace(this, target);
        public Tensor subtract_(Scalar target) => Aten.Subtract_Scalar.InPlace(this, target);
        public Tensor floor_divide_(Scalar other) => Aten.FloorDivide_Scalar.InPlace(this, other);
        public Tensor true_divide_(Scalar other) => Aten.TrueDivide_Scalar.InPlace(this, other);
        public Tensor lerp_(Tensor end, Tensor weight) => Aten.Lerp_Tensor.InPlace(this, end, weight);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) =>
            Aten.NanToNum_.InPlace(this, nan, posinf, neginf);

        public Tensor pow_(Tensor exponent) => Aten.Pow_Tensor.InPlace(this, exponent);
        public Tensor pow_(Scalar exponent) => Aten.Pow_Scalar.InPlace(this, exponent);
        public Tensor xlogy_(Tensor y) => Aten.Xlogy_Tensor.InPlace(this, y);
        public Tensor xlogy_(Scalar y) => Aten.Xlogy_ScalarOther.InPlace(this, y);
    }
}
