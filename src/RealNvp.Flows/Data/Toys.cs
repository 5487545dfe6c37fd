using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>
/// Two-dimensional toy densities, samples [n, 2] in float32, centred and of about unit scale. Seeded: the same seed gives the
/// same points.
/// </summary>
/// <example>
/// <code>
/// var moons = Toys.Moons(1000, noise: 0.1, seed: 1);   // [1000, 2]
/// Console.WriteLine($"{moons.shape[0]} {moons.shape[1]}");
/// // prints 1000 2
/// </code>
/// </example>
public static partial class Toys
{
    /// <summary>The toys by name, each from (n, seed).</summary>
    public static IReadOnlyDictionary<string, Func<int, int, Tensor>> All { get; } =
        new Dictionary<string, Func<int, int, Tensor>>
        {
            ["moons"] = (n, seed) => Moons(n, seed: seed),
            ["circles"] = (n, seed) => Circles(n, seed: seed),
            ["eight gaussians"] = (n, seed) => EightGaussians(n, seed: seed),
            ["checkerboard"] = Checkerboard,
            ["pinwheel"] = (n, seed) => Pinwheel(n, seed: seed),
            ["swiss roll"] = (n, seed) => SwissRoll(n, seed: seed),
            ["two spirals"] = (n, seed) => TwoSpirals(n, seed: seed),
            ["rings"] = (n, seed) => Rings(n, seed: seed),
        };

    /// <summary>Two half circles that reach into each other, with normal noise.</summary>
    public static Tensor Moons(int n, double noise = 0.1, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var t = Math.PI * random.NextDouble();
        var (x, y) = random.NextDouble() < 0.5 ? (Math.Cos(t), Math.Sin(t)) : (1 - Math.Cos(t), 0.5 - Math.Sin(t));
        return (x - 0.5 + noise * Normal(random), y - 0.25 + noise * Normal(random));
    });

    /// <summary>
    /// The density that <see cref="Moons"/> draws from: normals along both half circles, the integral over each by the midpoint
    /// rule with a spacing of a twelfth of the noise, of a relative error below 1e-3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">noise is not positive: without it the moons have no density in the
    /// plane.</exception>
    public static Distributions.GaussianMixture MoonsDensity(double noise = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noise);
        using var scope = NewDisposeScope();
        var count = (int)Math.Ceiling(12 * Math.PI / noise);
        var t = (torch.arange((double)count) + 0.5) * (Math.PI / count);
        var upper = torch.stack([t.cos() - 0.5, t.sin() - 0.25], 1);
        var lower = torch.stack([0.5 - t.cos(), 0.25 - t.sin()], 1);
        var n = 2 * count;
        return new(torch.full(n, 1.0 / n), torch.cat([upper, lower], 0), torch.eye(2).unsqueeze(0)
            .repeat(n, 1, 1) * (noise * noise));
    }

    /// <summary>Two circles around one centre, of radius 1 and 0.5, with normal noise.</summary>
    public static Tensor Circles(int n, double noise = 0.06, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var (t, r) = (2 * Math.PI * random.NextDouble(), random.NextDouble() < 0.5 ? 1 : 0.5);
        return (r * Math.Cos(t) + noise * Normal(random), r * Math.Sin(t) + noise * Normal(random));
    });

    /// <summary>
    /// Eight normals on a circle of the given radius; its log-density is known, see <see cref="EightGaussiansDensity"/>.
    /// </summary>
    public static Tensor EightGaussians(int n, double radius = 1.5, double scale = 0.15, int seed = 0) =>
        Draw(n, seed, (random, _) =>
    {
        var t = Math.PI / 4 * random.Next(8);
        return (radius * Math.Cos(t) + scale * Normal(random), radius * Math.Sin(t) + scale * Normal(random));
    });

    /// <summary>The density that <see cref="EightGaussians"/> draws from.</summary>
    public static Distributions.GaussianMixture EightGaussiansDensity(double radius = 1.5, double scale = 0.15)
    {
        using var scope = NewDisposeScope();
        var angles = torch.arange(8.0) * (Math.PI / 4);
        var means = torch.stack([angles.cos(), angles.sin()], 1) * radius;
        return new(torch.full(8, 0.125), means, torch.eye(2).unsqueeze(0).repeat(8, 1, 1) * (scale * scale));
    }

    /// <summary>The dark squares of a board of 4 by 4, uniform: log p = -log 8 on squares of side 1, scaled by 2/3.</summary>
    public static Tensor Checkerboard(int n, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var x = random.NextDouble() * 4 - 2;
        var row = random.Next(2) * 2 + ((int)Math.Floor(x) & 1);
        return (x / 1.5, (random.NextDouble() + row - 2) / 1.5);
    });

    /// <summary>Five arms that bend as they go out (Johnson et al. 2016).</summary>
    public static Tensor Pinwheel(int n, int arms = 5, double rate = 0.25, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var (along, across) = (1 + 0.3 * Normal(random), 0.05 * Normal(random));
        var angle = 2 * Math.PI * random.Next(arms) / arms + rate * Math.Exp(along);
        return (along * Math.Cos(angle) - across * Math.Sin(angle), along * Math.Sin(angle) + across * Math.Cos(angle));
    });

    /// <summary>A rolled-up sheet seen from its side.</summary>
    public static Tensor SwissRoll(int n, double noise = 0.06, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var t = 1.5 * Math.PI * (1 + 2 * random.NextDouble());
        // E[t cos t] = 2
        return ((t * Math.Cos(t) - 2) / 7 + noise * Normal(random), t * Math.Sin(t) / 7 + noise * Normal(random));
    });

    /// <summary>Two spirals around one centre.</summary>
    public static Tensor TwoSpirals(int n, double noise = 0.05, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var t = Math.Sqrt(random.NextDouble()) * 3 * Math.PI;
        var side = random.NextDouble() < 0.5 ? 1 : -1;
        return (side * -Math.Cos(t) * t / 5 + noise * Normal(random), side * Math.Sin(t) * t / 5 + noise * Normal(random));
    });

    /// <summary>Four circles around one centre.</summary>
    public static Tensor Rings(int n, double noise = 0.04, int seed = 0) => Draw(n, seed, (random, _) =>
    {
        var (t, r) = (2 * Math.PI * random.NextDouble(), 0.5 * (1 + random.Next(4)));
        return (r * Math.Cos(t) + noise * Normal(random), r * Math.Sin(t) + noise * Normal(random));
    });

    private static Tensor Draw(int n, int seed, Func<Random, int, (double X, double Y)> point)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var random = new Random(seed);
        var values = new float[2 * n];
        for (var k = 0; k < n; k++)
        {
            var (x, y) = point(random, k);
            (values[2 * k], values[2 * k + 1]) = ((float)x, (float)y);
        }
        return torch.tensor(values, [n, 2]);
    }

    /// <summary>A standard normal number (Box, Muller 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
