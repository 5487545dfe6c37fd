using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

public sealed class PretrainedTests
{
    [Fact]
    public void A_chequered_patch_is_unlikely_to_the_trained_Real_NVP_but_not_absurd()
    {
        // A fine weave is what couplings over a checkerboard predict worst. Where networks see inputs of any size, each layer's
        // shifts feed the next one's.
        using var scope = NewDisposeScope();
        using var guard = torch.no_grad();
        using var flow = Pretrained.Load("realnvp-fashion-mnist").Flow;
        var patch = torch.zeros(1, 1, 28, 28);
        patch.narrow(2, 2, 24).narrow(3, 8, 12)
            .copy_((CheckerboardCoupling.Mask(28, 28) * 140 + 60).narrow(2, 2, 24).narrow(3, 8, 12));
        var x = Dequantize.Uniform(patch, 256, new Generator(0));
        var (z, _) = flow.Bijection.Forward(x);
        var bits = -flow.LogProb(x).ToDouble() / Math.Log(2) / 784 + 8;
        Assert.InRange(bits, 4, 60);
        Assert.True(flow.Bijection.Inverse(z).X.allclose(x, 0, 1e-2 / 256));
    }
}
