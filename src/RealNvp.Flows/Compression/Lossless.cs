using System.Buffers.Binary;
using System.Security.Cryptography;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Compression;

/// <summary>
/// Whole numbers as bytes and back without loss, by an integer flow's probabilities: -log2 P(x) bits and some bytes (Hoogeboom,
/// Peters, van den Berg, Welling 2019, arXiv:1905.07376).
/// </summary>
/// <remarks>
/// Both ways run the flow's networks, whose last digits depend on the processor and on libtorch's version: bytes are read where
/// they were written, or on a machine of the same kind. What comes out is held against a checksum, so that a difference is never
/// silent. Bytes: "NVPI", four of the checksum, the number of events (seven bits a byte), the coded events.
/// </remarks>
/// <example>
/// <code>
/// var flow = Architectures.Integer([8], levels: 16, layers: 2, width: 16);
/// var x = randint(0, 16, [50, 8]);
/// var bytes = Lossless.Compress(flow, x);
/// Console.WriteLine(Lossless.Decompress(flow, bytes).Equals(x.to(int32)));
/// // prints True
/// </code>
/// </example>
public static class Lossless
{
    private const int Batch = 256;                     // both ways the same: a network's last digits depend on it
    private const float LargestExact = 1 << 24;        // whole numbers that float32 holds
    private const long LargestCount = 1 << 20;         // events; a damaged number of them shall not take the machine's memory

    private static ReadOnlySpan<byte> Magic => "NVPI"u8;

    /// <summary>The bytes of whole numbers.</summary>
    /// <param name="flow">A flow of whole numbers over <see cref="DiscretizedLogistics"/>, see
    /// <see cref="Models.Architectures.Integer"/>; in float32 on the CPU.</param>
    /// <param name="x">Whole numbers [N, ...event], of any dtype.</param>
    /// <exception cref="ArgumentException">The flow's base is another one, the flow does not map whole numbers to whole numbers
    /// and back, x holds a value that is no whole number below 2^24 in size, or more than 2^20 events.</exception>
    public static byte[] Compress(Flow flow, Tensor x)
    {
        var tables = Tables(flow);
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var wide = x.to(float64);
        Shapes.Require(nameof(Lossless), wide, flow.EventShape, nameof(x));
        if (x.size(0) > LargestCount)
            throw new ArgumentException($"At most {LargestCount:n0} events are compressed at once, but was given {x.size(0):n0}.",
                nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        if (x.numel() > 0 && !(wide.eq(wide.round()) & wide.abs().lt(LargestExact)).all().ToBoolean())
            throw new ArgumentException($"{nameof(x)} holds whole numbers below 2^24 in size, but at least one of its values is "
                + "none.", nameof(x));
        var whole = wide.to(float32);
        var latents = InBatches(whole, part =>
        {
            var z = flow.Bijection.Forward(part).Z;
            return z.eq(z.round()).all().ToBoolean() && flow.Bijection.Inverse(z).X.Equals(part) ? z
                : throw new ArgumentException("The flow does not map these whole numbers to whole numbers and back: its "
                    + $"layers keep volume and shift by whole numbers (additive couplings with {nameof(Networks.RoundedConditioner)}, "
                    + "permutations, squeezes).", nameof(flow));
        });
        var coder = new RangeEncoder();
        // element by element, so that one table serves all events
        var (n, numbers) = (x.size(0), Integers(latents.flatten(1).t()));
        for (var k = 0; k < numbers.Length; k++) tables[k / n].Value.Encode(numbers[k], coder);
        return [.. Magic, .. Checksum(whole), .. Count(n), .. coder.End()];
    }

    /// <summary>The whole numbers that bytes hold.</summary>
    /// <param name="flow">The flow that they were written with.</param>
    /// <param name="bytes">What <see cref="Compress"/> gave.</param>
    /// <returns>[N, ...event], int32.</returns>
    /// <exception cref="InvalidDataException">These are other bytes, cut off or damaged, or written with another flow or on a
    /// machine of another kind.</exception>
    /// <exception cref="ArgumentException">The flow is none of whole numbers.</exception>
    public static Tensor Decompress(Flow flow, byte[] bytes)
    {
        var tables = Tables(flow);
        ArgumentNullException.ThrowIfNull(bytes);
        if (!bytes.AsSpan().StartsWith(Magic) || bytes.Length < Magic.Length + 5)
            throw new InvalidDataException($"These {bytes.Length:n0} bytes are none that {nameof(Lossless)}.{nameof(Compress)} "
                + "wrote, or they are cut off.");
        var (n, start) = Count(bytes, Magic.Length + 4);
        var coder = new RangeDecoder(bytes[start..]);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var scope = NewDisposeScope();
        var numbers = new List<float>();
        for (var k = 0L; k < n * tables.Length; k++)
        {
            numbers.Add(tables[k / n].Value.Decode(coder));
            if (coder.IsPastEnd)
                throw new InvalidDataException($"The bytes are cut off: they announce {n:n0} events, and end before.");
        }
        var latents = torch.tensor(numbers.ToArray()).view(tables.Length, n).t().reshape([n, .. flow.Base.EventShape]);
        var x = InBatches(latents, part => flow.Bijection.Inverse(part).X);
        if (!Checksum(x).SequenceEqual(bytes[Magic.Length..(Magic.Length + 4)]))
            throw new InvalidDataException("The bytes do not give what was written: they are damaged or cut off, or were "
                + "written with another flow or on a machine of another kind.");
        return scope.MoveToOuter(x.to(int32));
    }

    private static Lazy<SymbolTable>[] Tables(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Base is not DiscretizedLogistics whole)
            throw new ArgumentException($"Whole numbers are coded by a flow over {nameof(DiscretizedLogistics)}, but this one's "
                + $"base is {flow.Base.GetName()}, a density of real numbers.", nameof(flow));
        return [.. whole.Elements().Select(e => new Lazy<SymbolTable>(() => new(e.Weights, e.Means, e.Scales)))];
    }

    private static Tensor InBatches(Tensor x, Func<Tensor, Tensor> map) => x.size(0) == 0 ? x
        : torch.cat([.. x.split(Batch).Select(map)], 0);

    private static int[] Integers(Tensor x) => x.numel() == 0 ? [] : x.to(int32).contiguous().data<int>().ToArray();

    private static byte[] Checksum(Tensor x)
    {
        var values = Integers(x);
        var bytes = new byte[values.Length * sizeof(int)];
        for (var k = 0; k < values.Length; k++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(k * sizeof(int)), values[k]);
        return SHA256.HashData(bytes)[..4];
    }

    private static IEnumerable<byte> Count(long n)
    {
        for (; n > 127; n >>= 7) yield return (byte)(n & 127 | 128);
        yield return (byte)n;
    }

    private static (long Count, int Next) Count(byte[] bytes, int at)
    {
        var n = 0L;
        for (var shift = 0; shift <= 28 && at < bytes.Length; shift += 7)
        {
            n |= (long)(bytes[at] & 127) << shift;
            if (bytes[at++] < 128 && n <= LargestCount) return (n, at);
        }
        throw new InvalidDataException("The bytes announce a number of events that cannot be: they are damaged or cut off.");
    }
}
