namespace RealNvp.Flows.Compression;

/// <summary>The way back of <see cref="RangeEncoder"/>.</summary>
internal sealed class RangeDecoder
{
    private const int Ahead = 8;   // bytes that are read before they are needed

    private readonly byte[] bytes;
    private int at;
    private ulong low;
    private ulong range = ulong.MaxValue;
    private ulong code;

    internal RangeDecoder(byte[] bytes)
    {
        this.bytes = bytes;
        for (var k = 0; k < Ahead; k++) code = code << 8 | Next();
    }

    /// <summary>Whether more was asked for than there is: the bytes are cut off.</summary>
    internal bool IsPastEnd => at > bytes.Length + Ahead;

    /// <summary>Where the next symbol lies, in parts of 2^bits: within its start and its start plus its size.</summary>
    internal long Peek(int bits) => (long)Math.Min((code - low) / (range >> bits), (1UL << bits) - 1);

    /// <summary>Goes on behind a symbol.</summary>
    internal void Take(long start, long size, int bits)
    {
        range >>= bits;
        low += (ulong)start * range;
        range *= (ulong)size;
        while ((low ^ (low + range)) < RangeEncoder.Settled || range < RangeEncoder.Narrow)
        {
            if ((low ^ (low + range)) >= RangeEncoder.Settled) range = (0 - low) & (RangeEncoder.Narrow - 1);
            code = code << 8 | Next();
            low <<= 8;
            range <<= 8;
        }
    }

    private byte Next() => at++ < bytes.Length ? bytes[at - 1] : (byte)0;
}
