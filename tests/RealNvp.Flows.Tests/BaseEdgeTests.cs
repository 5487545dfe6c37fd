using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Densities at the ends of their support, far in their tails, at extreme parameters, and fitted to data that are no use.
/// </summary>
public sealed class BaseEdgeTests
{
    public static TheoryData<string> Heavy =>
        ["t of 0.01 degrees", "beta of 0.1", "uniform far from 0", "t of 1 degree", "beta of 5000", "laplace", "cauchy",
        "gamma of 0.01", "gamma of 1e6", "von mises of 1e6"];

    private static Distribution Make(string name) => name switch
    {
        "t of 0.01 degrees" => new StudentT(0.01, 1),
        "t of 1 degree" => new StudentT(1, 1),
        "beta of 0.1" => new Beta(0.1, 0.1, 1),
        "laplace" => new Laplace(1),
        "cauchy" => new Cauchy(1),
        "gamma of 0.01" => new Gamma(0.01, 1),
        "gamma of 1e6" => new Gamma(1e6, 1),
        "von mises of 1e6" => new VonMises(1e6, 3, 1),
        "beta of 5000" => new Beta(5000, 5000, 1),
        _ => new Uniform(1000, 1001, 1),
    };

    [Theory, MemberData(nameof(Heavy))]
    public void A_density_is_finite_at_each_of_its_own_samples(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            torch.manual_seed(1);
            var density = Make(name).to(dtype);
            var x = density.Sample(200_000);
            Assert.True(x.isfinite().all().ToBoolean());
            Assert.Equal(0, density.LogProb(x).isfinite().logical_not().sum().ToInt64());
        }
    }

    [Fact]
    public void The_tails_of_students_t_are_powers_as_far_as_numbers_go()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 0f, 1, -3, 1e10f, -1e30f }).unsqueeze(1).requires_grad_();
        var log = new StudentT(3, 1).LogProb(x);
        // log p = log(2 / (pi sqrt 3)) - 2 log(1 + x^2 / 3)
        var expected = x.detach().squeeze(1).data<float>().ToArray()
            .Select(v => Math.Log(2 / (Math.PI * Math.Sqrt(3))) - 2 * Math.Log(1 + (double)v * v / 3)).ToArray();
        Assert.True(log.detach().to(torch.float64).allclose(torch.tensor(expected), rtol: 1e-6, atol: 1e-6));
        log.sum().backward();
        var slope = torch.tensor(new[] { 0, -1.0, 1, -4e-10, 4e-30 });   // -4 x / (3 + x^2)
        Assert.True(x.grad!.to(torch.float64).squeeze(1).allclose(slope, rtol: 1e-5, atol: 0));
    }

    [Fact]
    public void Constants_of_large_parameters_do_not_cancel_in_single_precision()
    {
        using var scope = NewDisposeScope();
        // Of 1e6 degrees, t is the normal to 1e-6; Beta(a, a) has its mode's log-density near log(sqrt(4 (2 a - 1) / (2 pi))), to
        // about 1 / (8 a).
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI), new StudentT(1e6, 1).LogProb(torch.zeros(1, 1)).ToDouble(), 1e-5);
        Assert.Equal(0.5 * Math.Log(4 * 9999 / (2 * Math.PI)), new Beta(5000, 5000, 1).LogProb(torch.full([1, 1], 0.5f))
            .ToDouble(), 1e-3);
    }

    [Fact]
    public void A_uniform_density_holds_both_its_ends_since_rounding_reaches_them()
    {
        using var scope = NewDisposeScope();
        var ends = torch.tensor(new[] { -1f, 1, 1.0001f }).unsqueeze(1);
        Assert.Equal([-MathF.Log(2), -MathF.Log(2), float.NegativeInfinity], new Uniform(-1, 1, 1).LogProb(ends).data<float>()
            .ToArray());
        var saturated = new Flow(new Sigmoid(), new Uniform(0, 1, 1))
            .LogProb(torch.tensor(new[] { -100f, 20, 100 }).unsqueeze(1));
        Assert.True(saturated.allclose(torch.tensor(new[] { -100f, -20, -100 }), rtol: 1e-5));
    }

    [Fact]
    public void Not_a_number_is_not_taken_for_a_place_outside_the_support()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { float.NaN, 0.5f }).unsqueeze(1);
        foreach (var density in new Distribution[] { new Uniform(0, 1, 1), new Beta(2, 3, 1), new StudentT(2, 1),
            new Logistic(1) })
        {
            var log = density.LogProb(x).data<float>().ToArray();
            Assert.True(float.IsNaN(log[0]) && float.IsFinite(log[1]), density.ToString());
        }
    }

    [Fact]
    public void Without_drawing_in_the_logit_of_an_end_is_far_and_finite_and_its_uniform_density_one()
    {
        using var scope = NewDisposeScope();
        var ends = torch.tensor(new[] { 0f, 1, 0.5f }).unsqueeze(1);
        var flow = new Flow(new Logit(0), new Logistic(1));
        Assert.True(flow.LogProb(ends).allclose(torch.zeros(3), atol: 1e-4));   // logit, then the logistic: the uniform density
        Assert.True(flow.Bijection.Inverse(flow.Bijection.Forward(ends).Z).X.allclose(ends, atol: 1e-7));
        Assert.True(flow.LogProb(torch.full([1, 1], 1.5f)).isnan().all().ToBoolean());   // no intensity: not taken for an end
    }

    [Fact]
    public void Infinite_parameters_are_refused()
    {
        Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(() => new StudentT(double.PositiveInfinity, 1)).Message);
        Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(() => new Beta(2, double.PositiveInfinity, 1)).Message);
        Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(() => new Uniform(0, double.PositiveInfinity, 1)).Message);
    }

    public static TheoryData<string> Fits =>
        ["gaussian", "mixture by EM", "mixture by gradient", "kernel estimate", "standardisation", "tabular"];

    private static void Fit(string name, Tensor x)
    {
        nn.Module _ = name switch
        {
            "gaussian" => Gaussian.Fit(x),
            "mixture by EM" => GaussianMixture.Fit(x, 2),
            "mixture by gradient" => LearnedMixture.StartedAt(x, 2),
            "kernel estimate" => new KernelDensity(x),
            "standardisation" => Standardize.Fit(x),
            _ => Architectures.Tabular(x, 1, 4),
        };
    }

    [Theory, MemberData(nameof(Fits))]
    public void A_fit_to_data_of_no_use_gets_a_sentence(string name)
    {
        using var scope = NewDisposeScope();
        void Says(Tensor x, params string[] parts)
        {
            var message = Assert.ThrowsAny<ArgumentException>(() => Fit(name, x)).Message;
            foreach (var part in parts) Assert.Contains(part, message);
        }
        var x = torch.randn(20, 2);
        x[3, 1] = float.NaN;
        Says(x, "NaN", "row 3, column 1");
        Says(torch.randint(0, 9, [20, 2]), "floating", "Int64");
        Says(torch.zeros(0, 2), "0");
        if (name == "mixture by gradient") return;   // its start needs no covariance
        Says(torch.ones(20, 2), "column 0");
        Says(torch.cat([torch.randn(20, 1), torch.ones(20, 1)], 1), "column 1");
    }

    [Fact]
    public void A_mixture_fits_more_components_than_there_are_distinct_points_and_refuses_senseless_settings()
    {
        using var scope = NewDisposeScope();
        var points = torch.tensor(new[,] { { 0f, 0 }, { 1, 1 }, { 2, 0 } }).repeat(20, 1);
        var mixture = GaussianMixture.Fit(points, 5);
        Assert.True(mixture.LogProb(points).isfinite().all().ToBoolean());
        Assert.Equal(1, mixture.Weights.sum().ToDouble(), 1e-5);
        Assert.Contains("restart",
            Assert.ThrowsAny<ArgumentException>(() => GaussianMixture.Fit(points, 2, new() { Restarts = 0 })).Message);
        Assert.Contains("CovarianceFloor",
            Assert.ThrowsAny<ArgumentException>(() => GaussianMixture.Fit(points, 3, new() { CovarianceFloor = 0 })).Message);
        Assert.Contains("negative", Assert.ThrowsAny<ArgumentException>(
            () => new GaussianMixture(torch.tensor(new[] { 1.5f, -0.5f }), torch.zeros(2, 1), torch.ones(2, 1, 1))).Message);
        Assert.Contains("symmetric",
            Assert.ThrowsAny<ArgumentException>(() =>
                new Gaussian(torch.zeros(2), torch.tensor(new[,] { { 1f, 0.9f }, { 0, 1 } }))).Message);
    }

    [Fact]
    public void A_table_in_double_precision_makes_a_model_in_the_default_one()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var data = torch.randn([50, 3], torch.float64) * 4 + 2;
        var flow = Architectures.Tabular(data, 2, 8, 1, 4);
        Assert.All(flow.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
        Assert.Equal(ScalarType.Float32, flow.Sample(2).dtype);
        Assert.True(flow.LogProb(data.to(torch.float32)).isfinite().all().ToBoolean());
    }

    [Fact]
    public void A_bijection_and_a_base_of_different_contexts_are_refused()
    {
        using var scope = NewDisposeScope();
        var bijection = Architectures.RealNvp(2, 2, [4], contextSize: 3).Bijection;
        var message = Assert.ThrowsAny<ArgumentException>(() => new Flow(bijection, new ConditionalGaussian(2, [4], 2))).Message;
        Assert.Contains("3", message);
        Assert.Contains("2 features", message);
    }
}
