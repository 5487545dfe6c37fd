using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Data of one precision in a model of the other: the right number, or a sentence; never an operator's complaint.
/// </summary>
public sealed class DtypeTests
{
    public static TheoryData<string> Models =>
        ["real nvp", "maf", "tarflow", "planar", "sylvester", "residual", "ffjord", "images", "glow", "gaussian", "mixture",
        "kernel estimate"];

    private static Distribution Make(string name) => name switch
    {
        "real nvp" => Architectures.RealNvp(3, 2, [4]),
        "maf" => Architectures.Maf(3, 2, [4]),
        "tarflow" => Architectures.TarFlow(3, 2, 4, 1),
        "planar" => Architectures.Planar(3, 2),
        "sylvester" => Architectures.Sylvester(3, 2),
        "residual" => Architectures.Residual(3, 1, [4]),
        "ffjord" => Architectures.Ffjord(3, [4]),
        "images" => Architectures.RealNvpImages([1, 4, 4], width: 2, blocks: 1),
        "glow" => Architectures.Glow([1, 4, 4], steps: 1, width: 2),
        "gaussian" => new Gaussian(torch.zeros(3), torch.eye(3)),
        "mixture" => new GaussianMixture(torch.ones(1), torch.zeros(1, 3), torch.eye(3).unsqueeze(0)),
        _ => new KernelDensity(torch.randn(9, 3)),
    };

    [Theory, MemberData(nameof(Models))]
    public void Data_of_another_precision_get_a_sentence_or_the_right_number(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var model = Make(name);
        model.eval();
        var x = torch.rand([4, .. model.EventShape]);
        Holds(model, x.to(torch.float64), ScalarType.Float32);
        model.to(torch.float64);
        Holds(model, x, ScalarType.Float64);
    }

    private static void Holds(Distribution model, Tensor x, ScalarType own)
    {
        var right = model.LogProb(x.to(own)).to(torch.float64);
        try
        {
            Assert.True(model.LogProb(x).to(torch.float64).allclose(right, rtol: 1e-4, atol: 1e-4));
        }
        catch (ArgumentException e)
        {
            Assert.Contains($"{own}", e.Message);
            Assert.Contains($"{x.dtype}", e.Message);
            Assert.Contains(".to(", e.Message);
        }
        if (model is Flow flow)
        {
            var error = Record.Exception(() => flow.Bijection.Inverse(torch.zeros([2, .. flow.Bijection.LatentShape!], x.dtype)));
            if (error is not null) Assert.Contains($"{own}", Assert.IsType<ArgumentException>(error).Message);
        }
    }

    [Fact]
    public void A_context_of_another_precision_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp(2, 2, [4], contextSize: 1);
        var context = torch.zeros([3, 1], torch.float64);
        foreach (var action in new Action[] { () =>
            flow.LogProb(torch.zeros(3, 2), context), () => flow.Sample(3, context), () => flow.SampleWithLogProb(3, context) })
        {
            var message = Assert.Throws<ArgumentException>(action).Message;
            Assert.Contains("context", message);
            Assert.Contains("Float64", message);
        }
    }

    [Fact]
    public void An_error_that_has_nothing_to_do_with_precision_is_handed_on_as_it_is()
    {
        using var scope = NewDisposeScope();
        var linear = new DenseLinear(2);
        using (torch.no_grad()) foreach (var p in linear.parameters()) p.zero_();
        Assert.Contains("singular", Assert.ThrowsAny<Exception>(() => linear.Inverse(torch.ones(1, 2))).Message);
    }

    [Fact]
    public void Weights_are_saved_in_one_precision_and_loaded_in_another()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        torch.manual_seed(2);
        var (single, twice) = (Architectures.Nice(2, 2, [4]), Architectures.Nice(2, 2, [4]).to(torch.float64));
        Weights.Save(single, folder["single.safetensors"]);
        Weights.Load(twice, folder["single.safetensors"]);
        var x = torch.randn(5, 2);
        Assert.Equal(torch.float64, twice.LogProb(x.to(torch.float64)).dtype);
        Assert.True(twice.LogProb(x.to(torch.float64)).allclose(single.LogProb(x).to(torch.float64), rtol: 1e-5, atol: 1e-5));
        Weights.Save(twice, folder["double.safetensors"]);
        var again = Architectures.Nice(2, 2, [4]);
        Weights.Load(again, folder["double.safetensors"]);
        Assert.True(again.LogProb(x).allclose(single.LogProb(x), rtol: 0, atol: 0));
    }
}
