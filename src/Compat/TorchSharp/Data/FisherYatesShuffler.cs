using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// The numbers below <paramref name="size"/> in random order (Fisher and Yates, inside out), from System.Random: a seed gives the
/// same order on every enumeration, and the same as TorchSharp's.
/// </summary>
internal sealed class FisherYatesShuffler(long size, int? seed) : IEnumerable<long>
{
    public IEnumerator<long> GetEnumerator()
    {
        var random = seed is { } s ? new Random(s) : new Random();
        var order = new long[size];
        for (long k = 0; k < size; k++)
        {
            var high = (long)random.Next() << 32;
            var place = (high + random.Next()) % (k + 1);
            order[k] = order[place];
            order[place] = k;
        }
        return ((IEnumerable<long>)order).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
