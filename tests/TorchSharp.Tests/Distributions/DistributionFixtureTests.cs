using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.distributions;
using TransformedDistribution = TorchSharp.Modules.TransformedDistribution;

namespace TorchSharp.Tests.Distributions;

/// <summary>
/// Every distribution against PyTorch's values (fixtures/distributions.py), and its samples against its own moments.
/// </summary>
public class DistributionFixtureTests
{
    private static readonly JsonElement Cases = Fixture.Load("distributions.json").GetProperty("cases");

    private static Tensor T(params double[] values) => tensor(values);

    private static Tensor Loc => T(0.5, -1, 2);
    private static Tensor Scale => T(0.3, 1, 4);
    private static Tensor A => T(0.7, 2, 5);
    private static Tensor B => T(1.5, 0.9, 5);
    private static Tensor Covariance => T(2, 0.5, 0.1, 0.5, 1, -0.2, 0.1, -0.2, 0.7).view(3, 3);
    private static Tensor Probs => T(0.1, 0.2, 0.7, 0.5, 0.25, 0.25).view(2, 3);
    private static Tensor Real => T(0.4, -3, 1, 1, 0.2, 9).view(2, 3);

    private static readonly Dictionary<string, Func<Distribution>> Distributions = new()
    {
        ["Normal"] = () => Normal(Loc, Scale),
        ["Laplace"] = () => Laplace(Loc, Scale),
        ["Cauchy"] = () => Cauchy(Loc, Scale),
        ["Gumbel"] = () => Gumbel(Loc, Scale),
        ["Uniform"] = () => Uniform(Loc, Loc + Scale),
        ["Exponential"] = () => Exponential(Scale),
        ["Gamma"] = () => Gamma(A, B),
        ["Beta"] = () => Beta(A, B),
        ["Dirichlet"] = () => Dirichlet(A),
        ["HalfNormal"] = () => HalfNormal(Scale),
        ["LogNormal"] = () => LogNormal(Loc, Scale),
        ["Kumaraswamy"] = () => Kumaraswamy(A, B),
        ["MultivariateNormal covariance"] = () => MultivariateNormal(Loc, Covariance),
        ["MultivariateNormal precision"] = () => MultivariateNormal(Loc, precision_matrix: Covariance),
        ["MultivariateNormal batch"] = () => MultivariateNormal(Real,
            scale_tril: stack([Covariance.tril(), 2 * Covariance.tril()])),
        ["Independent"] = () => Independent(Normal(Loc, Scale), 1),
        ["Bernoulli"] = () => Bernoulli(T(0.1, 0.5, 0.8)),
        ["Bernoulli logits"] = () => Bernoulli(logits: T(-1, 0.5, 3)),
        ["Categorical"] = () => Categorical(Probs),
        ["Categorical logits"] = () => Categorical(logits: Probs),
        ["OneHotCategorical"] = () => OneHotCategorical(Probs),
        ["Transformed exp"] = () => new TransformedDistribution(Normal(Loc, Scale), new transforms.ExpTransform()),
        ["Transformed sigmoid of affine"] = () => new TransformedDistribution(Normal(Loc, Scale),
            [new transforms.AffineTransform(0.3, -2), new transforms.SigmoidTransform()]),
        ["Transformed tanh, independent"] = () => new TransformedDistribution(Independent(Normal(Loc, Scale), 1),
            [new transforms.TanhTransform(), new transforms.AffineTransform(0, 3, 1)]),
        ["Transformed softplus"] = () => new TransformedDistribution(Laplace(Loc, Scale), new transforms.SoftplusTransform()),
        ["Transformed power"] = () => new TransformedDistribution(Exponential(Scale), new transforms.PowerTransform(tensor(2.0))),
        ["Transformed reshape"] = () => new TransformedDistribution(
            Independent(Normal(zeros(2, 4, dtype: float64), ones(2, 4, dtype: float64)), 1),
                new transforms.ReshapeTransform([4], [2, 2])),
    };

    public static TheoryData<string> Names => [.. Cases.EnumerateObject().Select(c => c.Name)];

    private static Tensor Of(Distribution d, string what, Tensor value) => what switch
    {
        "mean" => d.mean,
        "variance" => d.variance,
        "stddev" => d.stddev,
        "mode" => d.mode,
        "log_prob" => d.log_prob(value),
        "entropy" => d.entropy(),
        "cdf" => d.cdf(value),
        "icdf" => d.icdf(T(0.05, 0.5, 0.9, 0.3, 0.2, 0.6).view(2, 3)),
        _ => throw new ArgumentException(what),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var c = Cases.GetProperty(name);
        var value = Fixture.ToTensor(c.GetProperty("value"));
        Distribution d;
        using (NewDisposeScope()) d = Distributions[name]();   // it outlives the scope of its parameters
        using var _ = d;
        Assert.Equal(c.GetProperty("batch").EnumerateArray().Select(n => n.GetInt64()), d.batch_shape.Shape);
        Assert.Equal(c.GetProperty("event").EnumerateArray().Select(n => n.GetInt64()), d.event_shape.Shape);
        foreach (var what in new[] { "log_prob", "mean", "variance", "stddev", "mode", "entropy", "cdf", "icdf" })
        {
            if (!c.TryGetProperty(what, out var expected)) continue;
            var e = Fixture.ToTensor(expected);
            var a = Of(d, what, value).to(float64);
            Assert.True(e.shape.SequenceEqual(a.shape),
                $"{what}: expected [{string.Join(", ", e.shape)}], got [{string.Join(", ", a.shape)}]");
            Assert.True(a.allclose(e.to(float64), 1e-10, 1e-12, equal_nan: true),
                $"{what}: expected {e.npstr()}, got {a.npstr()}");
        }
    }

    // The mean of n samples differs from the true one by less than 6 standard errors, except once in 10^9.
    [Theory]
    [MemberData(nameof(Names))]
    public void SamplesHaveTheMeanOfTheDistribution(string name)
    {
        using var generator = manual_seed(17);
        using var d = Distributions[name]();
        const long N = 4000;
        var sample = d.sample(N);
        Assert.Equal([N, .. d.batch_shape.Shape, .. d.event_shape.Shape], sample.shape);
        Assert.Equal([2, 3, .. d.batch_shape.Shape, .. d.event_shape.Shape], d.sample(2, 3).shape);
        Assert.True(d.log_prob(sample).isfinite().all().ToBoolean(), "a sample without a finite density");
        if (name.StartsWith("Transformed") || name.StartsWith("Categorical") || name is "Cauchy" or "LogNormal") return;
        var error = (sample.to(float64).mean([0]) - d.mean).abs() / (d.variance / N).sqrt();
        Assert.True(error.max().ToDouble() < 6, $"the mean of {N} samples is off by {error.npstr()} standard errors");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ExpandingRepeatsTheBatch(string name)
    {
        using var d = Distributions[name]();
        long[] batch = [4, .. d.batch_shape.Shape];
        using var wide = d.expand(new Size(batch));
        Assert.Equal(batch, wide.batch_shape.Shape);
        Assert.Equal(d.event_shape.Shape, wide.event_shape.Shape);
        var value = d.sample();
        var lp = wide.log_prob(value.expand([4, .. value.shape]));
        Assert.True(lp.allclose(d.log_prob(value).expand(lp.shape)), "another density after expanding");
    }

    [Fact]
    public void GradientsReachTheParametersOfReparameterisedSamples()
    {
        foreach (var name in new[] { "Normal", "Laplace", "Gumbel", "Uniform", "MultivariateNormal covariance", "Gamma", "Beta" })
        {
            var p = T(0.7, 2, 5).requires_grad_();
            using Distribution d = name switch
            {
                "Normal" => Normal(p, Scale),
                "Laplace" => Laplace(Loc, p),
                "Gumbel" => Gumbel(Loc, p),
                "Uniform" => Uniform(p, p + 1),
                "Gamma" => Gamma(p, B),
                "Beta" => Beta(p, B),
                _ => MultivariateNormal(p, Covariance),
            };
            d.rsample(5).sum().backward();
            Assert.True(p.grad is not null && p.grad.abs().sum().ToDouble() > 0, name);
        }
    }

    [Fact]
    public void SampleTakesGradientsOrNotAsInTorchSharp()
    {
        var p = T(0.7, 2, 5).requires_grad_();
        Assert.False(Normal(p, Scale).sample().requires_grad);
        Assert.False(Independent(Normal(p, Scale), 1).sample().requires_grad);
        Assert.True(Uniform(p, p + 1).sample().requires_grad);
        Assert.True(Beta(p, B).sample().requires_grad);
        Assert.True(MultivariateNormal(p, Covariance).sample().requires_grad);
    }

    [Fact]
    public void AGeneratorMakesSamplesRepeatable()
    {
        Tensor Draw()
        {
            using var d = Normal(Loc, Scale, new Generator(5));
            return d.sample(3);
        }
        Assert.True(Draw().Equals(Draw()));
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        Assert.Contains("One and only one", Assert.Throws<ArgumentException>(() => Bernoulli()).Message);
        Assert.Contains("exactly one of", Assert.Throws<ArgumentException>(() => MultivariateNormal(Loc)).Message);
        Assert.Contains("[..., 3, 3]", Assert.Throws<ArgumentException>(() => MultivariateNormal(Loc, Covariance.narrow(0, 0, 2)))
            .Message);
        Assert.Contains("batch [3]", Assert.Throws<ArgumentException>(() => Independent(Normal(Loc, Scale), 2)).Message);
        Assert.Contains("must be a Laplace", Assert.Throws<ArgumentException>(() => Laplace(0.0).expand(new Size(2), Normal(0.0)))
            .Message);
        Assert.Contains("Cauchy", Assert.Throws<NotSupportedException>(() => Cauchy(Loc, Scale).enumerate_support()).Message);
    }
}
