namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        public static partial class transforms
        {
            /// <summary>Several transforms, the first applied first.</summary>
            public class ComposeTransform : Transform
            {
                private readonly Transform[] _parts;

                public ComposeTransform(IEnumerable<Transform> parts, int cache_size = 0)
                {
                    _parts = [.. parts];
                    _ = cache_size;
                }

                public override Transform inv => _inv ??= new ComposeTransform(_parts.Reverse().Select(part => part.inv));

                // Each part may ask for values of more dimensions than the next one gives.
                public override constraints.Constraint domain
                {
                    get
                    {
                        if (_parts.Length == 0) return constraints.real;
                        var dimensions = _parts[^1].codomain.event_dim;
                        foreach (var part in _parts.Reverse())
                            dimensions = Math.Max(dimensions + part.domain.event_dim - part.codomain.event_dim,
                                part.domain.event_dim);
                        return Widened(_parts[0].domain, dimensions);
                    }
                }

                public override constraints.Constraint codomain
                {
                    get
                    {
                        if (_parts.Length == 0) return constraints.real;
                        var dimensions = _parts[0].domain.event_dim;
                        foreach (var part in _parts)
                            dimensions = Math.Max(dimensions + part.codomain.event_dim - part.domain.event_dim,
                                part.codomain.event_dim);
                        return Widened(_parts[^1].codomain, dimensions);
                    }
                }

                private static constraints.Constraint Widened(constraints.Constraint c, int dimensions) =>
                    dimensions > c.event_dim ? constraints.independent(c, dimensions - c.event_dim) : c;

                public override bool bijective => _parts.All(part => part.bijective);

                protected internal override Tensor _sign() => WrappedTensorDisposeScope(() =>
                {
                    Tensor sign = 1;
                    foreach (var part in _parts) sign = sign * part.sign;
                    return sign;
                });

                protected internal override Tensor _call(Tensor x) => WrappedTensorDisposeScope(() =>
                    _parts.Aggregate(x.alias(), (value, part) => part._call(value)));

                protected internal override Tensor _inverse(Tensor y) => WrappedTensorDisposeScope(() =>
                    _parts.Reverse().Aggregate(y.alias(), (value, part) => part._inverse(value)));

                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) => WrappedTensorDisposeScope(() =>
                {
                    var dimensions = domain.event_dim;
                    Tensor? sum = null;
                    var from = x.alias();
                    foreach (var part in _parts)
                    {
                        var to = part._call(from);
                        var term = _sum_rightmost(part.log_abs_det_jacobian(from, to), dimensions - part.domain.event_dim);
                        sum = sum is null ? term : sum + term;
                        dimensions += part.codomain.event_dim - part.domain.event_dim;
                        from = to;
                    }
                    return sum ?? zeros_like(x);
                });

                public override long[] forward_shape(long[] shape) => _parts.Aggregate(shape, (s, part) => part.forward_shape(s));
                public override long[] inverse_shape(long[] shape) =>
                    _parts.Reverse().Aggregate(shape, (s, part) => part.inverse_shape(s));
            }

            /// <summary>A transform whose last batch dimensions count as dimensions of the value.</summary>
            public class IndepdenentTransform(Transform base_transform, int reinterpreted_batch_dims) : Transform
            {
                public override constraints.Constraint domain =>
                    constraints.independent(base_transform.domain, reinterpreted_batch_dims);
                public override constraints.Constraint codomain =>
                    constraints.independent(base_transform.codomain, reinterpreted_batch_dims);
                public override bool bijective => base_transform.bijective;
                protected internal override Tensor _sign() => base_transform._sign();
                protected internal override Tensor _call(Tensor x) => base_transform._call(Enough(x, domain));
                protected internal override Tensor _inverse(Tensor y) => base_transform._inverse(Enough(y, codomain));

                private static Tensor Enough(Tensor value, constraints.Constraint of) => value.ndim >= of.event_dim ? value
                    : throw new ArgumentException($"Too few dimensions on input: expected at least {of.event_dim}, got "
                        + $"{value.ndim}");

                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) => WrappedTensorDisposeScope(() =>
                    _sum_rightmost(base_transform.log_abs_det_jacobian(x, y), reinterpreted_batch_dims));

                public override long[] forward_shape(long[] shape) => base_transform.forward_shape(shape);
                public override long[] inverse_shape(long[] shape) => base_transform.inverse_shape(shape);
            }

            /// <summary>The last dimensions in another shape.</summary>
            public class ReshapeTransform : Transform
            {
                private readonly long[] _in;
                private readonly long[] _out;

                /// <exception cref="ArgumentException">The shapes have different numbers of elements.</exception>
                public ReshapeTransform(long[] in_shape, long[] out_shape)
                {
                    if (new Size(in_shape).numel() != new Size(out_shape).numel())
                    {
                        throw new ArgumentException("in_shape, out_shape have different numbers of elements: "
                            + $"[{string.Join(", ", in_shape)}] and [{string.Join(", ", out_shape)}]");
                    }
                    (_in, _out) = (in_shape, out_shape);
                }

                public override bool bijective => true;
                public override constraints.Constraint domain => constraints.independent(constraints.real, _in.Length);
                public override constraints.Constraint codomain => constraints.independent(constraints.real, _out.Length);
                protected internal override Tensor _call(Tensor x) => x.reshape(forward_shape(x.shape));
                protected internal override Tensor _inverse(Tensor y) => y.reshape(inverse_shape(y.shape));
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    x.new_zeros(x.shape[..^_in.Length]);
                public override long[] forward_shape(long[] shape) => Swapped(shape, _in, _out);
                public override long[] inverse_shape(long[] shape) => Swapped(shape, _out, _in);

                private static long[] Swapped(long[] shape, long[] from, long[] to)
                {
                    if (shape.Length < from.Length || !shape.AsSpan(shape.Length - from.Length).SequenceEqual(from))
                        throw new ArgumentException($"Shape mismatch: expected [..., {string.Join(", ", from)}], got "
                            + $"[{string.Join(", ", shape)}]");
                    return [.. shape[..^from.Length], .. to];
                }
            }

            /// <summary>y = exp(x) normalised over the last dimension; no bijection: the inverse gives logarithms.</summary>
            public class SoftmaxTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real_vector;
                public override constraints.Constraint codomain => constraints.simplex;
                public override bool bijective => true;
                protected internal override Tensor _call(Tensor x) => nn.functional.softmax(x, -1);
                protected internal override Tensor _inverse(Tensor y) => y.log();
            }
        }
    }
}
