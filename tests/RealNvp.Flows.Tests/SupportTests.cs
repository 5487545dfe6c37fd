using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Densities on half-lines, boxes, simplices, ordered numbers and correlation matrices: none of it lies
/// outside.</summary>
public sealed class SupportTests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void Known_densities_come_out_of_maps_and_bases()
    {
        using var scope = NewDisposeScope();
        var x = torch.linspace(0.01, 2.99, 99, torch.float64).unsqueeze(1);
        // The logit of a uniform number is logistic.
        Close(torch.full([99], -Math.Log(4), torch.float64), new Flow(new Interval(-1, 3), new Logistic(1)), x);
        // The log of a log-normal number is normal, and so is minus the log of what is left up to an upper end.
        var normal = new StandardNormal(1).to(torch.float64);
        Close(normal.LogProb(x.log()) - x.log().squeeze(1), new Flow(new Exp().Inverted(), new StandardNormal(1)), x);
        Close(normal.LogProb((x + 1).log()) - (x + 1).log().squeeze(1), new Flow(new Interval(-1, Infinity),
            new StandardNormal(1)), x);
        Close(normal.LogProb((3 - x).log()) - (3 - x).log().squeeze(1), new Flow(new Interval(-Infinity, 3),
            new StandardNormal(1)), x);
        // Weibull's number of shape 2 is a root of an exponential one: p = 2 x exp(-x^2).
        Close((x * 2).log().squeeze(1) - x.square().squeeze(1),
            new Flow(new Chain(new Power(2), new Unit()), new Uniform(0, 1, 1)), x);
        // Of two variables the partial correlation is the correlation: dz/dc = 1 / (1 - c^2).
        var c = torch.linspace(-0.99, 0.99, 99, torch.float64);
        var matrices = torch.stack([torch.ones_like(c), c, c, torch.ones_like(c)], 1).view(-1, 2, 2);
        var (z, logDet) = new CorrelationCholesky(2).to(torch.float64).Forward(matrices);
        Assert.True(z.squeeze(1).allclose(c.atanh(), 1e-12, 1e-12));
        Assert.True(logDet.allclose((1 - c.square()).log().neg(), 1e-12, 1e-12));
    }

    /// <summary>1 - exp(-x): an exponential number's level.</summary>
    private sealed class Unit() : ElementwiseBijection(nameof(Unit))
    {
        protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => (x.neg().expm1().neg(), x.neg());

        protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => throw new NotSupportedException();
    }

    private static void Close(Tensor expected, Flow flow, Tensor x) =>
        Assert.True(flow.to(torch.float64).LogProb(x).allclose(expected, 1e-10, 1e-10));

    [Fact]
    public void Densities_integrate_to_one_over_the_plane_of_which_they_take_a_part()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(1, Mass(new Ordered(2), x => x, -3, 8), 2e-3);
        Assert.Equal(1, Mass(new StickBreaking(3), u => torch.cat([u, 1 - u.sum(1, keepdim: true)], 1), -0.1, 1.1), 2e-3);
        Assert.Equal(1, Mass(new Box(torch.tensor(new[] { 0.0, -1 }), torch.tensor(new[] { 1.0, 2 })), x => x, -1.5, 2.5), 2e-3);
    }

    private static double Mass(Bijection map, Func<Tensor, Tensor> event_, double low, double high)
    {
        // Half the spread: of exp(z) for a standard normal z, 2 percent would lie outside of the square.
        var latents = torch.zeros(map.LatentShape!);
        var flow = new Flow(new Chain(map, new Standardize(latents, latents + 0.5))).to(torch.float64);
        return Quadrature.Integrate2D(u => flow.LogProb(event_(u)), low, high, 600, torch.float64);
    }

    [Fact]
    public void Correlation_matrices_fill_half_of_pi_squared_of_the_cube_and_hold_the_whole_mass()
    {
        using var scope = NewDisposeScope();
        const int n = 100;
        var axis = Quadrature.Midpoints(-1, 1, n);
        var grid = torch.meshgrid([axis, axis, axis], "ij").Select(a => a.flatten()).ToArray();
        var one = torch.ones_like(grid[0]);
        var matrices = torch.stack([one, grid[0], grid[1], grid[0], one, grid[2], grid[1], grid[2], one], 1).view(-1, 3, 3);
        // Latents of half the spread: those of a standard normal crowd at the surface, where the grid is coarse.
        var narrow = new Standardize(torch.zeros(3), torch.full([3], 0.5));
        var log = new Flow(new Chain(new CorrelationCholesky(3), narrow)).to(torch.float64).LogProb(matrices);
        var cell = Math.Pow(2.0 / n, 3);
        // The volume of positive definite matrices of ones on the diagonal, of three variables (Joe 2006); the surface, of an
        // area of some 14, cuts cells of 0.02, and what is wrong at one place is made good at another.
        Assert.Equal(Math.PI * Math.PI / 2, log.isfinite().sum().ToInt64() * cell, 1e-2);
        Assert.Equal(double.NegativeInfinity, log.min().ToDouble());
        Assert.Equal(1, log.exp().sum().ToDouble() * cell, 1e-3);
    }

    public static TheoryData<string> Maps =>
        ["interval", "half-line", "box", "stick breaking", "ordered", "correlation matrices", "concatenate with context",
        "tabular with supports"];

    [Theory, MemberData(nameof(Maps))]
    public void Outside_there_is_no_mass_and_the_gradients_of_others_are_finite(string name)
    {
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var flow = new Flow(row.Build(), new StandardNormal(row.Build().LatentShape ?? row.Shape));
        flow.to(torch.float64);
        var (x, context) = (row.Events(4), row.ContextFor(4));
        var inside = flow.LogProb(x, context).detach();
        var moved = x.clone();
        moved[1] = (x[1].abs() * 40 + 20).sort(-1, descending: true).Values;   // large numbers that fall: out of all of them
        var withoutNumber = moved.clone();
        withoutNumber[2] = torch.full_like(x[2], double.NaN);
        Assert.True(double.IsNaN(flow.LogProb(withoutNumber, context)[2].ToDouble()));
        moved.requires_grad_();
        var log = flow.LogProb(moved, context);
        Assert.Equal(double.NegativeInfinity, log[1].ToDouble());
        Assert.Equal(inside[0].ToDouble(), log[0].ToDouble());
        log.masked_select(log.isfinite()).sum().backward();
        Assert.True(moved.grad!.select(0, 0).isfinite().all().ToBoolean());
        Assert.Equal(0, moved.grad!.select(0, 1).abs().sum().ToDouble());
        Assert.All(flow.parameters(), p => Assert.True(p.grad is null || p.grad.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void The_ends_lie_outside_and_single_precisions_last_numbers_before_them_inside_with_finite_gradients()
    {
        using var scope = NewDisposeScope();
        const float most = float.MaxValue;
        var low = torch.tensor(new[] { 0.0, 5, -Infinity, -Infinity });
        var high = torch.tensor(new[] { 1, Infinity, 0, Infinity });
        float[][] last =
        [
            [float.Epsilon, MathF.BitIncrement(5), -most, -most], [MathF.BitDecrement(1), most, -float.Epsilon, most],
            [1.1754944e-38f, 6, -1.1754944e-38f, 0],
        ];
        torch.manual_seed(1);
        var map = new Box(low, high);
        // Real numbers have no end: what lies far out on the last side would be infinite under a normal.
        var flow = new Flow(new Chain(map, Architectures.NeuralSpline(4, 2, [8]).Bijection), new StudentT(3, 4));
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.1);
        var x = torch.tensor(last.SelectMany(v => v).ToArray(), [3, 4]).requires_grad_();
        var log = flow.LogProb(x);
        Assert.True(log.isfinite().all().ToBoolean(), $"{log.ToString(TorchSharp.TensorStringStyle.Julia)}");
        log.sum().backward();
        Assert.True(x.grad!.isfinite().all().ToBoolean());
        Assert.All(flow.parameters(), p => Assert.True(p.grad!.isfinite().all().ToBoolean()));
        // The value right before the ends: log(x / (1 - x)) of 2^-149 and of 1 - 2^-24.
        var z = map.Forward(x.detach()).Z;
        Assert.Equal(-149 * Math.Log(2), z[0, 0].ToDouble(), 1e-4);
        Assert.Equal(24 * Math.Log(2), z[1, 0].ToDouble(), 1e-5);
        foreach (var (column, end) in new[] { (0, 0f), (0, 1f), (1, 5f), (2, 0f) })
        {
            var at = torch.tensor(new[] { 0.5f, 6, -1, 0 }).unsqueeze(0);
            at[0, column] = end;
            Assert.Equal(double.NegativeInfinity, flow.LogProb(at).ToDouble());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Latents_far_out_are_rounded_to_events_inside(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var z = torch.tensor(new[] { -1e6, -200, -30, 0, 30, 200, 1e6 }).to(dtype);
        foreach (var map in new Bijection[] { new Interval(0, 1), new Interval(-3, 1e6), new Interval(7, Infinity),
            new Interval(-Infinity, 1), new Exp().Inverted(), new StickBreaking(3), new Ordered(3) })
        {
            map.to(dtype);
            var latents = z.unsqueeze(1).expand(7, map.LatentShape?[0] ?? 1).contiguous().requires_grad_();
            var (x, _) = map.Inverse(latents);
            Assert.True(x.isfinite().all().ToBoolean(), map.ToString());
            Assert.True(map.Forward(x.detach()).LogDet.isfinite().all().ToBoolean(), map.ToString());
            x.sum().backward();
            Assert.True(latents.grad!.isfinite().all().ToBoolean(), map.ToString());
        }
    }

    [Fact]
    public void A_box_cox_fit_is_the_maximum_of_the_likelihood()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var normal = torch.randn([4000, 1], torch.float64);
        // Of a log-normal feature 0, of a square 1/2.
        var x = torch.cat([normal.exp(), (normal * 0.1 + 3).square()], 1);
        var fit = BoxCox.Fit(x).Exponents.to(torch.float64);
        Assert.Equal(0, fit[0].ToDouble(), 0.05);
        Assert.Equal(0.5, fit[1].ToDouble(), 0.5);   // nearly straight there: badly known
        double Score(double shift)
        {
            var at = fit + shift;
            var z = (x.pow(at) - 1) / at;
            return ((at - 1) * x.log().mean([0]) - z.std(0L, unbiased: false).log()).sum().ToDouble();
        }
        Assert.True(Score(0) > Score(1e-3) && Score(0) > Score(-1e-3));   // the file of a fit is in float32
    }

    [Fact]
    public void A_table_with_supports_names_the_row_and_the_column_that_lies_outside()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var table = torch.cat([torch.rand(40, 1), torch.randn(40, 3).softmax(1), torch.randn(40, 2).exp().cumsum(1)], 1);
        Support[] supports = [Support.Interval(0, 1), Support.Simplex(3), Support.Ordered(2)];
        void Says(Tensor data, IReadOnlyList<Support> given, params string[] parts)
        {
            var message = Assert.ThrowsAny<ArgumentException>(() => Architectures.Tabular(data, given, 1, 4)).Message;
            foreach (var part in parts) Assert.Contains(part, message);
        }
        var wrong = table.clone();
        wrong[7, 0] = 1;
        Says(wrong, supports, "row 7, column 0", "(0, 1)", "1");
        wrong = table.clone();
        wrong[3, 2] = 0.9f;
        Says(wrong, supports, "row 3, column 1", "simplex");
        wrong = table.clone();
        wrong[39, 5] = -1;
        Says(wrong, supports, "row 39, column 4", "increasing");
        wrong = table.clone();
        wrong[9, 1] = float.NaN;
        Says(wrong, supports, "NaN", "row 9, column 1");
        Says(table, supports[..2], "4 columns", "6");
        Says(table, [Support.Positive, Support.Positive, null!], "null");
        Says(torch.cat([torch.ones(40, 1), table], 1), [Support.Positive, .. supports], "column 0", "vary");
        Assert.Contains("given 2 and 1", Assert.ThrowsAny<ArgumentException>(() => Support.Interval(2, 1)).Message);
        Assert.Contains("finite", Assert.ThrowsAny<ArgumentException>(() => Support.Above(double.NaN)).Message);
        Assert.Contains("of any shape", Assert.ThrowsAny<ArgumentException>(() => new Concatenate(new Exp())).Message);
    }

    [Fact]
    public void A_table_with_supports_gives_samples_inside()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var draws = torch.randn(60, 2, 5);
        draws = draws / draws.norm(2, keepdim: true);
        var table = torch.cat([torch.randn(60, 1).exp(), torch.randn(60, 3).softmax(1), torch.randn(60, 1).exp().neg(),
            draws.matmul(draws.transpose(1, 2)).flatten(1), torch.randn(60, 2)], 1);
        var flow = Architectures.Tabular(table, [Support.Positive, Support.Simplex(3), Support.Below(0), Support.Correlation(2),
            Support.Real, Support.Real], 2, 8, 1);
        Assert.Equal(7, flow.Bijection.LatentShape![0]);   // a simplex has one number less, a matrix of two one correlation
        Assert.True(flow.LogProb(table).isfinite().all().ToBoolean());
        var x = flow.Sample(500);
        Assert.True(flow.LogProb(x).isfinite().all().ToBoolean());
        Assert.True(x.select(1, 0).gt(0).all().ToBoolean() && x.select(1, 4).lt(0).all().ToBoolean());
        Assert.True(x.narrow(1, 1, 3).sum(1L).allclose(torch.ones(500), 1e-5, 1e-5));
        Assert.True(x.select(1, 6).abs().lt(1).all().ToBoolean());
    }
}
