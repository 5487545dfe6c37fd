using System.Runtime.CompilerServices;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The address of the first element, on the tensor's device.</summary>
        internal unsafe void* Address
        {
            get
            {
                void* data;
                NativeMethods.Check(NativeMethods.td_data(Handle, &data), "data");
                GC.KeepAlive(this);
                return data;
            }
        }

        /// <summary>A live view of the values: writes go to the tensor.</summary>
        /// <exception cref="ArgumentException">T does not have the tensor's dtype.</exception>
        /// <exception cref="InvalidOperationException">The tensor is not on the CPU.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException($"expected a tensor on the CPU, got one on {device}: call cpu() first");
            ScalarTypes.Require<T>(dtype);
            return new TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor of one element.</summary>
        /// <exception cref="ArgumentException">There are more elements or none, or T does not have the tensor's dtype.</exception>
        public unsafe T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException($"expected one element, got shape [{string.Join(", ", shape)}]");
            ScalarTypes.Require<T>(dtype);
            if (device_type == DeviceType.CPU)
            {
                var value = Unsafe.ReadUnaligned<T>(Address);
                GC.KeepAlive(this);
                return value;
            }
            using var host = cpu();
            return Unsafe.ReadUnaligned<T>(host.Address);
        }

        /// <summary>The value of a tensor of one element, as a number with the tensor's dtype.</summary>
        public Scalar ToScalar() => Aten.Item.RunScalar(this).Typed(dtype);

        /// <summary>The bytes of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous() || device_type != DeviceType.CPU)
                    throw new InvalidOperationException($"expected a contiguous tensor on the CPU, got {this}: call cpu() and contiguous() first");
                return new Span<byte>(Address, checked((int)(numel() * ElementSize)));
            }
            set
            {
                var own = bytes;
                if (value.Length != own.Length) throw new ArgumentException($"expected {own.Length} bytes, got {value.Length}");
                value.CopyTo(own);
            }
        }
    }
}
