namespace RealNvp.Flows.Compression;

/// <summary>
/// One element's whole numbers as a coder's symbols: their probabilities in parts of 2^24, at least one part each, and an escape
/// for numbers far outside.
/// </summary>
internal sealed class SymbolTable
{
    private const int Bits = 24;
    private const double Reach = 30;          // scales: e^-30 of a logistic lies beyond
    private const double LargestWidth = 1 << 16;
    private const int Half = 16;              // an escaped number is coded as two of 16 bits

    private readonly int lowest;
    private readonly long[] starts;           // of lowest, lowest + 1, ..., the escape; and the end

    internal SymbolTable(double[] weights, double[] means, double[] scales)
    {
        var low = Enumerable.Range(0, means.Length).Min(k => means[k] - Reach * scales[k]);
        var high = Enumerable.Range(0, means.Length).Max(k => means[k] + Reach * scales[k]);
        if (!double.IsFinite(low) || !double.IsFinite(high) || Math.Max(-low, high) > int.MaxValue / 2)
            throw new ArgumentException("The probabilities of this flow's base are no numbers, or too far out to be coded.",
                "flow");
        var middle = (low + high) / 2;
        (low, high) = (Math.Max(low, middle - LargestWidth / 2), Math.Min(high, middle + LargestWidth / 2));
        lowest = (int)Math.Floor(low);
        var count = (int)Math.Ceiling(high) - lowest + 1;
        starts = new long[count + 2];
        var spare = (1L << Bits) - count - 1;
        for (var k = 1; k < count; k++)
        {
            var below = 0.0;
            for (var c = 0; c < means.Length; c++)
                below += weights[c] / (1 + Math.Exp((means[c] - lowest - k + 0.5) / scales[c]));
            starts[k] = Math.Max(starts[k - 1] + 1, (long)(Math.Clamp(below, 0, 1) * spare) + k);
        }
        (starts[count], starts[count + 1]) = ((1L << Bits) - 1, 1L << Bits);
    }

    private int Escape => starts.Length - 2;

    internal void Encode(int z, RangeEncoder coder)
    {
        var inside = z >= lowest && z - (long)lowest < Escape;
        var symbol = inside ? z - lowest : Escape;
        coder.Encode(starts[symbol], starts[symbol + 1] - starts[symbol], Bits);
        if (inside) return;
        coder.Encode((uint)z >> Half, 1, Half);
        coder.Encode((uint)z & 0xFFFF, 1, Half);
    }

    internal int Decode(RangeDecoder coder)
    {
        var at = Array.BinarySearch(starts, coder.Peek(Bits));
        var symbol = at >= 0 ? at : ~at - 1;
        coder.Take(starts[symbol], starts[symbol + 1] - starts[symbol], Bits);
        if (symbol != Escape) return lowest + symbol;
        var high = coder.Peek(Half);
        coder.Take(high, 1, Half);
        var low = coder.Peek(Half);
        coder.Take(low, 1, Half);
        return (int)((uint)high << Half | (uint)low);
    }
}
