using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
#pragma warning disable CS0660, CS0661 // == gives a tensor; Equals and GetHashCode are in Tensor.Equality.cs.
    public partial class Tensor
#pragma warning restore CS0660, CS0661
    {
        public static Tensor operator +(Tensor left, Tensor right) => Aten.AddTensor.Run(left, right);
        public static Tensor operator +(Tensor left, Scalar right) => Aten.AddScalar.Run(left, right);
        public static Tensor operator +(Tensor left, int right) => Aten.AddScalar.Run(left, right);
        public static Tensor operator +(Tensor left, long right) => Aten.AddScalar.Run(left, right);
        public static Tensor operator +(Tensor left, float right) => Aten.AddScalar.Run(left, (double)right);
        public static Tensor operator +(Tensor left, double right) => Aten.AddScalar.Run(left, right);
        public static Tensor operator +(Scalar left, Tensor right) => Aten.AddScalar.Run(right, left);
        public static Tensor operator +(int left, Tensor right) => Aten.AddScalar.Run(right, left);
        public static Tensor operator +(long left, Tensor right) => Aten.AddScalar.Run(right, left);
        public static Tensor operator +(float left, Tensor right) => Aten.AddScalar.Run(right, (double)left);
        public static Tensor operator +(double left, Tensor right) => Aten.AddScalar.Run(right, left);

        public static Tensor operator -(Tensor left, Tensor right) => Aten.SubTensor.Run(left, right);
        public static Tensor operator -(Tensor left, Scalar right) => Aten.SubScalar.Run(left, right);
        public static Tensor operator -(Tensor left, int right) => Aten.SubScalar.Run(left, right);
        public static Tensor operator -(Tensor left, long right) => Aten.SubScalar.Run(left, right);
        public static Tensor operator -(Tensor left, float right) => Aten.SubScalar.Run(left, (double)right);
        public static Tensor operator -(Tensor left, double right) => Aten.SubScalar.Run(left, right);
        public static Tensor operator -(Scalar left, Tensor right) => Aten.RsubScalar.Run(right, left);
        public static Tensor operator -(int left, Tensor right) => Aten.RsubScalar.Run(right, left);
        public static Tensor operator -(long left, Tensor right) => Aten.RsubScalar.Run(right, left);
        public static Tensor operator -(float left, Tensor right) => Aten.RsubScalar.Run(right, (double)left);
        public static Tensor operator -(double left, Tensor right) => Aten.RsubScalar.Run(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => Aten.MulTensor.Run(left, right);
        public static Tensor operator *(Tensor left, Scalar right) => Aten.MulScalar.Run(left, right);
        public static Tensor operator *(Tensor left, int right) => Aten.MulScalar.Run(left, right);
        public static Tensor operator *(Tensor left, long right) => Aten.MulScalar.Run(left, right);
        public static Tensor operator *(Tensor left, float right) => Aten.MulScalar.Run(left, (double)right);
        public static Tensor operator *(Tensor left, double right) => Aten.MulScalar.Run(left, right);
        public static Tensor operator *(Scalar left, Tensor right) => Aten.MulScalar.Run(right, left);
        public static Tensor operator *(int left, Tensor right) => Aten.MulScalar.Run(right, left);
        public static Tensor operator *(long left, Tensor right) => Aten.MulScalar.Run(right, left);
        public static Tensor operator *(float left, Tensor right) => Aten.MulScalar.Run(right, (double)left);
        public static Tensor operator *(double left, Tensor right) => Aten.MulScalar.Run(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Aten.DivTensor.Run(left, right);
        public static Tensor operator /(Tensor left, Scalar right) => Aten.DivScalar.Run(left, right);
        public static Tensor operator /(Tensor left, int right) => Aten.DivScalar.Run(left, right);
        public static Tensor operator /(Tensor left, long right) => Aten.DivScalar.Run(left, right);
        public static Tensor operator /(Tensor left, float right) => Aten.DivScalar.Run(left, (double)right);
        public static Tensor operator /(Tensor left, double right) => Aten.DivScalar.Run(left, right);
        public static Tensor operator /(Scalar left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(int left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(long left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(float left, Tensor right) => Quotient((double)left, right);
        public static Tensor operator /(double left, Tensor right) => Quotient(left, right);

        public static Tensor operator %(Tensor left, Tensor right) => Aten.RemainderTensor.Run(left, right);
        public static Tensor operator %(Tensor left, Scalar right) => Aten.RemainderScalar.Run(left, right);
        public static Tensor operator %(Tensor left, int right) => Aten.RemainderScalar.Run(left, right);
        public static Tensor operator %(Tensor left, long right) => Aten.RemainderScalar.Run(left, right);
        public static Tensor operator %(Tensor left, float right) => Aten.RemainderScalar.Run(left, (double)right);
        public static Tensor operator %(Tensor left, double right) => Aten.RemainderScalar.Run(left, right);

        public static Tensor operator &(Tensor left, Tensor right) => Aten.BitwiseAndTensor.Run(left, right);
        public static Tensor operator |(Tensor left, Tensor right) => Aten.BitwiseOrTensor.Run(left, right);
        public static Tensor operator ^(Tensor left, Tensor right) => Aten.BitwiseXorTensor.Run(left, right);

        public static Tensor operator ==(Tensor left, Tensor right) => Aten.EqTensor.Run(left, right);
        public static Tensor operator ==(Tensor left, Scalar right) => Aten.EqScalar.Run(left, right);
        public static Tensor operator ==(Scalar left, Tensor right) => Aten.EqScalar.Run(right, left);

        public static Tensor operator !=(Tensor left, Tensor right) => Aten.NeTensor.Run(left, right);
        public static Tensor operator !=(Tensor left, Scalar right) => Aten.NeScalar.Run(left, right);
        public static Tensor operator !=(Scalar left, Tensor right) => Aten.NeScalar.Run(right, left);

        public static Tensor operator <(Tensor left, Tensor right) => Aten.LtTensor.Run(left, right);
        public static Tensor operator <(Tensor left, Scalar right) => Aten.LtScalar.Run(left, right);
        public static Tensor operator <(Scalar left, Tensor right) => Aten.GtScalar.Run(right, left);

        public static Tensor operator <=(Tensor left, Tensor right) => Aten.LeTensor.Run(left, right);
        public static Tensor operator <=(Tensor left, Scalar right) => Aten.LeScalar.Run(left, right);
        public static Tensor operator <=(Scalar left, Tensor right) => Aten.GeScalar.Run(right, left);

        public static Tensor operator >(Tensor left, Tensor right) => Aten.GtTensor.Run(left, right);
        public static Tensor operator >(Tensor left, Scalar right) => Aten.GtScalar.Run(left, right);
        public static Tensor operator >(Scalar left, Tensor right) => Aten.LtScalar.Run(right, left);

        public static Tensor operator >=(Tensor left, Tensor right) => Aten.GeTensor.Run(left, right);
        public static Tensor operator >=(Tensor left, Scalar right) => Aten.GeScalar.Run(left, right);
        public static Tensor operator >=(Scalar left, Tensor right) => Aten.LeScalar.Run(right, left);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        // number / tensor = number * (1 / tensor), as in PyTorch.
        private static Tensor Quotient(Arg number, Tensor right)
        {
            using var inverse = right.reciprocal();
            return Aten.MulScalar.Run(inverse, number);
        }

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(bool value) => tensor(value);
        public static implicit operator Tensor((float, float) value) => tensor(value);
        public static implicit operator Tensor(Complex value) => tensor(value);

        /// <summary>Steers overload resolution only: a number becomes a tensor by torch.tensor.</summary>
        public static implicit operator Tensor(Scalar scalar) =>
            throw new InvalidOperationException("expected a tensor, got a Scalar: use torch.tensor(number)");

        public static implicit operator Tensor(byte[] value) => tensor(value);
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        public static implicit operator Tensor(short[] value) => tensor(value);
        public static implicit operator Tensor(int[] value) => tensor(value);
        public static implicit operator Tensor(long[] value) => tensor(value);
        public static implicit operator Tensor(float[] value) => tensor(value);
        public static implicit operator Tensor(double[] value) => tensor(value);
        public static implicit operator Tensor(bool[] value) => tensor(value);
        public static implicit operator Tensor((float, float)[] value) => tensor(value);
        public static implicit operator Tensor(Complex[] value) => tensor(value);
    }
}
