using System.Buffers.Binary;
using System.Text;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Safetensors files byte by byte, as no writer would make them.</summary>
internal static class SafetensorsFile
{
    internal static byte[] Of(string header, ReadOnlySpan<byte> values) => Of(Encoding.UTF8.GetBytes(header), values);

    internal static byte[] Of(byte[] header, ReadOnlySpan<byte> values)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. values];
    }

    /// <summary>A file's header and its values.</summary>
    internal static (string Header, byte[] Values) Parts(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (Encoding.UTF8.GetString(file, 8, length), file[(8 + length)..]);
    }

    /// <summary>With damage in the header, whose length is still told rightly, or anywhere.</summary>
    internal static byte[] Damaged(byte[] file, Mutator mutator)
    {
        if (mutator.Below(4) == 0) return mutator.Damaged(file);
        var (header, values) = Parts(file);
        return Of(mutator.Damaged(header), values);
    }
}
