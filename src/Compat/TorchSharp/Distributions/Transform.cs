namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        /// <summary>Invertible maps between values, with their Jacobians.</summary>
        public static partial class transforms
        {
            public abstract class Transform
            {
                protected bool _bijective;
                protected constraints.Constraint _domain = null!;
                protected constraints.Constraint _codomain = null!;
                protected Transform? _inv;

                protected Transform()
                {
                }

                /// <summary>How many dimensions make up one value.</summary>
                /// <exception cref="InvalidOperationException">
                /// Values going in have other dimensions than values coming out.
                /// </exception>
                public virtual int event_dim => domain.event_dim == codomain.event_dim ? domain.event_dim
                    : throw new InvalidOperationException("Please use either .domain.event_dim or .codomain.event_dim");

                public virtual Transform inv => _inv ??= new InverseTransform(this);
                public virtual constraints.Constraint domain => _domain;
                public virtual constraints.Constraint codomain => _codomain;
                public virtual bool bijective => _bijective;

                /// <summary>1 where the map rises, -1 where it falls.</summary>
                public Tensor sign => _sign();

                protected internal virtual Tensor _sign() => throw new NotSupportedException($"{GetType().Name} has no sign");
                protected internal abstract Tensor _call(Tensor x);
                protected internal abstract Tensor _inverse(Tensor y);

                /// <summary>log |det dy/dx|, one for each value</summary>
                protected internal virtual Tensor log_abs_det_jacobian(Tensor x, Tensor y) =>
                    throw new NotSupportedException($"{GetType().Name} has no Jacobian");

                public Tensor forward(Tensor x) => _call(x);
                public virtual long[] forward_shape(long[] shape) => shape;
                public virtual long[] inverse_shape(long[] shape) => shape;

                /// <summary>Sums over the last dimensions.</summary>
                protected internal static Tensor _sum_rightmost(Tensor value, int dim) =>
                    dim == 0 ? value : value.reshape([.. value.shape[..^dim], -1]).sum(-1);
            }

            private sealed class InverseTransform : Transform
            {
                internal InverseTransform(Transform transform) => _inv = transform;

                public override constraints.Constraint domain => _inv!.codomain;
                public override constraints.Constraint codomain => _inv!.domain;
                public override bool bijective => _inv!.bijective;
                protected internal override Tensor _sign() => _inv!.sign;
                protected internal override Tensor _call(Tensor x) => _inv!._inverse(x);
                protected internal override Tensor _inverse(Tensor y) => _inv!._call(y);
                protected internal override Tensor log_abs_det_jacobian(Tensor x, Tensor y) => -_inv!.log_abs_det_jacobian(y, x);
                public override long[] forward_shape(long[] shape) => _inv!.inverse_shape(shape);
                public override long[] inverse_shape(long[] shape) => _inv!.forward_shape(shape);
            }
        }
    }
}
