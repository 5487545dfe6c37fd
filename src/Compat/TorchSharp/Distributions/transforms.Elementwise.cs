namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        public static partial class transforms
        {
            /// <summary>y = |x|; no bijection: the inverse gives the positive preimage.</summary>
            public class AbsTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real;
                public override constraints.Constraint codomain => constraints.positive;
                protected internal override Tensor _call(Tensor x) => x.abs();
                protected internal override Tensor _inverse(Tensor y) => y.alias();
            }

            /// <summary>y = exp(x)</summary>
            public class ExpTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real;
                public override constraints.Constraint codomain => constraints.positive;
                public override bool bijective => true;
                protected internal override Tensor _sign() => 1;
                protected internal override Tensor _call(Tensor x) => x.exp();
                protected internal override Tensor _inverse(Tensor y) => y.log();
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) => x.alias();
            }

            /// <summary>y = log(x)</summary>
            public class LogTransform : Transform
            {
                public override constraints.Constraint domain => constraints.positive;
                public override constraints.Constraint codomain => constraints.real;
                public override bool bijective => true;
                protected internal override Tensor _sign() => 1;
                protected internal override Tensor _call(Tensor x) => x.log();
                protected internal override Tensor _inverse(Tensor y) => y.exp();
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) => -y;
            }

            /// <summary>y = 1 / (1 + exp(-x)), kept off 0 and 1</summary>
            public class SigmoidTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real;
                public override constraints.Constraint codomain => constraints.unit_interval;
                public override bool bijective => true;
                protected internal override Tensor _sign() => 1;

                private static Tensor Inside(Tensor y)
                {
                    var f = finfo(y.dtype);
                    return y.clamp(f.tiny, 1 - f.eps);
                }

                protected internal override Tensor _call(Tensor x) => WrappedTensorDisposeScope(() => Inside(x.sigmoid()));

                protected internal override Tensor _inverse(Tensor y) => WrappedTensorDisposeScope(() =>
                {
                    var inside = Inside(y);
                    return inside.log() - (-inside).log1p();
                });

                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    WrappedTensorDisposeScope(() => -nn.functional.softplus(-x) - nn.functional.softplus(x));
            }

            /// <summary>y = log(1 + exp(x))</summary>
            public class SoftplusTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real;
                public override constraints.Constraint codomain => constraints.positive;
                public override bool bijective => true;
                protected internal override Tensor _sign() => 1;
                protected internal override Tensor _call(Tensor x) => nn.functional.softplus(x);
                protected internal override Tensor _inverse(Tensor y) =>
                    WrappedTensorDisposeScope(() => (-(-y).expm1()).log() + y);
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    WrappedTensorDisposeScope(() => -nn.functional.softplus(-x));
            }

            /// <summary>
            /// y = tanh(x); the logarithm of its slope in a form that does not overflow: 2 (log 2 - x - softplus(-2x))
            /// </summary>
            public class TanhTransform : Transform
            {
                public override constraints.Constraint domain => constraints.real;
                public override constraints.Constraint codomain => constraints.interval(-1, 1);
                public override bool bijective => true;
                protected internal override Tensor _sign() => 1;
                protected internal override Tensor _call(Tensor x) => x.tanh();
                protected internal override Tensor _inverse(Tensor y) => y.atanh();
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    WrappedTensorDisposeScope(() => 2 * (Math.Log(2) - x - nn.functional.softplus(-2 * x)));
            }

            /// <summary>y = x^exponent, x positive</summary>
            public class PowerTransform : Transform
            {
                private readonly Tensor _exponent;

                public PowerTransform(Tensor exponent) => _exponent = exponent.alias().DetachFromDisposeScope();

                public override constraints.Constraint domain => constraints.positive;
                public override constraints.Constraint codomain => constraints.positive;
                public override bool bijective => true;
                protected internal override Tensor _sign() => _exponent.sign();
                protected internal override Tensor _call(Tensor x) => x.pow(_exponent);
                protected internal override Tensor _inverse(Tensor y) =>
                    WrappedTensorDisposeScope(() => y.pow(_exponent.reciprocal()));
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    WrappedTensorDisposeScope(() => (_exponent * y / x).abs().log());
                public override long[] forward_shape(long[] shape) => broadcast_shapes(shape, _exponent.shape).Shape;
                public override long[] inverse_shape(long[] shape) => broadcast_shapes(shape, _exponent.shape).Shape;
            }

            /// <summary>y = loc + scale x; with event_dim the last dimensions make up one value</summary>
            public class AffineTransform : Transform
            {
                private readonly Tensor _loc;
                private readonly Tensor _scale;
                private readonly int _event_dim;

                public AffineTransform(double loc, double scale, int event_dim = 0) : this((Tensor)loc, (Tensor)scale, event_dim)
                {
                }

                public AffineTransform(Tensor loc, Tensor scale, int event_dim = 0)
                {
                    _loc = loc.alias().DetachFromDisposeScope();
                    _scale = scale.alias().DetachFromDisposeScope();
                    _event_dim = event_dim;
                }

                public override int event_dim => _event_dim;
                public override bool bijective => true;
                public override constraints.Constraint domain => constraints.independent(constraints.real, _event_dim);
                public override constraints.Constraint codomain => constraints.independent(constraints.real, _event_dim);
                protected internal override Tensor _sign() => _scale.sign();
                protected internal override Tensor _call(Tensor x) => WrappedTensorDisposeScope(() => _loc + _scale * x);
                protected internal override Tensor _inverse(Tensor y) => WrappedTensorDisposeScope(() => (y - _loc) / _scale);
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    WrappedTensorDisposeScope(() => _sum_rightmost(_scale.abs().log().expand(x.shape), _event_dim));
                public override long[] forward_shape(long[] shape) => broadcast_shapes(shape, _loc.shape, _scale.shape).Shape;
                public override long[] inverse_shape(long[] shape) => broadcast_shapes(shape, _loc.shape, _scale.shape).Shape;
            }
        }
    }
}
