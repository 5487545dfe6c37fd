using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class ImageTests
{
    [Fact]
    public void A_squeeze_orders_channels_as_it_says()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(0L, 32, dtype: torch.float32).view(1, 2, 4, 4);
        var plain = new Squeeze(2, 4, 4).Forward(x).Z;
        Assert.True(plain.Equals(nn.functional.pixel_unshuffle(x, 2)));
        var ordered = new Squeeze(2, 4, 4, SqueezeOrder.Checkerboard).Forward(x).Z;
        // Channels p C + c: pixels (0,0), (1,1), (0,1), (1,0) of channel 0 and 1 at the top left block.
        Assert.Equal([0f, 16f, 5f, 21f, 1f, 17f, 4f, 20f], ordered[0, TensorIndex.Colon, 0, 0].data<float>().ToArray());
        // The first half of the channels is one colour of the checkerboard.
        var mask = CheckerboardCoupling.Mask(4, 4).expand(1, 2, 4, 4).contiguous();
        var colours = new Squeeze(2, 4, 4, SqueezeOrder.Checkerboard).Forward(mask).Z;
        Assert.Equal(1, colours.narrow(1, 0, 4).min().ToDouble());
        Assert.Equal(0, colours.narrow(1, 4, 4).max().ToDouble());
        Assert.Contains("even height", Assert.Throws<ArgumentException>(() => new Squeeze(1, 3, 4)).Message);
    }

    [Fact]
    public void Channel_wise_couplings_after_a_squeeze_do_not_repeat_the_checkerboard_and_a_split_takes_out_one_colour()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(2, 3, 8, 8);
        var reordered = new Chain(new Squeeze(3, 8, 8), Squeeze.PlainToCheckerboard(12, 4, 4)).Forward(x).Z;
        Assert.True(reordered.Equals(new Squeeze(3, 8, 8, SqueezeOrder.Checkerboard).Forward(x).Z));
        Assert.Contains("multiple of 4", Assert.Throws<ArgumentException>(() => Squeeze.PlainToCheckerboard(6, 4, 4)).Message);

        var flow = Architectures.RealNvpImages([1, 8, 8], scales: 2, width: 4, blocks: 0, batchNorm: false);
        var map = ((Chain)flow.Bijection).Layers.OfType<MultiScale>().Single();
        var first = (Chain)map.named_children().SelectMany(part => part.module.children()).OfType<Chain>().First();
        var squeeze = first.Layers.OfType<Squeeze>().Single();
        var kept = torch.zeros(1, 4, 4, 4);
        foreach (var channel in first.Layers.OfType<Coupling>().First().Partition.Kept) kept[0, channel].fill_(1);
        var pixels = squeeze.Inverse(kept).X;
        foreach (var swapped in new[] { false, true })
            Assert.False(pixels.Equals(CheckerboardCoupling.Mask(8, 8, swapped)));

        // A fresh flow's couplings change nothing, so that its first latents are the logits of one colour.
        var picture = torch.rand(1, 1, 8, 8);
        var logits = new Logit().Forward(picture).Z;
        var latents = map.SplitLatents(flow.Bijection.Forward(picture).Z)[0];
        var colour = new Squeeze(1, 8, 8, SqueezeOrder.Checkerboard).Forward(logits).Z.narrow(1, 2, 2);
        Assert.True(latents.allclose(colour, 1e-6, 1e-6));
    }

    [Fact]
    public void The_masked_form_of_a_checkerboard_coupling_equals_the_split_form()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var conditioner = new ResidualConvNet(1, 2, 4, 1, batchNorm: false);
        using (torch.no_grad()) foreach (var p in conditioner.parameters()) p.add_(torch.randn_like(p) * 0.3);
        var transformer = new AffineTransformer();
        var x = torch.randn(3, 1, 4, 4);
        var mask = CheckerboardCoupling.Mask(4, 4);
        var (z, logDet) = new CheckerboardCoupling(1, 4, 4, transformer, conditioner).Forward(x);
        var kept = mask.flatten().nonzero().squeeze(1);
        var changed = (1 - mask).flatten().nonzero().squeeze(1);
        var (s, t) = transformer.Read(conditioner.call(x * mask, null));
        Tensor Pick(Tensor image, Tensor places) => image.flatten(1).index_select(1, places);
        Assert.True(Pick(z, kept).Equals(Pick(x, kept)));
        Assert.True(Pick(z, changed).allclose(Pick(x, changed) * Pick(s, changed).exp() + Pick(t, changed), 1e-6, 1e-6));
        Assert.True(logDet.allclose(Pick(s, changed).sum(1L), 1e-5, 1e-6));
    }

    [Fact]
    public void What_lies_far_outside_of_the_data_is_shown_to_a_network_with_batch_norm_as_eight_standard_deviations()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var network = new ResidualConvNet(1, 2, 4, 1);
        using (torch.no_grad()) foreach (var p in network.parameters()) p.add_(torch.randn_like(p) * 0.3);
        network.eval();
        // fresh running statistics: mean 0, variance 1, to which batch norm adds 1e-5
        var side = torch.randn(3, 1, 4, 4).sign() * Math.Sqrt(1 + 1e-5);
        var atEight = network.call(side * 8, null);
        Assert.False(atEight.allclose(network.call(side * 7.5, null)));
        Assert.True(atEight.allclose(network.call(side * 8.5, null), 1e-5, 1e-5));
        Assert.True(atEight.allclose(network.call(side * 1e6, null), 1e-5, 1e-5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_multi_scale_architecture_has_the_shapes_of_the_32_by_32_table(int c)
    {
        var map = ((Chain)Architectures.RealNvpImages([c, 32, 32], scales: 3, width: 2, blocks: 0, squeezeLast: true).Bijection)
            .Layers.OfType<MultiScale>().Single();
        Assert.Equal([[2 * c, 16, 16], [4 * c, 8, 8], [16 * c, 4, 4]],
            map.LatentShapes.Select(s => s.Select(v => (int)v).ToArray()));
        Assert.Equal(c * 32 * 32, map.LatentShape![0]);
    }

    [Fact]
    public void Batch_norm_gives_a_point_the_same_likelihood_in_whatever_batch_and_matches_its_formulas_in_training()
    {
        using var scope = NewDisposeScope();
        var norm = new BatchNorm([2], momentum: 0.9).to(torch.float64);
        var batch = torch.randn(50, 2, torch.float64) * 3 + 1;
        norm.train();
        var (z, logDet) = norm.Forward(batch);
        var mean = batch.mean([0]) * 0.1;                               // running mean starts at 0, variance at 1
        var variance = batch.@var([0], unbiased: false) * 0.1 + 0.9;
        Assert.True(z.allclose((batch - mean) / (variance + 1e-5).sqrt(), 1e-12, 1e-12));
        Assert.Equal(-0.5 * (variance + 1e-5).log().sum().ToDouble(), logDet[0].ToDouble(), 12);
        norm.eval();
        var alone = norm.Forward(batch.narrow(0, 7, 1));
        var together = norm.Forward(batch);
        Assert.True(alone.Z.Equals(together.Z.narrow(0, 7, 1)));
        Assert.Equal(together.LogDet[7].ToDouble(), alone.LogDet[0].ToDouble());
        Assert.True(norm.Inverse(together.Z).X.allclose(batch, 1e-14, 1e-14));
    }

    [Fact]
    public void Actnorm_starts_from_the_first_training_batch_once()
    {
        using var scope = NewDisposeScope();
        var norm = new ActNorm(2, 3, 3);
        var x = torch.randn(20, 2, 3, 3) * 4 + 2;
        norm.eval();
        Assert.True(norm.Forward(x).Z.Equals(x));
        norm.train();
        var z = norm.Forward(x).Z;
        Assert.True(z.mean([0, 2, 3]).abs().max().ToDouble() < 1e-5);
        Assert.True((z.square().mean([0, 2, 3]) - 1).abs().max().ToDouble() < 1e-4);
        Assert.False(norm.Forward(x * 5).Z.square().mean([0, 1, 2, 3]).ToDouble() < 2, "it started again");
    }

    [Fact]
    public void Dequantised_values_stay_in_their_level_and_wrong_ones_are_refused()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(256).repeat(50);
        var y = Dequantize.Uniform(x);
        Assert.True((y * 256).floor().to(torch.int64).Equals(x));
        Assert.True(y.lt(1).all().ToBoolean());
        Assert.Contains("0 to 15", Assert.Throws<ArgumentException>(() => Dequantize.Uniform(x, levels: 16)).Message);
    }

    [Fact]
    public void An_image_flow_learns_and_samples_images()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        // Blobs at random places: neighbouring pixels agree, which a flow of independent pixels cannot say.
        var grid = torch.linspace(-1, 1, 8);
        var centre = torch.rand(256, 2) - 0.5;
        var (dy, dx) = (grid.view(1, 8, 1) - centre.select(1, 0).view(-1, 1, 1), grid.view(1, 1, 8) - centre.select(1, 1)
            .view(-1, 1, 1));
        var images = ((dy * dy + dx * dx) * -4).exp().unsqueeze(1) * 0.9 + 0.05;
        var data = Dequantize.Uniform((images * 255).round());
        var flow = Architectures.RealNvpImages([1, 8, 8], scales: 2, width: 8, blocks: 1);
        var before = flow.BitsPerDim(data, levels: 256).mean().ToDouble();
        Trainer.Fit(flow, data, options: new() { Steps = 40, BatchSize = 64, LearningRate = 5e-3, LogEvery = 10 });
        var after = flow.BitsPerDim(data, levels: 256).mean().ToDouble();
        Assert.True(after < before - 0.5, $"{before:f2} to {after:f2} bits per dimension");
        var samples = flow.Sample(5);
        Assert.Equal([5, 1, 8, 8], samples.shape);
        Assert.True(samples.isfinite().all().ToBoolean());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Weight_norm_has_the_gradients_of_its_formula(int kernel)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var v = torch.randn([5, 4, kernel, kernel], float64).requires_grad_();
        var g = torch.randn([5, 1, 1, 1], float64).requires_grad_();
        var x = torch.randn([2, 6, 7, 4], float64).permute(0, 3, 1, 2);   // channels fastest: so comes the weight's gradient
        Tensor[] Gradients(Tensor weight, bool twice)
        {
            var loss = nn.functional.conv2d(x, weight, padding: [kernel / 2, kernel / 2]).sin().sum();
            var first = torch.autograd.grad([loss], [v, g], retain_graph: twice, create_graph: twice);
            if (!twice) return [weight, .. first];
            return [.. first, .. torch.autograd.grad([first[0].sin().sum() + first[1].sin().sum()], [v, g], retain_graph: true)];
        }
        foreach (var twice in (bool[])[false, true])
        {
            var expected = Gradients(v * (g / (v * v).sum([1, 2, 3], keepdim: true).sqrt()), twice);
            var actual = Gradients(WeightNorm.Of(v, g), twice);
            foreach (var (a, b) in expected.Zip(actual))
                Assert.True((a - b).abs().max().ToDouble() <= 1e-11 * (1 + a.abs().max().ToDouble()),
                    $"twice: {twice}, {a.sub(b).abs().max().ToDouble()}");
        }
    }

    [Fact]
    public void Wrong_scales_get_a_sentence()
    {
        Assert.Contains("cannot be halved", Assert.Throws<ArgumentException>(
            () => new MultiScale(new Scaling(3, 2, 2), new Scaling(1, 2, 2))).Message);
        Assert.Contains("hands on [2, 2, 2]", Assert.Throws<ArgumentException>(
            () => new MultiScale(new Scaling(4, 2, 2), new Scaling(4, 2, 2))).Message);
        Assert.Contains("[channels, height, width]", Assert.Throws<ArgumentException>(() => Architectures.Glow([28, 28]))
            .Message);
        Assert.Contains("odd", Assert.Throws<ArgumentException>(() => new WeightNormConv2d(1, 1, 2)).Message);
    }
}
