using RealNvp.Flows.Compression;

namespace RealNvp.Flows.Tests.Compression;

public sealed class RangeCoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_goes_in_comes_out_in_as_many_bits_as_its_probabilities_say(int seed)
    {
        var random = new Random(seed);
        var symbols = Enumerable.Range(0, 50_000).Select(k =>
        {
            var bits = random.Next(1, 25);
            // Now and then a symbol of nearly all the probability, or of the least there is.
            var size = random.Next(3) switch { 0 => 1, 1 => (1L << bits) - 1, _ => 1 + random.NextInt64(1L << bits) };
            return (Start: random.NextInt64((1L << bits) - size + 1), Size: size, Bits: bits);
        }).ToArray();
        var coder = new RangeEncoder();
        foreach (var (start, size, bits) in symbols) coder.Encode(start, size, bits);
        var bytes = coder.End();
        Assert.InRange(bytes.Length, Ideal(symbols) / 8, Ideal(symbols) / 8 * 1.0005 + 2);
        var decoder = new RangeDecoder(bytes);
        foreach (var (start, size, bits) in symbols)
        {
            Assert.InRange(decoder.Peek(bits), start, start + size - 1);
            decoder.Take(start, size, bits);
        }
        Assert.False(decoder.IsPastEnd);
    }

    [Fact]
    public void Nothing_takes_a_byte_at_most_and_a_likely_symbol_next_to_nothing()
    {
        Assert.InRange(new RangeEncoder().End().Length, 0, 1);
        var coder = new RangeEncoder();
        for (var k = 0; k < 10_000; k++) coder.Encode(0, (1 << 24) - 1, 24);   // 10,000 * 8.6e-8 bits
        Assert.InRange(coder.End().Length, 0, 1);
    }

    private static double Ideal(IEnumerable<(long Start, long Size, int Bits)> symbols) =>
        symbols.Sum(s => s.Bits - Math.Log2(s.Size));

    [Theory]
    [InlineData(5.0, 0.8)]
    [InlineData(-300.2, 1e-4)]
    [InlineData(0, 1e6)]
    public void A_table_codes_every_whole_number_by_its_probability(double mean, double scale)
    {
        var table = new SymbolTable([0.25, 0.75], [mean, mean + 40], [scale, scale]);
        int[] numbers = [int.MinValue, int.MaxValue, 0, -1, .. Enumerable.Range((int)mean - 50, 150)];
        var coder = new RangeEncoder();
        foreach (var z in numbers) table.Encode(z, coder);
        var decoder = new RangeDecoder(coder.End());
        Assert.Equal(numbers, numbers.Select(_ => table.Decode(decoder)));
    }
}
