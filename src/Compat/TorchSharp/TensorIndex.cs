namespace TorchSharp;

public static partial class torch
{
    /// <summary>One index of a tensor: a number, a slice, an ellipsis, a new dimension, a bool or a tensor.</summary>
    public struct TensorIndex
    {
        internal enum Form
        {
            NewAxis,
            Single,
            Slice,
            Ellipsis,
            Bool,
            Tensor,
        }

        internal Form Kind;
        internal long? Start;
        internal long? Stop;
        internal long? Step;
        internal Tensor? Indices;

        /// <summary>All the dimensions that the other indices leave.</summary>
        public static TensorIndex Ellipsis = new() { Kind = Form.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex None = new() { Kind = Form.NewAxis };

        public static TensorIndex Null = new() { Kind = Form.NewAxis };

        /// <summary>All of one dimension.</summary>
        public static TensorIndex Colon = Slice();

        public static TensorIndex Bool(bool value) => new() { Kind = Form.Bool, Start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { Kind = Form.Single, Start = index };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = Form.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, (long?)range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = Form.Tensor, Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        /// <summary>Steers the choice between the indexers; no index is a tensor.</summary>
        public static implicit operator Tensor(TensorIndex value) =>
            throw new InvalidOperationException("expected a tensor, got an index: write TensorIndex.Tensor(t) where indices are mixed");

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        internal readonly bool IsWhole => Kind == Form.Slice && Start is null or 0 && Stop is null && Step is null or 1;
    }
}
