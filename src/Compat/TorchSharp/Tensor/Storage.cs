using System.Collections;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The memory under a CPU tensor and its views, element by element.</summary>
    public sealed class Storage<T> : IEnumerable<T>, IDisposable where T : unmanaged
    {
        private readonly Tensor _owner;
        private readonly unsafe T* _address;

        internal unsafe Storage(Tensor tensor)
        {
            _owner = tensor.Share().DetachFromDisposeScope();
            void* data;
            long bytes;
            NativeMethods.Check(NativeMethods.td_storage(tensor.Handle, &data, &bytes), "storage");
            _address = (T*)data;
            Count = checked((int)(bytes / sizeof(T)));
        }

        public int Count { get; }

        public unsafe T this[int index]
        {
            get => Alive()[Checked(index)];
            set => Alive()[Checked(index)] = value;
        }

        private unsafe T* Alive()
        {
            _ = _owner.Handle;
            return _address;
        }

        private int Checked(int index) =>
            (uint)index < (uint)Count ? index : throw new IndexOutOfRangeException($"expected an index from 0 to {Count - 1}, got {index}");

        public unsafe T[] ToArray()
        {
            var array = new ReadOnlySpan<T>(Alive(), Count).ToArray();
            GC.KeepAlive(_owner);
            return array;
        }

        public unsafe void fill_(T value)
        {
            new Span<T>(Alive(), Count).Fill(value);
            GC.KeepAlive(_owner);
        }

        public void copy_(IList<T> array)
        {
            for (var k = 0; k < array.Count; k++) this[k] = array[k];
        }

        public IList<T> tolist() => ToArray();

        public IEnumerator<T> GetEnumerator()
        {
            for (var k = 0; k < Count; k++) yield return this[k];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => _owner.Dispose();
    }

    public static bool is_storage(object obj) =>
        obj is not null && obj.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Storage<>);

    public partial class Tensor
    {
        /// <summary>All of the memory under this tensor, past its own elements too.</summary>
        public Storage<T> storage<T>() where T : unmanaged
        {
            if (device_type != DeviceType.CPU) throw new InvalidOperationException($"expected a tensor on the CPU, got one on {device}");
            ScalarTypes.Require<T>(dtype);
            return new Storage<T>(this);
        }
    }
}
