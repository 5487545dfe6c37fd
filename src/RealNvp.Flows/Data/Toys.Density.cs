using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

public static partial class Toys
{
    private const int CurveNodes = 2048;

    /// <summary>
    /// The density that a toy of <see cref="All"/> draws from, in float64: exact for circles, rings, eight gaussians and
    /// checkerboard; for the noisy curves (moons, swiss roll, two spirals) the noise averaged over 2048 places of the curve; for
    /// the pinwheel by solving for each arm's bend. What a flow can reach at best is minus its entropy.
    /// </summary>
    /// <param name="name">moons, circles, eight gaussians, checkerboard, pinwheel, swiss roll, two spirals or rings.</param>
    /// <exception cref="ArgumentException">There is no such toy.</exception>
    public static Distribution Density(string name) => name switch
    {
        "moons" => Curve(name, 0.1, t =>
            [(Math.Cos(Math.PI * t) - 0.5, Math.Sin(Math.PI * t) - 0.25),
            (0.5 - Math.Cos(Math.PI * t), 0.25 - Math.Sin(Math.PI * t))]),
        "circles" => new ToyDensity(name, x => Concentric(x, 0.06, [1, 0.5])),
        "eight gaussians" => new ToyDensity(name, x => Ring(x, 1.5, 0.15)),
        "checkerboard" => new ToyDensity(name, Board),
        "pinwheel" => new ToyDensity(name, x => Arms(x, 5, 0.25)),
        "swiss roll" => Curve(name, 0.06, t => [Roll(1.5 * Math.PI * (1 + 2 * t))]),
        "two spirals" => Curve(name, 0.05, t => Spirals(Math.Sqrt(t) * 3 * Math.PI)),
        "rings" => new ToyDensity(name, x => Concentric(x, 0.04, [0.5, 1, 1.5, 2])),
        _ => throw new ArgumentException($"There is no toy \"{name}\"; there are {string.Join(", ", All.Keys)}.", nameof(name)),
    };

    private static (double, double) Roll(double t) => ((t * Math.Cos(t) - 2) / 7, t * Math.Sin(t) / 7);

    private static (double, double)[] Spirals(double t) =>
        [(-Math.Cos(t) * t / 5, Math.Sin(t) * t / 5), (Math.Cos(t) * t / 5, -Math.Sin(t) * t / 5)];

    /// <summary>Normal noise around curves, each at t uniform on (0, 1): the integral over t by the midpoint rule.</summary>
    private static ToyDensity Curve(string name, double noise, Func<double, (double X, double Y)[]> at)
    {
        var points = Enumerable.Range(0, CurveNodes).SelectMany(k => at((k + 0.5) / CurveNodes))
            .SelectMany(p => new[] { p.X, p.Y }).ToArray();
        return new(name, x => Mixture(x, points, noise));
    }

    private static Tensor Ring(Tensor x, double radius, double scale)
    {
        var centres = Enumerable.Range(0, 8)
            .SelectMany(k => new[] { radius * Math.Cos(Math.PI / 4 * k), radius * Math.Sin(Math.PI / 4 * k) }).ToArray();
        return Mixture(x, centres, scale);
    }

    /// <summary>Equal parts of normals of one scale around points (x, y, x, y, ...).</summary>
    private static Tensor Mixture(Tensor x, double[] points, double scale)
    {
        const int AtOnce = 4096;   // 4096 x 2048 distances take 64 MiB
        var centres = torch.tensor(points, [points.Length / 2, 2], device: x.device);
        var parts = x.split(AtOnce).Select(part =>
        {
            using var scope = NewDisposeScope();
            return (torch.cdist(part, centres).square() * (-0.5 / (scale * scale))).logsumexp(1).MoveToOuterDisposeScope();
        });
        var constant = Math.Log(points.Length / 2) + Math.Log(2 * Math.PI * scale * scale);
        return torch.cat([.. parts], 0) - constant;
    }

    /// <summary>
    /// Circles of radii R in equal parts with normal noise s: p = mean over R of exp(-(r^2 + R^2) / (2 s^2)) I0(r R / s^2) / (2
    /// pi s^2), r the distance from the centre.
    /// </summary>
    private static Tensor Concentric(Tensor x, double noise, double[] radii)
    {
        var r = x.square().sum(1L).sqrt();
        var variance = noise * noise;
        // With the scaled Bessel function, exp(-k) I0(k), the exponent becomes -(r - R)^2 / (2 s^2).
        var logs = radii.Select(radius =>
            torch.special.i0e(r * (radius / variance)).log() - (r - radius).square() / (2 * variance));
        return torch.stack(logs).logsumexp(0) - Math.Log(radii.Length * 2 * Math.PI * variance);
    }

    private static Tensor Board(Tensor x)
    {
        var board = x * 1.5;
        var (column, row) = (board.select(1, 0), board.select(1, 1));
        var inside = column.ge(-2).logical_and(column.lt(2)).logical_and(row.ge(-2)).logical_and(row.lt(2));
        var dark = (column.floor() + row.floor()).remainder(2).eq(0);
        return torch.full_like(column, Math.Log(1.5 * 1.5 / 8))
            .masked_fill(inside.logical_and(dark).logical_not(), double.NegativeInfinity);
    }

    /// <summary>
    /// A point at distance r and angle phi comes from (along, across) = r (cos psi, sin psi) with psi + rate exp(r cos psi) = phi
    /// up to the arms' angles: for every arm and both signs of along, Newton's method from across = 0 finds psi, and p = sum
    /// p(along) p(across) / (arms |1 - rate exp(along) across|).
    /// </summary>
    private static Tensor Arms(Tensor x, int arms, double rate)
    {
        var (r, phi) = (x.square().sum(1L).sqrt(), torch.atan2(x.select(1, 1), x.select(1, 0)));
        var logs = new List<Tensor>();
        foreach (var start in (double[])[0, Math.PI])
            for (var arm = 0; arm < arms; arm++)
            {
                var psi = torch.full_like(phi, start);
                for (var k = 0; k < 30; k++)
                {
                    var bend = (r * psi.cos()).exp() * rate;
                    var misfit = psi + bend - phi + 2 * Math.PI * arm / arms;
                    var slope = 1 - bend * r * psi.sin();
                    psi = psi - (Wrapped(misfit) / slope.clamp_min(0.2)).clamp(-0.3, 0.3);
                }
                var (along, across) = (r * psi.cos(), r * psi.sin());
                var steep = 1 - (along.exp() * rate) * across;
                var found = Wrapped(psi + along.exp() * rate - phi + 2 * Math.PI * arm / arms).abs().lt(1e-6)
                    .logical_and(Wrapped(psi - start).abs().lt(Math.PI / 2));
                var log = Normal(along, 1, 0.3) + Normal(across, 0, 0.05) - steep.abs().clamp_min(1e-12).log() - Math.Log(arms);
                logs.Add(log.masked_fill(found.logical_not(), double.NegativeInfinity));
            }
        return torch.stack(logs).logsumexp(0);
    }

    private static Tensor Wrapped(Tensor angle) => (angle + Math.PI).remainder(2 * Math.PI) - Math.PI;

    private static Tensor Normal(Tensor x, double mean, double scale) =>
        ((x - mean) / scale).square() * -0.5 - Math.Log(scale) - 0.5 * Math.Log(2 * Math.PI);

    private sealed class ToyDensity(string name, Func<Tensor, Tensor> logDensity) : Distribution(name, [2])
    {
        protected internal override Tensor LogDensity(Tensor x, Tensor? context) => logDensity(x.to(torch.float64)).to(x.dtype);

        protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
        {
            var seed = torch.randint(0, int.MaxValue, [1], ScalarType.Int64, generator: generator).ToInt64();
            return All[GetName()]((int)n, (int)seed).to(torch.float64);
        }
    }
}
