using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Share();
        public Tensor clone() => Aten.Clone.Run(this);
        public Tensor contiguous() => Aten.Contiguous.Run(this);
        public Tensor cpu() => to(CPU);
        public Tensor detach() => Aten.Detach.Run(this);
        public Tensor detach_() => Aten.Detach_.InPlace(this);
        public Tensor pin_memory() => Aten.PinMemory.Run(this);
        public bool is_pinned() => Aten.IsPinned.RunBool(this);

        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);
        public Tensor cfloat() => to_type(ScalarType.ComplexFloat32);
        public Tensor cdouble() => to_type(ScalarType.ComplexFloat64);

        public bool is_complex() => torch.is_complex(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_nonzero() => Aten.IsNonzero.RunBool(this);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(null, new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(null, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(type, null, copy, disposeAfter, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(type, null, copy, disposeAfter, non_blocking);

        /// <summary>The dtype and the device of another tensor.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) => Moved(other.dtype, other.device, false, false, non_blocking);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor mps(bool non_blocking = false) => to(MPS, non_blocking: non_blocking);
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor type(ScalarType dtype) => to_type(dtype);
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        /// <summary>Overwrites this tensor with another's values, broadcast and converted.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.Copy_.InPlace(this, source, nonBlocking);

        /// <summary>Makes this tensor share another's storage and shape.</summary>
        public Tensor set_(Tensor source) => Aten.Set_SourceTensor.InPlace(this, source);

        /// <summary>A new object, with the dtype and device where they are given.</summary>
        internal Tensor As(ScalarType? dtype, Device? device = null) =>
            dtype is null && device is null ? Share() : Aten.ToDtypeLayout.Run(this, dtype, Arg.None, device);

        private Tensor Moved(ScalarType? type, Device? device, bool copy, bool disposeAfter, bool non_blocking)
        {
            var moved = Aten.ToDtypeLayout.Run(this, type, Arg.None, device, Arg.None, non_blocking, copy);
            if (disposeAfter) Dispose();
            return moved;
        }
    }
}
