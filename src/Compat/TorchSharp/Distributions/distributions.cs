using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Probability distributions.</summary>
    public static partial class distributions
    {
        public static Bernoulli Bernoulli(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) =>
            new(probs, logits, generator);

        public static Bernoulli Bernoulli(float? probs, float? logits, Generator? generator = null) =>
            new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

        public static Bernoulli Bernoulli(double? probs, double? logits, Generator? generator = null) =>
            new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

        public static Beta Beta(Tensor concentration1, Tensor concentration0, Generator? generator = null) =>
            new(concentration1, concentration0, generator);

        public static Categorical Categorical(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) =>
            new(probs, logits, generator);

        /// <summary>All categories equally likely.</summary>
        public static Categorical Categorical(int categories, Generator? generator = null) =>
            new(full(categories, 1.0 / categories), null, generator);

        public static Cauchy Cauchy(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        public static Dirichlet Dirichlet(Tensor concentration, Generator? generator = null) => new(concentration, generator);
        public static Exponential Exponential(Tensor rate, Generator? generator = null) => new(rate, generator);
        public static Gamma Gamma(Tensor concentration, Tensor rate, Generator? generator = null) =>
            new(concentration, rate, generator);
        public static Gumbel Gumbel(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        public static HalfNormal HalfNormal(Tensor scale, Generator? generator = null) => new(scale, generator);

        public static Independent Independent(Distribution base_distribution, int reinterpreted_batch_dims,
            Generator? generator = null) =>
            new(base_distribution, reinterpreted_batch_dims, generator);

        public static Kumaraswamy Kumaraswamy(Tensor concentration1, Tensor concentration0, Generator? generator = null) =>
            new(concentration1, concentration0, generator);

        public static Laplace Laplace(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        public static Laplace Laplace(float loc, float scale = 1f, Generator? generator = null) =>
            new(tensor(loc), tensor(scale), generator);
        public static Laplace Laplace(double loc, double scale = 1, Generator? generator = null) =>
            new(tensor(loc), tensor(scale), generator);
        public static LogNormal LogNormal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);

        public static MultivariateNormal MultivariateNormal(Tensor loc, Tensor? covariance_matrix = null,
            Tensor? precision_matrix = null, Tensor? scale_tril = null, Generator? generator = null) =>
            new(loc, covariance_matrix, precision_matrix, scale_tril, generator);

        public static Normal Normal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);
        public static Normal Normal(float loc, float scale = 1f, Generator? generator = null) =>
            new(tensor(loc), tensor(scale), generator);
        public static Normal Normal(double loc, double scale = 1, Generator? generator = null) =>
            new(tensor(loc), tensor(scale), generator);

        public static OneHotCategorical OneHotCategorical(Tensor? probs = null, Tensor? logits = null,
            Generator? generator = null) =>
            new(probs, logits, generator);

        public static OneHotCategorical OneHotCategorical(float? probs, float? logits, Generator? generator = null) =>
            new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

        public static OneHotCategorical OneHotCategorical(double? probs, double? logits, Generator? generator = null) =>
            new(probs is { } p ? tensor(p) : null, logits is { } l ? tensor(l) : null, generator);

        public static Uniform Uniform(Tensor low, Tensor high, Generator? generator = null) => new(low, high, generator);
    }
}
