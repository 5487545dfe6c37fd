using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static Tensor Create(Op op, Arg size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Named(Flagged(op.Run(size, dtype, Arg.None, device ?? _defaultDevice), requires_grad), names);

    private static Tensor Create(Op op, Arg size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Named(Flagged(op.Run(size, value, dtype, Arg.None, device ?? _defaultDevice), requires_grad), names);

    private static Tensor Create(
        Op op, Arg size, ScalarType? dtype, Device? device, bool requires_grad, Generator? generator, string[]? names) =>
            Named(Flagged(op.Run(size, generator, dtype, Arg.None, device ?? _defaultDevice), requires_grad), names);

    private static Tensor CreateRandint(
        long low, long high, long[] size, ScalarType? dtype, Device? device, bool requires_grad, Generator? generator, string[]? names)
    {
        var made = Aten.RandintLowGenerator.Run(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, device ?? _defaultDevice);
        return Named(Flagged(made, requires_grad), names);
    }

    private static Tensor Flagged(Tensor made, bool requires_grad)
    {
        if (requires_grad) made.requires_grad = true;
        return made;
    }

    private static Tensor Named(Tensor made, string[]? names)
    {
        if (names is not null) Aten.Rename_.RunInPlace(made, Array.ConvertAll(names, Dimname));
        return made;
    }

    // How the dispatcher writes a dimension's name.
    private static string Dimname(string? name) => $"dimname::{name ?? "*"}";

    private static Tensor FromScalar(Scalar value, ScalarType dtype, Device? device, bool requires_grad) =>
        Flagged(Aten.ScalarTensor.Run(value, dtype, Arg.None, device ?? _defaultDevice), requires_grad);

    private static unsafe Tensor FromSpan<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType native, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        long count = 1;
        foreach (var n in dimensions) count *= n;
        if (count != values.Length)
            throw new ArgumentException($"expected {count} values for shape [{string.Join(", ", dimensions.ToArray())}], got {values.Length}");
        var made = empty(dimensions, native, CPU);
        values.CopyTo(new Span<T>(made.Address, values.Length));
        var target = device ?? _defaultDevice;
        if ((dtype is { } wanted && wanted != native) || (target is not null && target.type != DeviceType.CPU))
        {
            using var host = made;
            made = host.As(dtype, target);
        }
        return Named(Flagged(made, requires_grad), names);
    }

    private static ReadOnlySpan<T> Elements<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] Lengths(Array array)
    {
        var lengths = new long[array.Rank];
        for (var d = 0; d < lengths.Length; d++) lengths[d] = array.GetLongLength(d);
        return lengths;
    }

    private static Tensor SharedArray(Array array, ScalarType? dtype, Device? device, bool requires_grad)
    {
        // Bool arrays and tuples have no numeric element of their own size in .NET but the same bytes as libtorch's.
        var native = ScalarTypes.Of(array.GetType().GetElementType()!)
            ?? throw new ArgumentException($"expected an array of numbers, got {array.GetType().Name}");
        var shared = Pinned(array, native, 0, Lengths(array));
        if ((dtype is { } wanted && wanted != native) || (device ?? _defaultDevice) is { type: not DeviceType.CPU })
        {
            using var host = shared;
            shared = host.As(dtype, device ?? _defaultDevice);
        }
        return Flagged(shared, requires_grad);
    }

    private static Tensor SharedBuffer(Array array, ScalarType dtype, long count, long offset, bool requires_grad)
    {
        var size = dtype.ElementSize();
        var bytes = Buffer.ByteLength(array);
        if (offset < 0 || offset >= bytes) throw new ArgumentException($"expected an offset from 0 to {bytes - 1} bytes, got {offset}");
        if (count < 0)
        {
            if ((bytes - offset) % size != 0)
                throw new ArgumentException($"expected a multiple of {size} bytes after the offset, got {bytes - offset}");
            count = (bytes - offset) / size;
        }
        if (offset + count * size > bytes)
            throw new ArgumentException($"expected at most {(bytes - offset) / size} elements after the offset, got {count}");
        return Flagged(Pinned(array, dtype, offset, [count]), requires_grad);
    }

    // The array stays pinned until libtorch lets go of the last tensor over it.
    private static unsafe Tensor Pinned(Array array, ScalarType dtype, long offset, long[] sizes)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        nint handle;
        fixed (long* s = sizes)
        {
            var status = NativeMethods.td_from_blob((byte*)pin.AddrOfPinnedObject() + offset, s, sizes.Length, (int)dtype,
                &Unpin, (void*)GCHandle.ToIntPtr(pin), &handle);
            if (status != 0) pin.Free();
            NativeMethods.Check(status, "from_array");
        }
        return new Tensor(handle);
    }

    [UnmanagedCallersOnly]
    private static unsafe void Unpin(void* context) => GCHandle.FromIntPtr((nint)context).Free();

    private static Tensor VanderMatrix(Tensor x, long columns, bool increasing)
    {
        using var exponents = increasing ? arange(columns, ScalarType.Int64, x.device) : arange(columns - 1, -1, -1, ScalarType.Int64, x.device);
        using var column = x.unsqueeze(-1);
        return column.pow(exponents);
    }

    private static double ReadOnce(this Tensor t)
    {
        using (t) return t.ToDouble();
    }

    private static Tensor[] AsArray(IEnumerable<Tensor> tensors) => tensors as Tensor[] ?? tensors.ToArray();

    private static string? ModeName(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

    private static Tensor? KeepIf(bool wanted, Tensor t)
    {
        if (wanted) return t;
        t.Dispose();
        return null;
    }

    private static long[] ToLongs(Tensor t)
    {
        using var integers = t.to(ScalarType.Int64, CPU);
        return integers.data<long>().ToArray();
    }

    private static long[] Range(long start, long count)
    {
        var range = new long[count];
        for (var k = 0; k < range.Length; k++) range[k] = start + k;
        return range;
    }
}
