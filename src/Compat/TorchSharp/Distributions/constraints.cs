namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        /// <summary>Sets of values: what a transform takes and gives.</summary>
        public static partial class constraints
        {
            public abstract class Constraint
            {
                protected Constraint(bool is_discrete, int event_dim)
                {
                    this.is_discrete = is_discrete;
                    this.event_dim = event_dim;
                }

                /// <summary>A Bool tensor over the batch: whether each value lies in the set.</summary>
                public abstract Tensor check(Tensor value);

                public virtual bool is_discrete { get; protected set; }

                /// <summary>How many of the last dimensions make up one value.</summary>
                public virtual int event_dim { get; protected set; }
            }

            private sealed class Elementwise(Func<Tensor, Tensor> test) : Constraint(false, 0)
            {
                public override Tensor check(Tensor value) => WrappedTensorDisposeScope(() => test(value));
            }

            private sealed class SimplexConstraint() : Constraint(false, 1)
            {
                public override Tensor check(Tensor value) => WrappedTensorDisposeScope(() =>
                    value.ge(0).all(-1).logical_and((value.sum(-1) - 1).abs().lt(1e-6)));
            }

            private sealed class IndependentConstraint(Constraint inner, int dimensions)
                : Constraint(inner.is_discrete, inner.event_dim + dimensions)
            {
                public override Tensor check(Tensor value) => WrappedTensorDisposeScope(() =>
                {
                    var each = inner.check(value);
                    return dimensions == 0 ? each : each.reshape([.. each.shape[..^dimensions], -1]).all(-1);
                });
            }

            public static Constraint real { get; } = new Elementwise(x => x.eq(x));
            public static Constraint positive { get; } = new Elementwise(x => x.gt(0));
            public static Constraint unit_interval { get; } = interval(0, 1);
            public static Constraint simplex { get; } = new SimplexConstraint();
            public static Constraint real_vector { get; } = independent(real, 1);

            public static Constraint interval(double lower_bound, double upper_bound) =>
                new Elementwise(x => x.ge(lower_bound).logical_and(x.le(upper_bound)));

            public static Constraint independent(Constraint base_constraint, int reinterpreted_batch_ndims) =>
                new IndependentConstraint(base_constraint, reinterpreted_batch_ndims);
        }
    }
}
