using TorchSharp.Utils;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    /// <summary>Writes dtype, rank and sizes (each LEB128), then the bytes in row-major order: TorchSharp's own format.</summary>
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        var shape = tensor.shape;
        writer.Encode((long)tensor.dtype);
        writer.Encode(shape.Length);
        foreach (var n in shape) writer.Encode(n);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this torch.Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this torch.Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads values into a tensor of the same dtype and shape; steps over them with <paramref name="skip"/>.</summary>
    /// <exception cref="ArgumentException">The file's dtype or shape is another one.</exception>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype) throw new ArgumentException($"expected dtype {tensor.dtype}, the file has {type}");
        ReadValues(tensor, reader, type, shape, skip);
    }

    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        torch.Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref torch.Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        tensor ??= skip ? torch.zeros(shape, type) : torch.empty(shape, type);
        ReadValues(tensor, reader, type, shape, skip);
    }

    private static (torch.ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Decode();
        if (!Enum.IsDefined(type)) throw new InvalidDataException($"expected a dtype's number, got {(int)type}: this is no tensor file of TorchSharp, or it is damaged");
        var rank = reader.Decode();
        if (rank > 64) throw new InvalidDataException($"expected at most 64 dimensions, got {rank}: this is no tensor file of TorchSharp, or it is damaged");
        var shape = new long[rank];
        for (var d = 0; d < shape.Length; d++) shape[d] = reader.Decode();
        return (type, shape);
    }

    private static void ReadValues(torch.Tensor tensor, BinaryReader reader, torch.ScalarType type, long[] shape, bool skip)
    {
        if (skip)
        {
            Skip(reader, checked(shape.TotalSize() * type.ElementSize()));
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"expected shape [{string.Join(", ", tensor.shape)}], the file has [{string.Join(", ", shape)}]");
        using var guard = torch.no_grad();
        if (type == tensor.dtype && tensor.device_type == DeviceType.CPU)
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var host = torch.empty(shape, type, torch.CPU);
        host.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(host);
    }

    private static void Skip(BinaryReader reader, long bytes)
    {
        if (reader.BaseStream.CanSeek)
        {
            reader.BaseStream.Seek(bytes, SeekOrigin.Current);
            return;
        }
        while (bytes > 0)
        {
            var read = reader.ReadBytes((int)Math.Min(bytes, 1 << 16)).Length;
            if (read == 0) throw new EndOfStreamException($"expected {bytes} more bytes of values, the file ends");
            bytes -= read;
        }
    }
}
