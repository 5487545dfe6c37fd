namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        /// <summary>
        /// A probability distribution: <see cref="batch_shape"/> independent ones side by side, each over values of
        /// <see cref="event_shape"/>. Arguments are not validated. It holds on to its parameters whatever scope they were made
        /// in, until it is disposed.
        /// </summary>
        public abstract class Distribution : IDisposable
        {
            /// <summary>Euler and Mascheroni's.</summary>
            protected const double euler_constant = 0.57721566490153286060;

            protected Generator? generator;

            private readonly List<Tensor> _kept = [];
            private bool _disposed;

            public Distribution(Generator? generator, long[]? batch_shape = null, long[]? event_shape = null)
            {
                this.generator = generator;
                _init(new Size(batch_shape ?? []), new Size(event_shape ?? []));
            }

            public Distribution(Generator? generator, Size batch_shape, Size? event_shape = null)
            {
                this.generator = generator;
                _init(batch_shape, event_shape);
            }

            protected void _init(Size? batch_shape = null, Size? event_shape = null)
            {
                this.batch_shape = batch_shape ?? Size.Empty;
                this.event_shape = event_shape ?? Size.Empty;
            }

            public Size batch_shape { get; protected set; }
            public Size event_shape { get; protected set; }

            public abstract Tensor mean { get; }

            /// <exception cref="NotSupportedException">The distribution has no mode in closed form.</exception>
            public virtual Tensor mode => throw NotThere(nameof(mode));

            public abstract Tensor variance { get; }
            public virtual Tensor stddev => WrappedTensorDisposeScope(() => variance.sqrt());

            /// <summary>
            /// [...sample_shape, ...batch_shape, ...event_shape]; unless overridden the same as rsample, gradients included.
            /// </summary>
            public virtual Tensor sample(params long[] sample_shape) => rsample(sample_shape);

            public Tensor sample(Size sample_shape) => sample(sample_shape.Shape);

            /// <summary>A sample through which gradients reach the parameters, where the distribution has such.</summary>
            public abstract Tensor rsample(params long[] sample_shape);

            public Tensor rsample(Size sample_shape) => rsample(sample_shape.Shape);

            /// <summary>Logarithm of the density or mass at values [..., ...event_shape].</summary>
            public abstract Tensor log_prob(Tensor value);

            /// <summary>In nats, one for each of the batch.</summary>
            public abstract Tensor entropy();

            public abstract Distribution expand(Size batch_shape, Distribution? instance = null);

            public virtual Tensor cdf(Tensor value) => throw NotThere(nameof(cdf));

            /// <summary>The quantile function.</summary>
            public virtual Tensor icdf(Tensor value) => throw NotThere(nameof(icdf));

            public virtual Tensor enumerate_support(bool expand = true) => throw NotThere(nameof(enumerate_support));

            /// <summary>exp(entropy)</summary>
            public virtual Tensor perplexity() => WrappedTensorDisposeScope(() => entropy().exp());

            private NotSupportedException NotThere(string what) => new($"{GetType().Name} has no {what}");

            protected long[] ExtendedShape(params long[] sample_shape) =>
                [.. sample_shape, .. batch_shape.Shape, .. event_shape.Shape];

            protected Tensor LogitsToProbs(Tensor logits, bool isBinary = false) =>
                isBinary ? logits.sigmoid() : nn.functional.softmax(logits, -1);

            protected Tensor ProbsToLogits(Tensor probs, bool isBinary = false) => WrappedTensorDisposeScope(() =>
            {
                var inside = ClampProbs(probs);
                return isBinary ? inside.log() - (-inside).log1p() : inside.log();
            });

            protected Tensor ClampProbs(Tensor probs)
            {
                var eps = finfo(probs.dtype).eps;
                return probs.clamp(eps, 1 - eps);
            }

            /// <summary>max(x, 0), with a gradient of 1 / 2 at 0.</summary>
            protected Tensor ClampByZero(Tensor x) => WrappedTensorDisposeScope(() => (x.clamp_min(0) + x - x.clamp_max(0)) / 2);

            // A reference of its own, outside of all scopes.
            private protected Tensor Keep(Tensor parameter)
            {
                var kept = parameter.alias().DetachFromDisposeScope();
                _kept.Add(kept);
                return kept;
            }

            private protected Tensor? KeepIfGiven(Tensor? parameter) => parameter is null ? null : Keep(parameter);

            private protected Tensor[] KeepBroadcast(params Tensor[] parameters)
            {
                using var scope = NewDisposeScope();
                return [.. broadcast_tensors(parameters).Select(Keep)];
            }

            // The object that expand fills: the given one, where it is of the right type.
            private protected static T? Target<T>(Distribution? instance) where T : Distribution => instance switch
            {
                null => null,
                T right => right,
                _ => throw new ArgumentException($"expand(): 'instance' must be a {typeof(T).Name} distribution, got "
                    + $"{instance.GetType().Name}", nameof(instance)),
            };

            private protected static void RequireOne(Tensor? probs, Tensor? logits)
            {
                if (probs is null == logits is null)
                    throw new ArgumentException("One and only one of 'probs' and 'logits' should be provided.", nameof(probs));
            }

            ~Distribution() => Dispose(false);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees what it holds on to, the generator that it was given included.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (_disposed || !disposing) return;
                _disposed = true;
                foreach (var t in _kept) t.Dispose();
                generator?.Dispose();
            }
        }
    }
}
