using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class CouplingTests
{
    [Fact]
    public void The_kept_part_is_unchanged_and_a_new_flow_is_the_identity()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(7, 5);
        var coupling = BijectionTable.Row("affine coupling, shift first, bound 3").Build();
        var (z, _) = coupling.Forward(x.to(torch.float64));
        Assert.True(z.narrow(1, 0, 3).Equals(x.to(torch.float64).narrow(1, 0, 3)));
        Assert.False(z.narrow(1, 3, 2).Equals(x.to(torch.float64).narrow(1, 3, 2)));
        var (same, logDet) = Architectures.RealNvp(5).Bijection.Forward(x);
        Assert.True(same.Equals(x));
        Assert.Equal(0, logDet.abs().max().ToDouble());
    }

    [Fact]
    public void A_run_of_couplings_equals_its_layers_one_by_one()
    {
        using var scope = NewDisposeScope();
        foreach (var name in new[] { "real nvp 2d", "real nvp, odd dimension", "nice", "real nvp with context",
            "chain of unlike parts" })
        {
            var row = BijectionTable.Row(name);
            var chain = (Chain)row.Build();
            var (x, context) = (row.Events(6), row.ContextFor(6));
            var (z, logDet) = chain.Forward(x, context);
            var (at, sum) = (x, torch.zeros(6, torch.float64));
            foreach (var layer in chain.Layers)
            {
                (at, var more) = layer.Forward(at, layer.ContextSize is null ? null : context);
                sum = sum + more;
            }
            Assert.True(z.allclose(at, 1e-14, 1e-14), name);
            Assert.True(logDet.allclose(sum, 1e-13, 1e-13), name);
        }
    }

    [Fact]
    public void The_log_scale_stays_inside_its_bound()
    {
        using var scope = NewDisposeScope();
        var transformer = new AffineTransformer(logScaleBound: 2.5);
        var (s, _) = transformer.Read(torch.linspace(-1e6, 1e6, 1001).unsqueeze(1).repeat(1, 2));
        Assert.True(s.abs().max().ToDouble() <= 2.5);
        var (near, _) = transformer.Read(torch.tensor(new[,] { { 1e-3f, 0f } }));
        Assert.Equal(1e-3, near[0, 0].ToDouble(), 8);   // slope 1 at the origin
    }

    [Fact]
    public void Wrong_parts_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => Partition.Halves(1)).Message);
        Assert.Contains("even number of channels", Assert.Throws<ArgumentException>(() => Partition.Channels(3, 4, 4)).Message);
        Assert.Contains("not empty", Assert.Throws<ArgumentException>(() => Partition.FromIndices(3)).Message);
        Assert.Contains("not empty", Assert.Throws<ArgumentException>(() => Partition.FromIndices(2, 0, 1)).Message);
        Assert.Contains("0 to 2", Assert.Throws<ArgumentException>(() => Partition.FromIndices(3, 5)).Message);
        Assert.Contains("once", Assert.Throws<ArgumentException>(() => Partition.FromIndices(3, 1, 1)).Message);
        Assert.Contains("exactly once", Assert.Throws<ArgumentException>(() => new Permute([0, 0])).Message);
        Assert.Contains("from 2 features", Assert.Throws<ArgumentException>(
            () => new Coupling(Partition.Halves(4), new AffineTransformer(), new Mlp(3, 4, [8]))).Message);
        Assert.Throws<ArgumentException>(() => new Chain());
        Assert.Contains("Layer 1", Assert.Throws<ArgumentException>(() => new Chain(Permute.Reverse(3), Permute.Reverse(4)))
            .Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AffineTransformer(logScaleBound: 0));
    }

    [Fact]
    public void Not_a_number_comes_out_where_it_goes_in()
    {
        using var scope = NewDisposeScope();
        var x = torch.zeros(3, 2);
        x[1, 0] = float.NaN;
        var (z, logDet) = Architectures.RealNvp2D(2, [4]).Bijection.Forward(x);
        Assert.True(z[1].isnan().any().ToBoolean());
        Assert.True(z[0].isfinite().all().ToBoolean());
        Assert.True(logDet[2].isfinite().ToBoolean());
    }

    [Fact]
    public void The_structure_is_readable()
    {
        using var scope = NewDisposeScope();
        var text = Architectures.RealNvp2D(2, [16]).ToString();
        Assert.StartsWith("Flow on [2], 132 parameters", text);   // two of (1 + 1) 16 + (16 + 1) 2
        Assert.Contains("Chain of 2", text);
        Assert.Contains("1: Coupling, affine (scale then shift, |s| < 1), halves: 1 kept, 1 changed, swapped", text);
        Assert.Contains("Mlp 1 -> 16 -> 2, relu", text);
    }
}
