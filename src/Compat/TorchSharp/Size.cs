using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The sizes of a tensor's dimensions.</summary>
    public struct Size : IEnumerable<long>, IEnumerable
    {
        public static Size Empty = new(Array.Empty<long>());

        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();
        public Size(IEnumerable<long> shape) => _shape = shape.ToArray();
        public Size(int[] shape) => _shape = Array.ConvertAll(shape, n => (long)n);
        public Size(long size) => _shape = [size];
        public Size((long, long) size) => _shape = [size.Item1, size.Item2];
        public Size((long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3];
        public Size((long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((long, long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((long, long, long, long, long, long) size) =>
            _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        public Size(int size) => _shape = [size];
        public Size((int, int) size) => _shape = [size.Item1, size.Item2];
        public Size((int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3];
        public Size((int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((int, int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((int, int, int, int, int, int) size) =>
            _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        private readonly long[] Sizes => _shape ?? [];

        public readonly long[] Shape => Sizes;
        public readonly int Length => Sizes.Length;
        public readonly bool IsEmpty => Length == 0;
        public readonly bool IsScalar => Length == 0;
        public readonly long this[int idx] => Sizes[idx];
        public readonly long this[long idx] => Sizes[idx];

        /// <summary>The product of the sizes.</summary>
        public readonly long numel() => Sizes.TotalSize();

        public readonly Size Slice(int first, int next) => new(Sizes[first..next]);
        public readonly IEnumerable<long> Take(int i) => Sizes.Take(i);

        public readonly IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Sizes).GetEnumerator();
        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override readonly bool Equals(object? obj) => obj is Size other && this == other;

        public override readonly int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var n in Sizes) hash.Add(n);
            return hash.ToHashCode();
        }

        public static bool operator ==(Size left, Size right) => left.Sizes.AsSpan().SequenceEqual(right.Sizes);
        public static bool operator !=(Size left, Size right) => !(left == right);
        public static Size operator +(Size left, Size right) => new(left.Sizes.Concat(right.Sizes));
        public static Size operator +(Size left, IEnumerable<long> right) => new(left.Sizes.Concat(right));

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size((long, long) size) => new(size);
        public static implicit operator Size((long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long, long) size) => new(size);
        public static implicit operator Size(long[] size) => new(size);
    }

    /// <summary>The shape that the shapes broadcast to.</summary>
    public static Size broadcast_shapes(params long[][] shapes)
    {
        var result = new long[shapes.Length == 0 ? 0 : shapes.Max(s => s.Length)];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
        {
            for (var k = 1; k <= shape.Length; k++)
            {
                var (have, wanted) = (result[^k], shape[^k]);
                if (have == wanted || wanted == 1) continue;
                if (have != 1) throw new ArgumentException($"expected shapes that broadcast, got {string.Join(" and ", shapes.Select(s => $"[{string.Join(", ", s)}]"))}");
                result[^k] = wanted;
            }
        }
        return new Size(result);
    }
}
