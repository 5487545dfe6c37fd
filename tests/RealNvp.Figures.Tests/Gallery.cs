using static TorchSharp.torch;

namespace RealNvp.Figures.Tests;

/// <summary>One figure of every kind, from made-up numbers.</summary>
internal static class Gallery
{
    private static readonly Random Random = new(1);

    public static IReadOnlyList<(string Name, Plot Plot)> All() =>
    [
        ("scatter", Plot.Scatter("Samples fall where the data lie, on both moons", "x<sub>1</sub>, standardised",
            "x<sub>2</sub>, standardised",
            ("data", Moons(500)), ("samples of the flow", Moons(500, 0.13)))),
        ("scatter-units", Plot.Scatter("Old Faithful has two kinds of eruption", "waiting time to the next eruption [min]",
        "duration of the eruption [min]",
            ("272 eruptions", Geyser(272)))),
        ("scatter-many", Plot.Scatter("Ten thousand points are thinned, and the legend says so", "first coordinate",
        "second coordinate",
            ("data", Moons(10_000, 0.09)), ("samples", Moons(10_000, 0.15)))),
        ("density", Plot.Density("The learned density follows both moons", "x<sub>1</sub>, standardised",
        "x<sub>2</sub>, standardised",
            MoonsLogDensity, new PlotArea(-2.2, 2.2, -2, 2), ("data", Moons(300)))),
        ("density-log", Plot.Density("The same density on a log scale shows the bridge between the moons", "x<sub>1</sub>",
        "x<sub>2</sub>",
            MoonsLogDensity, new PlotArea(-2.2, 2.2, -2, 2), scale: DensityScale.Log)),
        ("density-mass", Plot.Density("Nine tenths of the mass lie within the outer contour", "x<sub>1</sub>", "x<sub>2</sub>",
            MoonsLogDensity, new PlotArea(-2.2, 2.2, -2, 2), scale: DensityScale.Mass)),
        ("surface", Plot.Surface("A density over the plane, to turn", "x<sub>1</sub>", "x<sub>2</sub>", "p(x)",
            x => MoonsLogDensity(x).exp(), new PlotArea(-2.2, 2.2, -2, 2))),
        ("grid", Plot.GridUnderMap("The flow bends a square grid, and no line crosses another of its kind", "latent z", "data x",
        Bend, PlotArea.Square(2.5))),
        ("jacobian", Plot.Jacobian("The Jacobian of a coupling layer: identity above, a diagonal below right",
        CouplingJacobian(6))),
        ("jacobian-large", Plot.Jacobian("Block-triangular at 32 dimensions", CouplingJacobian(32))),
        ("training", Plot.TrainingCurve("Held-out loss stops falling after a third of the steps", "step",
        "mean negative log-likelihood [nats]",
            ("training", Steps(3000), Loss(3000, 1.0, 0)), ("held out", Steps(3000), Loss(3000, 1.08, 0.09)))
            .WithHorizontalLine("entropy of the source", 0.95)),
        ("animation", Plot.Animation("Noise becomes two moons, layer by layer", "first coordinate", "second coordinate",
        Layers(8, 800))),
        ("slides", Plot.Slides("Seen from nearer, a curve is its tangent",
            [.. new[] { 1.0, 0.5, 0.25, 0.125 }.Select(h => ($"h = {h}", Plot.Lines($"h = {h}", "u", "(f(x + hu) - f(x)) / h",
                ("curve", Line(60), Line(60).Select(u => (Math.Exp(h * u) - 1) / h).ToArray()),
                    ("tangent", Line(60), Line(60)))))])),
        ("slides-matrix", Plot.Slides("The smaller the angle, the nearer the rotation is to the identity",
            [.. new[] { 1.0, 0.5, 0.1 }.Select(a => ($"angle {a}", Plot.Jacobian($"angle {a}",
                tensor(new[] { Math.Cos(a), -Math.Sin(a), Math.Sin(a), Math.Cos(a) }, [2, 2]))))])),
        ("images", Plot.Images("Rings of growing radius", "radius grows to the right", "phase", Rings(24), columns: 8)),
        ("images-colour", Plot.Images("Colour images", "sample", "row", rand(16, 3, 8, 8), columns: 8)),
        ("bars", Plot.Bars("Splines cost three times an affine layer", "transformer", "time of a training step [ms]",
            ("additive", 1.9, 0.1), ("affine", 2.2, 0.1), ("rational-quadratic", 6.4, 0.3))),
        ("bars-plain", Plot.Bars("Parameters of each model", "model", "parameters", ("Gaussian", 5, 0), ("mixture", 11, 0),
        ("Real NVP", 20480, 0))),
        ("comparison", Plot.Comparison("Real NVP is within a standard error of the mixture", "held-out log-likelihood [nats]",
        "model",
            ("Gaussian", -2.58, 0.06), ("mixture of two", -1.98, 0.05), ("Real NVP", -1.96, 0.06))),
        ("side-by-side", Plot.SideBySide(
        "Alternating partitions reach every coordinate; a fixed one leaves half of the data as it was", true,
            Plot.Density("alternating", "x<sub>1</sub>", "x<sub>2</sub>", MoonsLogDensity, new PlotArea(-2.2, 2.2, -2, 2),
            ("data", Moons(200)), resolution: 60),
            Plot.Density("fixed", "x<sub>1</sub>", "x<sub>2</sub>", x =>
                -0.5 * x.pow(2).sum(1) - 1.8379, new PlotArea(-2.2, 2.2, -2, 2), ("data", Moons(200)), resolution: 60))),
        ("three", Plot.SideBySide("Data, samples, and what the flow sees", false,
            Plot.Scatter("data", "x<sub>1</sub>", "x<sub>2</sub>", ("data", Moons(300))),
            Plot.Scatter("samples", "x<sub>1</sub>", "x<sub>2</sub>", ("samples", Moons(300, 0.15))),
            Plot.Scatter("latent", "z<sub>1</sub>", "z<sub>2</sub>", ("latent", Normal(300))))),
        ("histogram", Plot.Histogram("Latents of held-out data are standard normal", "z", "density",
            ("f(x) for held-out x", Enumerable.Range(0, 2000).Select(_ => Gauss()).ToArray()))
                .WithCurve("standard normal", z => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI))),
        ("histogram-two", Plot.Histogram("Waiting times: data and samples", "waiting time [min]", "density [1/min]",
            ("data", Geyser(272).Select(point => point.X).ToArray()),
                ("samples", Geyser(2000).Select(point => point.X).ToArray()))),
        ("vector-field", Plot.VectorField("A rotation carries points around the centre", "first coordinate", "second coordinate",
        Rotation, PlotArea.Square(2),
            Circles(5, 40))),
        ("measurements", Plot.Measurements("Sampling one coordinate after the other takes time in proportion to their number",
        "dimensions", "time [ms]",
            ("density", new[] { 2, 8, 32, 128 }, new[] { 0.4, 0.5, 0.7, 1.4 }, new[] { 0.02, 0.03, 0.05, 0.1 }),
            ("sampling", new[] { 2, 8, 32, 128 }, new[] { 0.8, 3.5, 17.0, 150 }, Array.Empty<double>())).WithLogX().WithLogY()),
        ("lines", Plot.Lines("A rational-quadratic spline is monotone and smooth", "x", "z",
            ("spline", Line(200), Line(200).Select(x => Math.Tanh(x) + 0.2 * x).ToArray()), ("identity", Line(2), Line(2)))),
        ("pairs", Plot.Pairs("The posterior lies around the true parameters, and the prior is left behind",
            ["growth rate [1/day]", "mortality [1/day]", "start [g]", "noise [g]"], ("true parameters", [0.5, -0.2, 0.1, 0.3]),
            ("prior", rand(2000, 4) * 4 - 2), ("posterior", Banana(2000)))),
        ("mass", Plot.MassUnderMap("Every slice keeps its mass: where the map is steep, the density gets low", "data x",
        "latent z",
            x => (-0.5 * x * x).exp() / Math.Sqrt(2 * Math.PI), x => x + 2 * (2 * x).tanh(), -3, 3)),
    ];

    public static (double X, double Y)[] Moons(int count, double noise = 0.1) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var angle = Math.PI * Random.NextDouble();
        (var x, var y) = i % 2 == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
        return (1.15 * (x - 0.5) + noise * Gauss(), 1.9 * (y - 0.25) + 1.5 * noise * Gauss());
    })];

    public static (double X, double Y)[] Geyser(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var longer = Random.NextDouble() < 0.64;
        var duration = longer ? 4.3 + 0.41 * Gauss() : 2.03 + 0.27 * Gauss();
        return ((longer ? 80 : 54.6) + (duration - (longer ? 4.3 : 2.03)) * 6 + 5 * Gauss(), duration);
    })];

    private static Tensor Banana(int count)
    {
        var z = randn(count, 4) * 0.25;
        var first = z.narrow(1, 0, 1) * 1.6 + 0.5;
        return cat([first, first.square() - 0.45 + z.narrow(1, 1, 1), z.narrow(1, 2, 2) * 0.7 + 0.2], 1);
    }

    private static (double X, double Y)[] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => (Gauss(), Gauss()))];

    private static double Gauss() =>
        Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());

    // A mixture of 24 Gaussians along the two arcs.
    private static Tensor MoonsLogDensity(Tensor x)
    {
        var centres = new double[24, 2];
        for (var k = 0; k < 24; k++)
        {
            var angle = Math.PI * (k / 2 + 0.5) / 12;
            (var cx, var cy) = k % 2 == 0
                ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
            (centres[k, 0], centres[k, 1]) = (1.15 * (cx - 0.5), 1.9 * (cy - 0.25));
        }
        var scaled = (x.unsqueeze(1) - tensor(centres).to(ScalarType.Float32).unsqueeze(0)) / 0.2;
        return (-0.5 * scaled.pow(2).sum(-1)).logsumexp(1) - Math.Log(24 * 2 * Math.PI * 0.04);
    }

    private static Tensor Rotation(Tensor x) => stack([-x.select(1, 1), x.select(1, 0)], 1);

    private static Tensor Circles(int count, int times)
    {
        var angles = linspace(0, 2, times).unsqueeze(1);
        var radii = linspace(0.3, 1.6, count).unsqueeze(0);
        return stack([angles.cos() * radii, angles.sin() * radii], 2);
    }

    private static Tensor Bend(Tensor z)
    {
        var first = z.select(1, 0);
        var second = z.select(1, 1) * (0.6 * (first * 1.1).sin()).exp() + 0.7 * first.pow(2) - 1;
        var moved = first * (0.25 * second.tanh()).exp() + 0.4 * (second * 0.8).sin();
        return stack([moved, second], 1);
    }

    private static Tensor CouplingJacobian(int size)
    {
        var jacobian = new double[size, size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
                jacobian[i, j] = i < size / 2 ? (i == j ? 1 : 0) : j < size / 2 ? Gauss() * 0.8 : i == j
                    ? Math.Exp(0.5 * Gauss()) : 0;
        return tensor(jacobian);
    }

    private static double[] Steps(int count) => [.. Enumerable.Range(1, count).Select(i => (double)i)];

    private static double[] Loss(int count, double floor, double rise) =>
        [.. Enumerable.Range(1, count)
            .Select(i => floor + 1.6 * Math.Exp(-i / 220.0) + rise * i / count + 0.02 * Gauss() * (rise > 0 ? 0.3 : 1))];

    private static (string, Points)[] Layers(int layers, int count)
    {
        var noise = Normal(count);
        var moons = Moons(count);
        return [.. Enumerable.Range(0, layers + 1).Select(k =>
        {
            var t = k / (double)layers;
            (double X, double Y)[] points = [.. noise.Zip(moons, (a, b) => ((1 - t) * a.X + t * b.X, (1 - t) * a.Y + t * b.Y))];
            return (k == 0 ? "noise" : $"after layer {k}", (Points)points);
        })];
    }

    private static Tensor Rings(int count)
    {
        var pixels = new float[count * 28 * 28];
        for (var n = 0; n < count; n++)
            for (var i = 0; i < 28; i++)
                for (var j = 0; j < 28; j++)
                    pixels[(n * 28 + i) * 28 + j] =
                        (float)Math.Exp(-Math.Pow(Math.Sqrt((i - 13.5) * (i - 13.5) + (j - 13.5) * (j - 13.5)) - 2 - n * 0.45,
                        2) / 3);
        return tensor(pixels).reshape(count, 28, 28);
    }

    private static double[] Line(int count) => [.. Enumerable.Range(0, count).Select(i => -3 + 6.0 * i / (count - 1))];
}
