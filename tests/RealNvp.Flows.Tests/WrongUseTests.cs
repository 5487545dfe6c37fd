using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>What users get wrong, and the sentence that they get: what was expected, what came.</summary>
public sealed class WrongUseTests
{
    [Fact]
    public void A_wrong_event_shape()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp(3, 2, [4]);
        Says(() => flow.LogProb(torch.zeros(5, 4)), "[N, 3]", "[5, 4]");
        Says(() => flow.LogProb(torch.zeros(3)), "[N, 3]", "[3]");
        Says(() => Architectures.RealNvpImages([1, 4, 4], width: 4, blocks: 1).LogProb(torch.zeros(2, 1, 5, 4)), "[N, 1, 4, 4]",
            "[2, 1, 5, 4]");
    }

    [Fact]
    public void Channels_or_sizes_that_cannot_be_halved()
    {
        using var scope = NewDisposeScope();
        Says(() => new Squeeze(1, 3, 4), "even height and width", "3 x 4");
        Says(() => Partition.Channels(3, 4, 4), "even number of channels", "3");
        Says(() => new MultiScale(new Scaling(3, 2, 2), new Scaling(1, 2, 2)), "3 channels", "halved");
        Says(() => Architectures.RealNvpImages([1, 6, 6], scales: 3), "even height and width", "3 x 3");
    }

    [Fact]
    public void A_partition_with_an_empty_part()
    {
        Says(() => Partition.FromIndices(3), "not empty", "0 of 3");
        Says(() => Partition.FromIndices(2, 0, 1), "not empty", "2 of 2");
        Says(() => Partition.Halves(1), "at least 2", "given 1");
        Says(() => Architectures.RealNvp2D().LogProb(torch.zeros(1, 1)), "[N, 2]");
        Says(() => Architectures.RealNvp(1), "at least 2", "given 1");
        Says(() => Architectures.Tabular(1), "at least 2", "given 1");
    }

    [Fact]
    public void A_matrix_that_is_not_invertible()
    {
        using var scope = NewDisposeScope();
        Says(() => new DenseLinear(torch.tensor(new[,] { { 1f, 2 }, { 2, 4 } }), torch.zeros(2)), "not invertible");
        Says(() => new DenseLinear(torch.zeros(2, 3), torch.zeros(2)), "[d, d]", "[2, 3]");
        Says(() => new Standardize(torch.zeros(2), torch.tensor(new[] { 1f, 0 })), "does not vary");
        Says(() => Architectures.Tabular(torch.tensor(new[,] { { 1f, 7 }, { 2, 7 } })), "does not vary");
        Says(() => new Gaussian(torch.zeros(2), torch.ones(2, 2)), "positive definite");
    }

    [Fact]
    public void A_context_where_none_is_expected_and_none_where_one_is()
    {
        using var scope = NewDisposeScope();
        var (without, with) = (Architectures.RealNvp(2, 2, [4]), Architectures.RealNvp(2, 2, [4], contextSize: 3));
        Says(() => without.LogProb(torch.zeros(5, 2), torch.zeros(5, 3)), "no context", "[5, 3]", "contextSize");
        Says(() => with.LogProb(torch.zeros(5, 2)), "[N, 3]", "none was given");
        Says(() => with.LogProb(torch.zeros(5, 2), torch.zeros(4, 3)), "[5, 3]", "[4, 3]");
        Says(() => with.Sample(2), "[N, 3]");
        Says(() => new Chain(with.Bijection, Architectures.RealNvp(2, 2, [4], contextSize: 1).Bijection), "share one context",
            "3 and 1");
    }

    [Fact]
    public void Data_that_hold_no_number()
    {
        using var scope = NewDisposeScope();
        var table = torch.zeros(5, 2);
        table[3, 1] = float.NaN;
        Says(() => Trainer.Fit(Architectures.RealNvp2D(2, [4]), table), "NaN", "row 3, column 1");
        Says(() => Trainer.Fit(Architectures.RealNvp2D(2, [4]), Toys.Moons(5), table), "row 3, column 1");
        var images = torch.zeros(2, 1, 4, 4);
        images[1, 0, 2, 3] = float.PositiveInfinity;
        Says(() => Trainer.Fit(Architectures.RealNvpImages([1, 4, 4], width: 4, blocks: 1), images), "row 1", "[0, 2, 3]");
        Says(() => Architectures.Tabular(table), "row 3, column 1");
    }

    [Fact]
    public void Events_without_a_dimension_or_of_no_size()
    {
        Says(() => new ActNorm(), "ActNorm", "at least one dimension", "[]");
        Says(() => new BatchNorm([]), "BatchNorm", "[]");
        Says(() => new Scaling(), "Scaling", "[]");
        Says(() => new Shift(3, 0), "Shift", "[3, 0]");
        Says(() => new Planar(-1), "Planar", "at least one feature", "-1");
        Says(() => new Radial(0), "Radial", "at least one feature", "0");
        Says(() => Architectures.Radial(0), "at least one feature", "0");
        Says(() => Architectures.Maf(-1), "at least one feature", "-1");
        Says(() => Architectures.Naf(0), "at least one feature", "0");
        Says(() => new Permute([]), "Permute", "[0]");
    }

    [Fact]
    public void A_network_of_vectors_over_images_or_of_images_over_vectors()
    {
        using var scope = NewDisposeScope();
        Says(() => new Coupling(Partition.Channels(4, 2, 2), new AffineTransformer(), (i, o) => new Mlp(i, o, [4])), "Mlp",
            "vectors", "[4, 2, 2]");
        Says(() => new Coupling(Partition.Channels(4, 2, 2), new AffineTransformer(), (i, o) => new ResidualMlp(i, o, 4)),
            "ResidualMlp", "vectors", "[4, 2, 2]");
        Says(() => new Coupling(Partition.Halves(4), new AffineTransformer(), (i, o) => new ConvConditioner(i, o)),
            "ConvConditioner", "images", "[4]");
        Says(() => new Coupling(Partition.Halves(4), new AffineTransformer(), (i, o) => new ResidualConvNet(i, o, 4, 1)),
            "ResidualConvNet", "images", "[4]");
        Says(() => new CheckerboardCoupling(1, 4, 4, new AffineTransformer(), new Mlp(1, 2, [4])), "Mlp", "vectors", "[1, 4, 4]");
    }

    [Fact]
    public void A_checkpoint_of_another_architecture()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["weights.safetensors"];
        Weights.Save(Architectures.RealNvp2D(2, [8]), path);
        Says(() => Weights.Load(Architectures.RealNvp2D(2, [16]), path), "bijection.layers.0.conditioner.layers.0.weight",
            "[1, 16]", "[1, 8]");
    }

    [Fact]
    public void Training_on_nothing()
    {
        using var scope = NewDisposeScope();
        Says(() => Trainer.Fit(Architectures.RealNvp2D(2, [4]), torch.zeros(0, 2)), "no events", "at least one");
        Says(() => Trainer.Fit(new StandardNormal(2), Toys.Moons(5)), "no parameters");
        Says(() => Trainer.MeanLogProb(Architectures.RealNvp2D(2, [4]), torch.zeros(0, 2)), "no data");
    }

    [Fact]
    public void Models_without_layers_and_networks_that_do_not_fit()
    {
        Says(() => Architectures.RealNvp(2, layers: 0), "at least one layer", "0");
        Says(() => Architectures.Naf(2, layers: 0), "at least one layer", "0");
        Says(() => Architectures.Sylvester(2, layers: 0), "at least one layer", "0");
        Says(() => new MaskedAutoregressive(new DeepSigmoidalTransformer(4, 1), new Made(3, 2, [8])), "takes 12 parameters", "6");
        Says(() => new Coupling(Partition.Halves(4), new BSplineTransformer(5), new Mlp(2, 4, [8])), "to 16", "to 4");
        Says(() => new ResidualConvNet(1, 2, contextShape: [2, 3]), "[c, H, W]", "[2, 3]");
    }

    private static void Says(Action action, params string[] parts)
    {
        var message = Assert.ThrowsAny<ArgumentException>(action).Message;
        foreach (var part in parts) Assert.Contains(part, message);
    }
}
