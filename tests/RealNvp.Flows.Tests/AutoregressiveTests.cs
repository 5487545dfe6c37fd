using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class AutoregressiveTests
{
    [Fact]
    public void The_jacobian_is_triangular_in_the_order_of_the_features()
    {
        using var scope = NewDisposeScope();
        var f = BijectionTable.Row("masked autoregressive").Build();
        int[] order = [2, 0, 3, 1];
        var jacobian = Jacobians.Autograd(x => f.Forward(x).Z, torch.randn(5, 4, torch.float64));
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
            {
                var largest = jacobian[TensorIndex.Colon, i, j].abs().max().ToDouble();
                if (order[j] > order[i]) Assert.Equal(0, largest);
                else Assert.True(largest > 0, $"z{i} does not see x{j}");
            }
    }

    [Fact]
    public void A_masked_network_sees_the_context_everywhere()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var made = new Made(3, 1, [9], Activation.Tanh, contextSize: 2);
        using (torch.no_grad()) foreach (var p in made.parameters()) p.normal_();
        var context = torch.randn(1, 2);
        var jacobian = Jacobians.Autograd(c => made.call(torch.zeros(1, 3), c), context);
        Assert.True(jacobian.abs().min().ToDouble() > 0);
        Assert.Contains("once", Assert.Throws<ArgumentException>(() => new Made(3, 1, [4], order: [0, 0, 1])).Message);
    }

    [Theory]
    [InlineData("maf", 1, 5)]
    [InlineData("iaf", 5, 1)]
    [InlineData("naf", 1, 5)]
    public void The_fast_direction_takes_one_pass_of_the_network_and_the_slow_one_a_pass_for_each_feature(string kind,
        int forDensity, int forSampling)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var flow = kind switch
        {
            "maf" => Architectures.Maf(5, 1, [16]),
            "iaf" => Architectures.Iaf(5, 1, [16]),
            _ => Architectures.Naf(5, 1, [16]),
        };
        var passes = 0;
        foreach (var made in flow.modules().OfType<Made>())
            made.register_forward_hook((_, _, _, output) =>
            {
                passes++;
                return output;
            });
        flow.LogProb(torch.randn(7, 5));
        Assert.Equal(forDensity, passes);
        passes = 0;
        flow.Sample(7);
        Assert.Equal(forSampling, passes);
        Assert.Equal([0, 5], flow.Sample(0).shape);
    }

    [Fact]
    public void The_inverse_of_far_latents_is_found_where_a_guess_for_all_features_at_once_overflows()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var f = new MaskedAutoregressive(new AffineTransformer(logScaleBound: 40), new Made(3, 2, [16], Activation.Relu));
        using (torch.no_grad()) foreach (var p in f.parameters()) p.normal_(0, 0.3);
        var x = torch.randn(20, 3) * 10;
        var (back, logDet) = f.Inverse(f.Forward(x).Z);
        Assert.True(logDet.isfinite().all().ToBoolean());
        Assert.True((back - x).abs().max().ToDouble() < 1e-2 * 30);
    }

    public static TheoryData<string> Sigmoidal => ["deep", "dense"];

    private static Transformer Make(string kind) =>
        kind == "deep" ? new DeepSigmoidalTransformer(5, 3) : new DenseSigmoidalTransformer(4, 3);

    [Theory, MemberData(nameof(Sigmoidal))]
    public void Sigmoidal_networks_are_the_identity_at_zero_and_increase_from_the_line_onto_the_line(string kind)
    {
        using var scope = NewDisposeScope();
        var transformer = Make(kind);
        var x = torch.cat([torch.tensor(new[] { -1e12, -1e3 }), torch.linspace(-20, 20, 401, torch.float64),
            torch.tensor(new[] { 1e3, 1e12 })], 0).unsqueeze(1);
        var (same, none) = transformer.Forward(x, torch.zeros(x.size(0), transformer.ParametersPerElement, torch.float64));
        Assert.True(same.allclose(x, 1e-12, 1e-12));
        Assert.True(none!.abs().max().ToDouble() < 1e-10);
        torch.manual_seed(6);
        var h = torch.randn(1, transformer.ParametersPerElement, torch.float64).mul(3).expand(x.size(0), -1);
        var (y, log) = transformer.Forward(x, h);
        Assert.True(log!.isfinite().all().ToBoolean());
        Assert.True(y.diff(dim: 0).gt(0).all().ToBoolean());
        Assert.True(y[0].ToDouble() < -1e3 && y[-1].ToDouble() > 1e3, "the ends of the line are not reached");
        var (back, _) = transformer.Inverse(y, h);
        // An error of rounding in y is divided by the slope on its way back.
        Assert.True(((back - x).abs() / (x.abs() + 1) * log.exp().clamp_max(1)).max().ToDouble() < 1e-12);
    }

    [Fact]
    public void One_layer_of_sigmoidal_units_is_its_formula()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(8);
        var transformer = new DeepSigmoidalTransformer(3, 1);
        var x = torch.randn(50, 1, torch.float64);
        var h = torch.randn(50, 9, torch.float64);
        var w = h.narrow(1, 0, 3).softmax(1);
        var a = (h.narrow(1, 3, 3) + Math.Log(Math.Exp(0.999) - 1)).exp().log1p() + 1e-3;
        var mean = (w * (x * a + h.narrow(1, 6, 3)).sigmoid()).sum(1L, keepdim: true);
        var straight = 0.05;   // the part of x itself
        Assert.True(transformer.Forward(x, h).Y.allclose((mean / (1 - mean)).log() * (1 - straight) + x * straight, 1e-10,
            1e-10));
    }

    [Fact]
    public void A_neural_autoregressive_flow_fits_what_one_affine_layer_cannot()
    {
        using var scope = NewDisposeScope();
        var (train, test) = (Toys.EightGaussians(2000), Toys.EightGaussians(2000, seed: 1));
        double Fit(Distributions.Flow flow)
        {
            Trainer.Fit(flow, train, options: new() { Steps = 300, BatchSize = 256, LearningRate = 5e-3, LogEvery = 100 });
            return Trainer.MeanLogProb(flow, test);
        }
        torch.manual_seed(0);
        var affine = Fit(Architectures.Maf(2, 1, [32, 32]));
        var sigmoidal = Fit(Architectures.Naf(2, 1, [32, 32]));
        Assert.True(sigmoidal > affine + 0.3, $"{affine:f3} against {sigmoidal:f3}");
    }
}
