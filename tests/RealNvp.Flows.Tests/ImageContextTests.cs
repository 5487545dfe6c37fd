using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Image models that see a context: features, or an image.</summary>
public sealed class ImageContextTests
{
    [Theory]
    [InlineData("one convolution")]
    [InlineData("residual")]
    public void A_context_image_is_what_constant_maps_are_where_it_is_constant_and_its_block_means_where_the_input_is_smaller(
        string kind)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        Conditioner Make(long[] shape)
        {
            torch.manual_seed(2);
            Conditioner network = kind == "residual"
                ? new ResidualConvNet(2, 3, 4, 1, batchNorm: false, contextShape: shape) : new ConvConditioner(2, 3, shape);
            network.to(torch.float64);
            using var guard = torch.no_grad();
            foreach (var p in network.parameters()) p.add_(torch.randn_like(p));
            return network;
        }
        var x = torch.randn([5, 2, 2, 3], torch.float64);
        var features = torch.randn([5, 2], torch.float64);
        var constant = features.view(5, 2, 1, 1).expand(5, 2, 4, 6).flatten(1);
        var image = torch.randn([5, 2, 4, 6], torch.float64);
        var means = nn.functional.avg_pool2d(image, 2).flatten(1);
        var (asFeatures, large, small) = (Make([2]), Make([2, 4, 6]), Make([2, 2, 3]));
        // The same weights: only rounding of the sums over a block's four pixels may differ.
        Assert.True(torch.allclose(asFeatures.call(x, features), large.call(x, constant), 1e-12, 1e-12));
        Assert.True(torch.allclose(small.call(x, means), large.call(x, image.flatten(1)), 1e-12, 1e-12));
        Assert.False(torch.allclose(large.call(x, image.flatten(1)), large.call(x, constant), 1e-3, 1e-3));
    }

    [Fact]
    public void Every_scale_and_its_learned_prior_see_the_context()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        foreach (var flow in new[]
        {
            Architectures.RealNvpImages([1, 8, 8], scales: 2, width: 4, blocks: 1, learnedPrior: true, contextShape: [3, 8, 8]),
            Architectures.Glow([1, 8, 8], scales: 2, steps: 1, width: 4, learnedPrior: true, contextShape: [3, 8, 8]),
            Architectures.RealNvpImages([1, 8, 8], scales: 2, width: 4, blocks: 1, learnedPrior: true, contextSize: 5),
            Architectures.SplineImages([1, 8, 8], scales: 2, steps: 1, width: 4, contextShape: [3, 8, 8]),
        })
        {
            var conditioners = flow.modules().OfType<Conditioner>().ToArray();
            Assert.NotEmpty(conditioners);
            Assert.All(conditioners, c => Assert.Equal(flow.ContextSize, c.ContextSize));
        }
    }

    [Fact]
    public void A_model_of_images_given_an_image_learns_what_the_image_tells()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        // The event is the context with a little noise: what is known of it is worth log(0.5 / (0.02 sqrt(2 pi e))) = 1.8 nats a
        // pixel or more.
        var given = torch.rand(512, 1, 4, 4) * 0.8 + 0.1;
        var x = (given + torch.randn(512, 1, 4, 4) * 0.02).clamp(0.01, 0.99);
        var context = given.flatten(1);
        double Fitted(Flow flow, Tensor? c) =>
            -Trainer.Fit(flow, x.narrow(0, 0, 384), x.narrow(0, 384, 128),
            new() { Steps = 250, BatchSize = 64, LearningRate = 5e-3 }, c?.narrow(0, 0, 384), c?.narrow(0, 384, 128))
                .BestHeldOutLoss!.Value / 16;
        var without = Fitted(Architectures.RealNvpImages([1, 4, 4], scales: 1, width: 8, blocks: 1), null);
        var with = Fitted(Architectures.RealNvpImages([1, 4, 4], scales: 1, width: 8, blocks: 1, contextShape: [1, 4, 4]),
            context);
        Assert.True(with > without + 0.5, $"{with:f3} nats a pixel with the image, {without:f3} without");
    }

    [Fact]
    public void The_papers_model_of_small_colour_images_has_its_shape()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvpImages([3, 32, 32], scales: 2, width: 64, blocks: 8);
        var scales = flow.Bijection.modules().OfType<MultiScale>().Single();
        Assert.Equal([[6, 16, 16], [6, 16, 16]], scales.LatentShapes);
        var networks = flow.modules().OfType<ResidualConvNet>().Select(n => n.ToString()).ToArray();
        Assert.Equal(10, networks.Length);
        Assert.All(networks[..3], n => Assert.StartsWith("ResidualConvNet 3 -> 8 blocks of 64 maps -> 6", n));
        Assert.All(networks[3..6], n => Assert.StartsWith("ResidualConvNet 6 -> 8 blocks of 128 maps -> 12", n));
        Assert.All(networks[6..], n => Assert.StartsWith("ResidualConvNet 6 -> 8 blocks of 128 maps -> 12", n));
    }

    [Fact]
    public void A_context_that_does_not_fit_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        Says(() => Architectures.RealNvpImages([1, 8, 8], contextShape: [3, 4, 4]), "[c, 8, 8]", "[3, 4, 4]");
        Says(() => Architectures.Glow([1, 8, 8], contextShape: [3]), "[c, 8, 8]", "[3]", "contextSize");
        Says(() => Architectures.RealNvpImages([1, 8, 8], contextSize: 2, contextShape: [3, 8, 8]), "not both");
        Says(() => new ConvConditioner(1, 2, [2, 3]), "[c, H, W]", "[2, 3]");
        Says(() => new ConvConditioner(1, 2, [1, 6, 6]).call(torch.zeros(2, 1, 4, 4), torch.zeros(2, 36)), "6 x 6", "4 x 4");
        var flow = Architectures.Glow([1, 4, 4], steps: 1, width: 4, contextShape: [2, 4, 4]);
        Says(() => flow.LogProb(torch.zeros(3, 1, 4, 4), torch.zeros(3, 16)), "[3, 32]", "[3, 16]");
    }

    private static void Says(Action action, params string[] parts)
    {
        var message = Assert.ThrowsAny<ArgumentException>(action).Message;
        foreach (var part in parts) Assert.Contains(part, message);
    }
}
