using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Writes the bytes of the values in row-major order, through a buffer for tensors that are not on the CPU or not contiguous.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            using var guard = no_grad();
            using var host = cpu();
            using var packed = host.contiguous();
            var address = (byte*)packed.Address;
            for (long at = 0, total = packed.numel() * packed.ElementSize; at < total;)
            {
                var count = (int)Math.Min(total - at, 1 << 20);
                stream.Write(new ReadOnlySpan<byte>(address + at, count));
                at += count;
            }
            GC.KeepAlive(packed);
        }

        /// <summary>Overwrites the values with bytes in row-major order.</summary>
        /// <exception cref="EndOfStreamException">The stream ends before the tensor is full; the tensor keeps its old values.</exception>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            using var guard = no_grad();
            using var read = torch.empty(shape, dtype, CPU);
            var address = (byte*)read.Address;
            for (long at = 0, total = read.numel() * read.ElementSize; at < total;)
            {
                var count = stream.Read(new Span<byte>(address + at, (int)Math.Min(total - at, 1 << 20)));
                if (count == 0) throw new EndOfStreamException($"expected {total} bytes for {this}, got {at}");
                at += count;
            }
            copy_(read);
        }

        /// <summary>Writes libtorch's own file format.</summary>
        public unsafe void save(string location)
        {
            fixed (byte* path = Utf8(location)) NativeMethods.Check(NativeMethods.td_save(Handle, path), nameof(save));
            GC.KeepAlive(this);
        }

        /// <summary>Reads libtorch's own file format.</summary>
        public static unsafe Tensor load(string location)
        {
            if (!File.Exists(location)) throw new FileNotFoundException($"expected a file at {location}", location);
            nint handle;
            fixed (byte* path = Utf8(location)) NativeMethods.Check(NativeMethods.td_load(path, &handle), nameof(load));
            return new Tensor(handle);
        }

        /// <summary>Reads TorchSharp's own format.</summary>
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            using var stream = File.OpenRead(location);
            return Load(stream);
        }

        private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

        /// <summary>Nested ArrayLists of scalars; a bare Scalar for no dimensions.</summary>
        public object tolist()
        {
            if (ndim == 0) return ToScalar();
            var list = new System.Collections.ArrayList();
            foreach (var part in unbind()) using (part) list.Add(part.tolist());
            return list;
        }
    }

    /// <summary>Writes libtorch's own file format.</summary>
    public static void save(Tensor t, string location) => t.save(location);

    /// <summary>Reads libtorch's own file format.</summary>
    public static Tensor load(string location) => Tensor.load(location);
}
