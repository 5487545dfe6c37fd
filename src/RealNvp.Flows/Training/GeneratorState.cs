using System.Buffers.Binary;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// The state of a random generator from a file, held against what libtorch takes: given another one, libtorch ends the process.
/// </summary>
internal static class GeneratorState
{
    // ATen's CPUGeneratorImplState: the seed, how many of the 624 numbers are left, whether it was seeded, which comes next, ...
    private const int OnCpu = 5056, LeftAt = 8, SeededAt = 12, NextAt = 16, HasNormalAt = 5040, HasNormal32At = 5052;
    private const int OnGpu = 16, OffsetAt = 8, Numbers = 624;

    /// <param name="state">What the file holds.</param>
    /// <param name="like">The present state of the generator that it is for.</param>
    /// <returns>Why that generator cannot take it; null where it can.</returns>
    internal static string? Problem(Tensor state, Tensor like)
    {
        if (state.dtype != like.dtype || !state.shape.SequenceEqual(like.shape))
            return $"it is {state.dtype} of shape {Shapes.Text(state.shape)}, expected is {like.dtype} of shape "
                + $"{Shapes.Text(like.shape)}, as on the device that the run began on";
        var bytes = state.bytes;
        return bytes.Length switch
        {
            OnCpu => IsMersenneTwister(bytes) ? null : "its counters are none of the Mersenne twister's",
            OnGpu => BinaryPrimitives.ReadInt64LittleEndian(bytes[OffsetAt..]) is var offset && offset >= 0 && offset % 4 == 0
                ? null : "its offset is none of Philox's",
            _ => "this version knows no generator with a state of that length",
        };
    }

    // Each draw takes one number: one fewer is left, the next one is one further on.
    private static bool IsMersenneTwister(ReadOnlySpan<byte> bytes)
    {
        var left = BinaryPrimitives.ReadInt32LittleEndian(bytes[LeftAt..]);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(bytes[NextAt..]);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes[SeededAt..]) == 1 && left is > 0 and <= Numbers
            && next <= (ulong)(Numbers + 1 - left)
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[HasNormalAt..]) is 0 or 1 && bytes[HasNormal32At] is 0 or 1;
    }
}
