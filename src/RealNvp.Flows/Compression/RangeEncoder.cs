namespace RealNvp.Flows.Compression;

/// <summary>
/// A range coder: symbols of known probabilities become about -log2 of their product in bits (Martin 1979, "Range encoding: an
/// algorithm for removing redundancy from a digitised message"). No carry travels: where the interval is narrow and straddles a
/// byte's edge, it is cut at the edge.
/// </summary>
internal sealed class RangeEncoder
{
    internal const ulong Settled = 1UL << 56;   // below this difference the top byte of the interval is known
    internal const ulong Narrow = 1UL << 48;

    private readonly List<byte> bytes = [];
    private ulong low;
    private ulong range = ulong.MaxValue;

    /// <summary>
    /// Codes what has probability size / 2^bits and lies behind start / 2^bits of the others; bits is at most 24.
    /// </summary>
    internal void Encode(long start, long size, int bits)
    {
        range >>= bits;
        low += (ulong)start * range;
        range *= (ulong)size;
        while ((low ^ (low + range)) < Settled || range < Narrow)
        {
            if ((low ^ (low + range)) >= Settled) range = (0 - low) & (Narrow - 1);
            bytes.Add((byte)(low >> 56));
            low <<= 8;
            range <<= 8;
        }
    }

    /// <summary>
    /// All of the bytes: the last ones are as few as tell the interval, since a decoder reads zeros behind them.
    /// </summary>
    internal byte[] End()
    {
        for (var shift = 56; shift >= 0; shift -= 8)
        {
            var point = (low + ((1UL << shift) - 1)) >> shift << shift;
            if (point - low >= range) continue;
            for (var at = 56; at >= shift; at -= 8) bytes.Add((byte)(point >> at));
            break;
        }
        return [.. bytes];
    }
}
