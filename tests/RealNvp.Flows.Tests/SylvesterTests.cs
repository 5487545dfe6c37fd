using RealNvp.Flows.Bijections;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class SylvesterTests
{
    private static Sylvester Make(string kind)
    {
        torch.manual_seed(3);
        return (kind switch
        {
            "orthogonal" => Sylvester.Orthogonal(5, 3),
            "householder" => Sylvester.Householder(4, 2),
            _ => Sylvester.Triangular(4, reversed: true),
        }).to(torch.float64);
    }

    [Theory]
    [InlineData("orthogonal")]
    [InlineData("householder")]
    [InlineData("triangular")]
    public void The_columns_are_orthonormal_and_the_triangles_triangular(string kind)
    {
        using var scope = NewDisposeScope();
        var f = Make(kind);
        var q = f.Columns();
        Assert.True(q.t().mm(q).allclose(torch.eye(q.size(1), dtype: torch.float64), 0, 1e-12));
        var (r, s, products) = f.Triangles();
        Assert.True(r.tril(-1).abs().max().ToDouble() == 0 && s.tril(-1).abs().max().ToDouble() == 0);
        Assert.True((r.diagonal() * s.diagonal()).allclose(products, 1e-12, 1e-12));
    }

    [Theory]
    [InlineData("orthogonal")]
    [InlineData("householder")]
    [InlineData("triangular")]
    public void It_stays_invertible_for_weights_of_any_size(string kind)
    {
        using var scope = NewDisposeScope();
        var f = Make(kind);
        using (torch.no_grad())
            foreach (var (name, p) in f.named_parameters())
                if (name.StartsWith("raw", StringComparison.Ordinal)) p.fill_(-60);   // as far towards folding as it goes
                else p.normal_(0, name.StartsWith("log", StringComparison.Ordinal) ? 1 : 5);
        var (_, _, products) = f.Triangles();
        Assert.True(products.gt(-1).all().ToBoolean());
        var x = torch.randn(200, f.EventShape![0], torch.float64);
        var (z, logDet) = f.Forward(x);
        Assert.True(logDet.isfinite().all().ToBoolean());
        // Slopes go down to 1e-3 in each of up to four coordinates, which the inverse multiplies up.
        Assert.True((f.Inverse(z).X - x).abs().max().ToDouble() < 1e-3);
    }

    [Fact]
    public void With_one_bend_it_is_a_planar_map()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var f = Sylvester.Orthogonal(3, 1).to(torch.float64);
        using (torch.no_grad()) foreach (var p in f.parameters()) p.normal_();
        var jacobian = Jacobians.Autograd(x =>
            f.Forward(x).Z, torch.randn(5, 3, torch.float64)) - torch.eye(3, dtype: torch.float64);
        // I + u w^T: the rest has rank one.
        var singular = torch.linalg.svdvals(jacobian);
        Assert.True(singular.select(1, 1).max().ToDouble() < 1e-12 && singular.select(1, 0).min().ToDouble() > 1e-6);
    }
}
