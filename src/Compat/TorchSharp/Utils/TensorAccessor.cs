using System.Collections;
using System.Runtime.CompilerServices;

namespace TorchSharp.Utils;

/// <summary>A live view of a CPU tensor's values in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>, IEnumerable where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        // An object of its own over the same tensor: it outlives the scope and the object that the values were asked of.
        _tensor = tensor.Share().DetachFromDisposeScope();
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    private T* Address => (T*)_tensor.Address;

    /// <summary>One value; negative indices are out of range.</summary>
    /// <exception cref="IndexOutOfRangeException">An index outside the shape, or not one index a dimension.</exception>
    public T this[params long[] indices]
    {
        get
        {
            var value = Address[Offset(indices)];
            GC.KeepAlive(_tensor);
            return value;
        }
        set
        {
            Address[Offset(indices)] = value;
            GC.KeepAlive(_tensor);
        }
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            var flat = indices[0];
            if (flat < 0 || flat >= Count) throw OutOfRange(indices);
            return Offset(flat);
        }
        if (indices.Length != _shape.Length) throw OutOfRange(indices);
        long offset = 0;
        for (var d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)_shape[d]) throw OutOfRange(indices);
            offset += indices[d] * _strides[d];
        }
        return offset;
    }

    // Of the element at a row-major position.
    private long Offset(long position)
    {
        if (_contiguous) return position;
        long offset = 0;
        for (var d = _shape.Length - 1; d >= 0; d--)
        {
            (position, var i) = Math.DivRem(position, _shape[d]);
            offset += i * _strides[d];
        }
        return offset;
    }

    private IndexOutOfRangeException OutOfRange(long[] indices) =>
        new($"expected indices within shape [{string.Join(", ", _shape)}], got [{string.Join(", ", indices)}]");

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>A T[], T[,], ... of the tensor's shape; a bare T of no dimensions becomes an array of one.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length <= 1) return ToArray();
        var array = Array.CreateInstance(typeof(T), _shape);
        ref var first = ref Unsafe.As<byte, T>(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array));
        CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref first, array.Length));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = Math.Min(target.Length, Remaining(tensorIndex));
        var from = Address;
        if (_contiguous) new ReadOnlySpan<T>(from + tensorIndex, (int)count).CopyTo(target);
        else for (var k = 0; k < count; k++) target[k] = from[Offset(tensorIndex + k)];
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = Math.Min(source.Length, Remaining(tensorIndex));
        var to = Address;
        for (var k = 0; k < count; k++) to[Offset(tensorIndex + k)] = source[k];
        GC.KeepAlive(_tensor);
    }

    private long Remaining(long tensorIndex) => tensorIndex >= 0 && tensorIndex <= Count ? Count - tensorIndex
        : throw new IndexOutOfRangeException($"expected a position from 0 to {Count}, got {tensorIndex}");

    public IEnumerator<T> GetEnumerator()
    {
        for (long k = 0; k < Count; k++) yield return At(k);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T At(long position)
    {
        var value = Address[Offset(position)];
        GC.KeepAlive(_tensor);
        return value;
    }

    /// <summary>Whether both show the same values.</summary>
    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_tensor);

    public void Dispose() => _tensor.Dispose();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Equals(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !left.Equals(right);
}
