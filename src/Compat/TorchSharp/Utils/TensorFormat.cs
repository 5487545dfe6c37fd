using TorchSharp.Native;

namespace TorchSharp.Utils;

/// <summary>
/// A tensor in a module's file: LEB128 dtype code (the value of <see cref="torch.ScalarType"/>), LEB128 rank, LEB128 sizes, then
/// the elements, little-endian and row-major.
/// </summary>
internal static unsafe class TensorFormat
{
    private const int Piece = 1 << 20;

    internal static void Write(BinaryWriter writer, torch.Tensor tensor)
    {
        Leb128.Write(writer, (long)tensor.dtype);
        var shape = tensor.shape;
        Leb128.Write(writer, shape.Length);
        foreach (var size in shape) Leb128.Write(writer, size);
        using var source = OnCpu(tensor);
        var bytes = (byte*)Data(source);
        var left = source.numel() * source.ElementSize;
        for (; left > 0; left -= Piece, bytes += Piece) writer.Write(new ReadOnlySpan<byte>(bytes, (int)Math.Min(left, Piece)));
        GC.KeepAlive(source);
    }

    /// <summary>Reads a tensor over the values of another of the same shape; its dtype is converted.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    internal static void ReadInto(BinaryReader reader, torch.Tensor target, string name)
    {
        var (type, shape) = ReadHeader(reader);
        if (!shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new ArgumentException($"Mismatched tensor shape while loading '{name}': expected "
                + $"[{string.Join(", ", target.shape)}], "
                + $"found [{string.Join(", ", shape)}]");
        }
        using var off = new NoGrad();
        using var read = ReadBody(reader, type, shape);
        NnAten.Copy.RunInPlace(target, read);
    }

    internal static torch.Tensor Read(BinaryReader reader)
    {
        var (type, shape) = ReadHeader(reader);
        return ReadBody(reader, type, shape);
    }

    internal static void Skip(BinaryReader reader)
    {
        var (type, shape) = ReadHeader(reader);
        for (var left = Bytes(type, shape); left > 0;)
        {
            var n = (int)Math.Min(left, Piece);
            if (reader.ReadBytes(n).Length < n) throw Short();
            left -= n;
        }
    }

    private static (torch.ScalarType type, long[] shape) ReadHeader(BinaryReader reader)
    {
        var code = Leb128.Read(reader);
        if (code > sbyte.MaxValue || !Enum.IsDefined((torch.ScalarType)code))
            throw new InvalidDataException($"expected a dtype code, found {code}; the file is damaged or of another format");
        var rank = Leb128.Read(reader);
        if (rank > 64)
            throw new InvalidDataException($"expected a rank of at most 64, found {rank}; the file is damaged or of another "
                + $"format");
        var shape = new long[rank];
        for (var k = 0; k < rank; k++) shape[k] = Leb128.Read(reader);
        return ((torch.ScalarType)code, shape);
    }

    private static torch.Tensor ReadBody(BinaryReader reader, torch.ScalarType type, long[] shape)
    {
        var tensor = NnAten.Empty.Run(shape, type);
        var bytes = (byte*)Data(tensor);
        for (var left = Bytes(type, shape); left > 0;)
        {
            var piece = new Span<byte>(bytes, (int)Math.Min(left, Piece));
            for (var got = 0; got < piece.Length;)
            {
                var n = reader.Read(piece[got..]);
                if (n == 0)
                {
                    tensor.Dispose();
                    throw Short();
                }
                got += n;
            }
            bytes += piece.Length;
            left -= piece.Length;
        }
        GC.KeepAlive(tensor);
        return tensor;
    }

    private static EndOfStreamException Short() => new("the file ends inside a tensor: it was cut short");

    private static long Bytes(torch.ScalarType type, long[] shape)
    {
        long size = type switch
        {
            torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
            torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
            torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
            torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
            torch.ScalarType.ComplexFloat64 => 16,
            _ => throw new InvalidDataException($"expected a plain dtype, found {type}"),
        };
        foreach (var n in shape) size = checked(size * n);
        return size;
    }

    // A contiguous copy in the CPU's memory, or another reference to the tensor where it is one.
    private static torch.Tensor OnCpu(torch.Tensor tensor)
    {
        using var off = new NoGrad();
        if (tensor.is_cpu()) return NnAten.Contiguous.Run(tensor);
        using var moved = NnAten.ToLayout.Run(tensor, Arg.None, Arg.None, torch.CPU);
        return NnAten.Contiguous.Run(moved);
    }

    private static void* Data(torch.Tensor tensor)
    {
        void* data;
        NativeMethods.Check(NativeMethods.td_data(tensor.Handle, &data), "data");
        return data;
    }
}
