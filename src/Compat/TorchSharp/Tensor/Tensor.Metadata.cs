using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private unsafe Meta ReadMeta()
        {
            Meta meta;
            NativeMethods.Check(NativeMethods.td_meta(Handle, &meta), "tensor");
            GC.KeepAlive(this);
            return meta;
        }

        public long Dimensions => ndim;

        public long ndim
        {
            get
            {
                var n = NativeMethods.td_dim(Handle);
                GC.KeepAlive(this);
                return n;
            }
        }

        public long dim() => ndim;

        public long NumberOfElements => numel();

        public long numel()
        {
            var n = NativeMethods.td_numel(Handle);
            GC.KeepAlive(this);
            return n;
        }

        public ScalarType dtype
        {
            get
            {
                var t = (ScalarType)NativeMethods.td_dtype(Handle);
                GC.KeepAlive(this);
                return t;
            }
        }

        /// <summary>A fresh copy of the sizes.</summary>
        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* p = sizes) NativeMethods.Check(NativeMethods.td_sizes(Handle, p, null), "shape");
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            var s = shape;
            return s[Wrap(dim, s.Length)];
        }

        public unsafe long[] stride()
        {
            var sizes = new long[ndim];
            var strides = new long[sizes.Length];
            fixed (long* p = sizes, q = strides) NativeMethods.Check(NativeMethods.td_sizes(Handle, p, q), "stride");
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var s = stride();
            return s[Wrap(dim, s.Length)];
        }

        private static int Wrap(int dim, int count) => dim >= -count && dim < count ? (dim + count) % count
            : throw new ArgumentOutOfRangeException(nameof(dim), $"expected a dimension from {-count} to {count - 1}, got {dim}");

        public Device device
        {
            get
            {
                var m = ReadMeta();
                return new Device((DeviceType)m.DeviceType, m.DeviceType == 0 ? -1 : m.DeviceIndex, true);
            }
        }

        public DeviceType device_type => (DeviceType)ReadMeta().DeviceType;
        public int device_index => ReadMeta() is var m && m.DeviceType == 0 ? -1 : m.DeviceIndex;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_leaf => ReadMeta().IsLeaf != 0;
        public bool is_sparse => ReadMeta().IsSparse != 0;
        public bool is_contiguous() => ReadMeta().IsContiguous != 0;
        public long ElementSize => ReadMeta().ElementSize;
        public long element_size() => ElementSize;
        public long storage_offset() => ReadMeta().StorageOffset;

        public bool requires_grad
        {
            get => ReadMeta().RequiresGrad != 0;
            set
            {
                NativeMethods.Check(NativeMethods.td_set_requires_grad(Handle, value ? (byte)1 : (byte)0), "requires_grad");
                GC.KeepAlive(this);
            }
        }

        /// <summary>A new object on every read; null where there is none.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint g;
                NativeMethods.Check(NativeMethods.td_get_grad(Handle, &g), "grad");
                GC.KeepAlive(this);
                return g == 0 ? null : new Tensor(g);
            }
            set
            {
                NativeMethods.Check(NativeMethods.td_set_grad(Handle, value?.Handle ?? 0), "grad");
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }
    }
}
