using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>The bytes of a contiguous tensor on the CPU, to and from a stream, in slices that a span can hold.</summary>
internal static class TensorBytes
{
    private const long SliceBytes = 1L << 28;

    /// <exception cref="EndOfStreamException">The stream has fewer bytes.</exception>
    internal static void Read(Stream stream, Tensor tensor) => InSlices(tensor, slice => stream.ReadExactly(slice.bytes));

    internal static void Write(Stream stream, Tensor tensor) => InSlices(tensor, slice => stream.Write(slice.bytes));

    private static void InSlices(Tensor tensor, Action<Tensor> work)
    {
        using var scope = NewDisposeScope();
        var (flat, most) = (tensor.view(-1), SliceBytes / tensor.ElementSize);
        for (var at = 0L; at < flat.NumberOfElements; at += most)
            work(flat.narrow(0, at, Math.Min(most, flat.NumberOfElements - at)));
    }
}
