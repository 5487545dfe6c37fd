namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        /// <summary>A distribution whose density is exp(t(x)^T n - F(n) + k(x)), n the natural parameters.</summary>
        public abstract class ExponentialFamily : Distribution
        {
            protected ExponentialFamily(Generator? generator) : base(generator)
            {
            }

            protected abstract IList<Tensor> NaturalParams { get; }

            /// <summary>The mean of k(x).</summary>
            protected abstract Tensor MeanCarrierMeasure { get; }

            /// <summary>F(n)</summary>
            protected virtual Tensor LogNormalizer(params Tensor[] parameters) =>
                throw new NotSupportedException($"{GetType().Name} has no log normalizer");

            /// <summary>F(n) - n^T dF/dn - E k(x), the derivative by autograd (Nielsen and Nock 2010).</summary>
            public override Tensor entropy()
            {
                using var scope = NewDisposeScope();
                using var on = enable_grad();
                Tensor[] natural = [.. NaturalParams.Select(n => n.detach().requires_grad_())];
                var normalizer = LogNormalizer(natural);
                var gradients = autograd.grad([normalizer.sum()], natural, create_graph: true, retain_graph: true);
                var result = normalizer - MeanCarrierMeasure;
                for (var k = 0; k < natural.Length; k++) result = result - (natural[k] * gradients[k])
                    .reshape([.. batch_shape.Shape, -1]).sum(-1);
                return result.detach().MoveToOuterDisposeScope();
            }
        }
    }
}
