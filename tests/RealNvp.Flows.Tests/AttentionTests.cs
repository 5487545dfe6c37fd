using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Autoregressive layers over tokens: what sees what, and the ways back.</summary>
public sealed class AttentionTests
{
    private const int Tokens = 12;

    /// <summary>One layer in float64 with random weights of a size.</summary>
    private static AttentionAutoregressive Layer(int tokens = Tokens, int features = 2, double size = 0.3, long? context = null)
    {
        torch.manual_seed(1);
        var transformer = new AffineTransformer(AffineOrder.ShiftThenScale, 2);
        var layer = new AttentionAutoregressive(transformer,
            new CausalTransformer(tokens, features, transformer.ParametersPerElement, 8, 2, heads: 2, contextSize: context));
        layer.to(torch.float64);
        using var guard = torch.no_grad();
        foreach (var p in layer.parameters()) p.add_(torch.randn_like(p) * size);
        return layer;
    }

    [Fact]
    public void The_jacobian_is_block_triangular_and_diagonal_within_a_token()
    {
        using var scope = NewDisposeScope();
        var f = Layer(tokens: 4);
        var jacobian = Jacobians.Autograd(x => f.Forward(x).Z, torch.randn(5, 4, 2, torch.float64));
        for (var i = 0; i < 8; i++)
            for (var j = 0; j < 8; j++)
            {
                var largest = jacobian[TensorIndex.Colon, i, j].abs().max().ToDouble();
                if (j / 2 < i / 2 || j == i) Assert.True(largest > 0, $"number {i} does not see {j}");
                else Assert.Equal(0, largest);
            }
    }

    [Fact]
    public void Kept_keys_and_values_whole_passes_and_jacobi_iteration_find_the_same_events()
    {
        using var scope = NewDisposeScope();
        var f = Layer(context: 3);
        var (z, context) = (torch.randn(5, Tokens, 2, torch.float64), torch.randn(5, 3, torch.float64));
        var whole = torch.zeros_like(z);
        using (torch.no_grad())
            for (var k = 0; k < Tokens; k++)   // token k from a whole pass over those before
            {
                var h = f.Conditioner.call(whole, context).view(5, 2, Tokens, 2).select(2, k);
                whole.narrow(1, k, 1).copy_(f.Transformer.Inverse(z.narrow(1, k, 1), h).X);
            }
        // sums are taken in another order: some roundings of float64 over a dozen tokens
        Assert.True(f.Inverse(z, context).X.allclose(whole, 1e-11, 1e-11));
        Assert.True(f.InverseByJacobi(z, context).X.allclose(whole, 1e-11, 1e-11));
        Assert.False(f.InverseByJacobi(z, context * 2).X.allclose(whole, 1e-3, 1e-3));
    }

    [Fact]
    public void Jacobi_iteration_takes_as_many_passes_as_it_says_and_stops_early_where_tokens_depend_little()
    {
        using var scope = NewDisposeScope();
        int[] taken = [.. new[] { 0, 0.05, 0.5 }.Select(size =>
        {
            var f = Layer(tokens: 24, size: size);
            var passes = 0;
            f.Conditioner.register_forward_hook((_, _, _, output) =>
            {
                passes++;
                return output;
            });
            var z = torch.randn(7, 24, 2, torch.float64);
            var (x, said) = f.InverseByJacobi(z, tolerance: 1e-10);
            Assert.Equal(said, passes);
            Assert.InRange(said, 1, 24);
            // a change of 1e-10 in the last pass, and what of it later passes would have carried on
            Assert.True(x.allclose(f.Inverse(z).X, 1e-7, 1e-7));
            return said;
        })];
        Assert.Equal(1, taken[0]);   // the identity
        Assert.True(taken[0] < taken[1] && taken[1] < taken[2], string.Join(", ", taken));
        Assert.True(taken[1] < 12, $"{taken[1]} passes of 24");
    }

    [Fact]
    public void Jacobi_iteration_of_masked_layers_finds_far_events_and_leaves_other_rows_alone()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var f = new MaskedAutoregressive(new AffineTransformer(logScaleBound: 40), new Made(5, 2, [16], Activation.Relu));
        using (torch.no_grad()) foreach (var p in f.parameters()) p.normal_(0, 0.3);
        f.to(torch.float64);
        var z = f.Forward(torch.randn(20, 5, torch.float64) * 10).Z;
        var (right, _) = f.Inverse(z);
        var (x, passes) = f.InverseByJacobi(z);
        Assert.InRange(passes, 2, 5);
        Assert.True(x.allclose(right, 1e-10, 1e-10));
        z[3, 2] = double.NaN;
        var (spoiled, others) = (f.InverseByJacobi(z).X, torch.arange(20).ne(3));
        Assert.True(spoiled[3].isnan().any().ToBoolean());
        Assert.True(spoiled[others].allclose(right[others], 1e-10, 1e-10));
        Assert.Contains("tolerance", Assert.ThrowsAny<ArgumentException>(() => f.InverseByJacobi(z, tolerance: -1)).Message);
        Assert.Contains("[N, 5]", Assert.ThrowsAny<ArgumentException>(() => f.InverseByJacobi(z[.., ..4])).Message);
    }

    [Fact]
    public void Sampling_token_by_token_computes_every_token_once()
    {
        using var scope = NewDisposeScope();
        var f = Layer();
        var computed = 0L;
        foreach (var norm in f.modules().OfType<LayerNorm>())
            norm.register_forward_hook((_, h, output) =>
            {
                computed += h.size(1);
                return output;
            });
        var z = torch.randn(3, Tokens, 2, torch.float64);
        f.Inverse(z);
        Assert.Equal(5 * Tokens, computed);   // five norms: two in each of two blocks, and the last
    }

    [Fact]
    public void It_learns_a_chain_whose_entropy_is_known()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        const double a = 0.8;   // x_i = a x_(i-1) + e: 6 normals of variance 1, the first of 1 / (1 - a^2)
        Tensor Draw(long n)
        {
            var x = new List<Tensor> { torch.randn(n, 1) / Math.Sqrt(1 - a * a) };
            for (var i = 1; i < 6; i++) x.Add(x[^1] * a + torch.randn(n, 1));
            return torch.cat(x, 1);
        }
        var flow = Architectures.TarFlow(6, layers: 2, width: 16, blocks: 1);
        var start = -Trainer.MeanLogProb(flow, Draw(2000));
        Trainer.Fit(flow, Draw(4000), options: new() { Steps = 250, LearningRate = 5e-3, BatchSize = 128 });
        var entropy = 3 * Math.Log(2 * Math.PI * Math.E) - 0.5 * Math.Log(1 - a * a);
        var miss = -Trainer.MeanLogProb(flow, Draw(20_000)) - entropy;
        // the mean's own error is sqrt(3 / 20,000) = 0.012; the start misses by more than a nat
        Assert.True(start - entropy > 1);
        Assert.InRange(miss, -0.05, 0.15);
    }

    [Fact]
    public void Patches_go_row_by_row()
    {
        using var scope = NewDisposeScope();
        var image = torch.arange(32, torch.float64).view(1, 2, 4, 4);
        var tokens = new Patches(2, 4, 4, 2).Forward(image).Z;
        Assert.Equal([1, 4, 8], tokens.shape);
        Assert.Equal([2.0, 3, 6, 7, 18, 19, 22, 23], tokens[0, 1].data<double>().ToArray());
        Assert.Equal([8.0, 9, 12, 13, 24, 25, 28, 29], tokens[0, 2].data<double>().ToArray());
    }

    [Fact]
    public void Wrong_use_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        void Says(Action action, params string[] words)
        {
            var message = Assert.ThrowsAny<ArgumentException>(action).Message;
            foreach (var word in words) Assert.Contains(word, message);
        }
        Says(() => new AttentionAutoregressive(new RationalQuadraticTransformer(4), new CausalTransformer(3, 1, 2)), "11", "2");
        Says(() => new CausalTransformer(3, 1, 2, 8, heads: 3), "8", "3");
        Says(() => new Patches(1, 4, 6, 4), "4 x 6", "multiples of 4");
        Says(() => Architectures.TarFlow(5, group: 2), "5", "2");
        Says(() => Architectures.TarFlowImages([1, 6, 6], patch: 4), "6 x 6", "4");
        Says(() => Trainer.Fit(Architectures.RealNvp2D(), torch.randn(9, 2), options: new() { DropContext = 0.1 }), "DropContext",
            "contextSize");
        Says(() => Trainer.Fit(Architectures.RealNvp2D(), torch.randn(9, 2), options: new() { DropContext = 1 }), "DropContext");
    }

    [Fact]
    public void Contexts_are_left_out_as_often_as_asked()
    {
        using var scope = NewDisposeScope();
        using var batches = new Batches(torch.zeros(4000, 1), torch.ones(4000, 3), new() { BatchSize = 4000, DropContext = 0.2 });
        var context = batches.At(0).Context!;
        var left = context.sum(1L);
        Assert.True(left.eq(0).logical_or(left.eq(3)).all().ToBoolean());
        // four standard errors of a share of 0.2 among 4,000
        Assert.InRange(left.eq(0).to(torch.float64).mean().ToDouble(), 0.2 - 0.0253, 0.2 + 0.0253);
    }
}
