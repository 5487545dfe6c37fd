using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Inference;

/// <summary>Sampling by parts and by Jacobi iteration, guidance, and Tweedie's formula, against closed forms.</summary>
public sealed class AutoregressiveSamplingTests
{
    private static Flow Random(Flow flow, double size = 0.3)
    {
        flow.to(torch.float64);
        using var guard = torch.no_grad();
        foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * size);
        return flow;
    }

    private static Tensor Classes(params long[] classes) =>
        nn.functional.one_hot(torch.tensor(classes), 3).to(torch.float64);

    public static TheoryData<string> Families => ["tarflow", "maf"];

    private static Flow Make(string family, long? context = null)
    {
        torch.manual_seed(3);
        return Random(family == "maf" ? Architectures.Maf(6, 3, [12], Activation.Silu, context)
            : Architectures.TarFlow(6, 3, 8, 1, contextSize: context));
    }

    [Theory, MemberData(nameof(Families))]
    public void Both_ways_draw_what_the_flow_draws(string family)
    {
        using var scope = NewDisposeScope();
        var flow = Make(family);
        var expected = flow.Sample(9, generator: new Generator(5));
        var parts = AutoregressiveSampling.Sample(flow, 9, generator: new Generator(5));
        Assert.True(parts.X.Equals(expected));
        Assert.Equal([6, 6, 6], parts.Passes);
        var jacobi = AutoregressiveSampling.Sample(flow, 9, new() { Jacobi = true, Tolerance = 0 }, generator: new Generator(5));
        Assert.True(jacobi.X.allclose(expected, 1e-10, 1e-10));   // roundings of sums in another order
        Assert.All(jacobi.Passes, passes => Assert.InRange(passes, 1, 6));
    }

    [Theory, MemberData(nameof(Families))]
    public void Guided_parameters_go_on_from_those_without_a_context_through_those_with_it(string family)
    {
        using var scope = NewDisposeScope();
        const double w = 1.5;
        var flow = Make(family, context: 3);
        var context = Classes(0, 1, 2, 2);
        var options = new AutoregressiveSamplingOptions { Guidance = w };
        var x = AutoregressiveSampling.Sample(flow, 4, options, context, new Generator(5)).X;
        var jacobi = AutoregressiveSampling.Sample(flow, 4, options with { Jacobi = true, Tolerance = 0 }, context,
            new Generator(5)).X;
        Assert.True(jacobi.allclose(x, 1e-9, 1e-9));
        // forward through the guided layers, each whole: back to the latents that the generator gave
        var z = x;
        foreach (var layer in ((Chain)flow.Bijection).Layers)
            if (layer is AutoregressiveBijection part)
            {
                var (given, free) = (part.Conditioned(z, context), part.Conditioned(z, torch.zeros_like(context)));
                z = part.Transformer.Forward(z, given + w * (given - free)).Y;
            }
            else z = layer.Forward(z).Z;
        Assert.True(z.allclose(flow.Base.Sample(4, generator: new Generator(5)), 1e-9, 1e-9));
        var plain = AutoregressiveSampling.Sample(flow, 4, null, context, new Generator(5)).X;
        Assert.True(plain.Equals(flow.Sample(4, context, new Generator(5))));
        Assert.False(plain.allclose(x, 1e-2, 1e-2));
    }

    [Fact]
    public void Guidance_moves_a_class_s_normal_away_from_the_normal_of_all()
    {
        using var scope = NewDisposeScope();
        // z = x + t, t = b + W c: class k is a normal about m_k = -(b + W_k), and no class one about m_0 = -b
        var made = new Made(2, 2, [], contextSize: 3);
        var flow = new Flow(new MaskedAutoregressive(new AffineTransformer(AffineOrder.ShiftThenScale), made)).to(torch.float64);
        var (shift, classShift) = (torch.tensor(new[] { 0.5, -1 }), torch.tensor(new[,] { { 1.0, 2 }, { -3, 0 }, { 0, 4 } }));
        using (torch.no_grad())
            foreach (var (name, p) in made.named_parameters())
                if (name.EndsWith("bias", StringComparison.Ordinal)) p[2..].copy_(shift);
                else p[2.., 2..].copy_(classShift);
        const double w = 2;
        var sample = AutoregressiveSampling.Sample((Flow)flow, 3, new() { Guidance = w }, Classes(0, 1, 2), new Generator(1)).X;
        var noise = ((Flow)flow).Base.Sample(3, generator: new Generator(1));
        var (mean, meanOfAll) = (-(shift + classShift), -shift);
        Assert.True(sample.allclose(noise + mean * (1 + w) - meanOfAll * w, 1e-12, 1e-12));
    }

    [Fact]
    public void Tweedies_step_on_a_gaussian_is_its_conditional_mean()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(6);
        const double s = 0.7;
        var root = torch.randn(3, 3, torch.float64);
        var mean = torch.randn(3, torch.float64);
        var covariance = root.matmul(root.t()) + 0.1 * torch.eye(3, dtype: torch.float64);
        var noisy = covariance + s * s * torch.eye(3, dtype: torch.float64);
        var y = torch.randn(50, 3, torch.float64) * 2;
        // E[x | y] = m + S (S + s^2 I)^-1 (y - m)
        var expected = mean + (y - mean).matmul(torch.linalg.solve(noisy, covariance));
        var density = new Gaussian(mean, noisy);
        var cleaned = Tweedie.Denoise(density, y, s);
        Assert.True(cleaned.allclose(expected, 1e-10, 1e-10));
        Assert.False(cleaned.requires_grad);
        using (torch.no_grad()) Assert.True(Tweedie.Denoise(density, y, s).Equals(cleaned));
        Assert.Contains("noise", Assert.ThrowsAny<ArgumentException>(() => Tweedie.Denoise(density, y, 0)).Message);
    }

    [Fact]
    public void Tweedies_step_of_a_conditional_flow_takes_the_context()
    {
        using var scope = NewDisposeScope();
        var flow = Make("tarflow", context: 3);
        var (y, context) = (torch.randn(4, 6, torch.float64), Classes(0, 1, 2, 2));
        var step = (Tweedie.Denoise(flow, y, 0.1, context) - y) / 0.01;
        // central differences of step 1e-5 are right to 1e-9 or so, of slopes of order 1 to 100
        var slope = RealNvp.Flows.Numerics.Jacobians.FiniteDifferences(x => flow.LogProb(x, context).unsqueeze(1), y).squeeze(1);
        Assert.True(step.allclose(slope, 1e-6, 1e-6));
    }

    [Fact]
    public void Wrong_use_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        string Says(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        var flow = Architectures.TarFlow(2, 1, 4, 1);
        Assert.Contains("contextSize", Says(() => AutoregressiveSampling.Sample(flow, 2, new() { Guidance = 1 })));
        Assert.Contains("one pass", Says(() => AutoregressiveSampling.Sample(Architectures.RealNvp2D(), 2)));
        Assert.Contains("Guidance", Says(() => AutoregressiveSampling.Sample(flow, 2, new() { Guidance = double.NaN })));
        Assert.Contains("Tolerance", Says(() => AutoregressiveSampling.Sample(flow, 2, new() { Tolerance = -1 })));
        Assert.Contains("context", Says(() => AutoregressiveSampling.Sample(Make("tarflow", 3), 2)));
        Assert.Equal([0, 2], AutoregressiveSampling.Sample(flow, 0, new() { Jacobi = true }).X.shape);
    }
}
