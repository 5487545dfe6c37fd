namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>
/// An exercise: what of its chapter its check needs, and answers, each with a part of the hint or, where it is right, null.
/// </summary>
internal sealed record AnswerRow(string Chapter, string Exercise, string Context, params (string Code, string? Hint)[] Answers);

/// <summary>Right answers written three ways, and wrong ones of the typical kinds.</summary>
internal static partial class AnswerTable
{
    private const string Nice = """
        var (moons, moonsHeldOut) = (Toys.Moons(2000, seed: 1), Toys.Moons(2000, seed: 2));
        var moonScore = -1.0;
        Flow Trained(Flow flow, int steps = 300)
        {
            Trainer.Fit(flow, moons, options: new TrainingOptions { Steps = steps, LearningRate = 5e-3, Seed = 8 });
            return flow;
        }
        Flow Layers(int count, Func<int, Bijection> of) =>
            new(new Chain([.. Enumerable.Range(0, count).Select(of), new Scaling(2)]));
        Coupling Additive(int k) => new(k % 2 == 0 ? Partition.Halves(2) : Partition.Halves(2).Swap(),
            new AdditiveTransformer(), (inputs, outputs) => new Mlp(inputs, outputs, [32, 32]));
        """;

    private const string Bell = "Tensor LogNormal(Tensor z) => -0.5 * z.pow(2).sum(1) - Math.Log(2 * Math.PI);";

    internal static IReadOnlyList<AnswerRow> All { get; } =
    [
        new("01", "exercise-3", "",
            (Each("mean[k] + s[k] * randn(n, 2, dtype: mean.dtype)"), null),
            (Draw("""
                var k = pi.multinomial(n, replacement: true).sort().Values;
                return mean[k] + s[k] * randn(n, 2, dtype: float64);
                """), null),
            (Draw("""
                var first = (int)Math.Round(n * pi[0].ToDouble());
                return cat([mean[0] + s[0] * randn(first, 2), mean[1] + s[1] * randn(n - first, 2)], 0).to(float32);
                """), null),
            (Each("mean[k] + s[k].clamp(min: 0.5) * randn(n, 2, dtype: float64)"),
                "component 2 has the deviations"),
            (Each("mean[k] + s[k].pow(2) * randn(n, 2, dtype: float64)"),
                "s is a deviation, not a variance"),
            (Each("mean[k] + s[k] * randn(n, 1, dtype: float64)"),
                "each needs noise of its own"),
            (Each("mean[k]"), "where is the noise"),
            (Draw("var k = randint(0, 2, n); return mean[k] + s[k] * randn(n, 2, dtype: float64);"), "expected 20 %")),
        new("03", "exercise-5", "var entropy = 1.594;",
            ("double[]? nats = [0.1165, 0.0144, 0.0136];", null), ("double[]? nats = [0.125, 0.011, 0.003];", null),
            ("double[]? nats = new[] { 1.7105, 1.6084, 1.5976 }.Select(c => c - entropy).ToArray();", null),
            ("double[]? nats = [0, 0, 0];", "comes no flow"),
            ("double[]? nats = [1.7105, 1.6084, 1.5976];", "those are cross-entropies"),
            ("double[]? nats = [-0.12, -0.01, -0.01];", "below zero"), ("double[]? nats = [0.9, 0.8, 0.7];", "was it trained"),
            ("double[]? nats = [0.013, 0.014, 0.117];", "the order 1, 2, 4"),
            ("double[]? nats = [0.2, 0.01, 0.01];", "about 0.12"),
            ("double[]? nats = [0.12, 0.11, 0.1];", "two terms bend enough"), ("double[]? nats = [0.1];", "three numbers")),
        new("04", "exercise-4", "",
            ("double? dataNeeded = 18445;", null), ("double? dataNeeded = Math.Log(2 / 0.05) / (2 * 0.01 * 0.01);", null),
            ("double? dataNeeded = Math.Ceiling(Math.Log(40) * 5000);", null),
            ("double? dataNeeded = 18444;", "round up"), ("double? dataNeeded = 18446;", "near"),
            ("double? dataNeeded = Math.Log(20) * 5000;", "a 2 in front"),
            ("double? dataNeeded = Math.Log(40) * 10000;", "a 2 in the exponent"),
            ("double? dataNeeded = 10000;", "the order")),
        new("05", "exercise-4", Bell,
            (Log("-y.norm(1) / 2 - log(4 * Math.PI * y.norm(1))"), null),
            ("""
             Func<Tensor, Tensor>? logDensityOfSquare = y =>
             {
                 var r = y.pow(2).sum(1).sqrt();
                 return ((-r / 2).exp() / (4 * Math.PI * r)).log();
             };
             """, null),
            ("""
             Func<Tensor, Tensor>? logDensityOfSquare = y =>
             {
                 var (r, angle) = (y.norm(1).sqrt(), atan2(y[.., 1], y[.., 0]) / 2);
                 var x = stack([r * angle.cos(), r * angle.sin()], 1);
                 return stack([LogNormal(x), LogNormal(-x)], 1).logsumexp(1) - log(4 * r * r);
             };
             """, null),
            (Log("full(y.shape[0], -2.078, dtype: float64)"), "the log-density is"),
            (Log("-y.norm(1) / 2 - log(8 * Math.PI * y.norm(1))"), "half of the mass"),
            (Log("-y.norm(1) / 2 - Math.Log(Math.PI)"), "the determinant is missing"),
            (Log("-y.norm(1) / 2 + log(4 * y.norm(1) / Math.PI)"), "belongs below"),
            (Log("(-y.norm(1) / 2).exp() / (4 * Math.PI * y.norm(1))"), "its logarithm"),
            (Log("LogNormal(y).sum()"), "the shape is")),
        new("06", "exercise-2", "",
            (Sandwich("linalg.slogdet(w1).Item2 + linalg.slogdet(w2).Item2 "
                + "+ x.matmul(w1.t()).lt(0).to(float64).sum(1) * Math.Log(a)"),
                null),
            (Sandwich("(w1.det() * w2.det()).abs().log() + where(w1.matmul(x.t()).t().lt(0), Math.Log(a), 0.0).sum(1)"), null),
            (Sandwich("where(x.matmul(w1.t()).gt(0), ones_like(x), full_like(x, a)).prod(1).log() "
                + "+ w1.matmul(w2).det().abs().log()"),
                null),
            (Sandwich("linalg.slogdet(w1.matmul(w2)).Item2 + x.lt(0).to(float64).sum(1) * Math.Log(a)"), "sees W1 x"),
            (Sandwich("linalg.slogdet(w1.matmul(w2)).Item2 + x.matmul(w1).lt(0).to(float64).sum(1) * Math.Log(a)"), "rows of x"),
            (Sandwich("linalg.slogdet(w1.matmul(w2)).Item2.expand(x.shape[0])"), "changes volume too"),
            (Sandwich("linalg.slogdet(w1.matmul(w2)).Item2"), "the shape is")),
        new("08", "exercise-3", Nice,
            ("Flow? nice = Trained(Architectures.Nice(2, layers: 6, hidden: [32, 32]));", null),
            ("Flow? nice = Trained(Layers(6, Additive));", null),
            ("Flow? nice = Trained(new Flow(new Chain([new Scaling(2), .. Enumerable.Range(0, 4).Select(Additive)])));", null),
            ("Flow? nice = Trained(new Flow(new DenseLinear(2)));", "it is affine"),
            ("Flow? nice = Trained(Architectures.RealNvp2D(layers: 4, hidden: [32]), 60);", "do not keep volume"),
            ("Flow? nice = Trained(Layers(6, Additive), 1);", "was it trained")),
        new("11", "exercise-1", "var firstBatch = 3 * randn(16, 4, 2, 2, dtype: float64) + 5;",
            (Start("-MEAN, -VAR.sqrt().log()"), null),
            (Start("-MEAN, -0.5 * x.var([0, 2, 3], unbiased: true, keepdim: true).log()"), null),
            (Start("-x.transpose(0, 1).flatten(1).mean([1]).reshape(1, 4, 1, 1), "
                + "-x.transpose(0, 1).flatten(1).std(1).log().reshape(1, 4, 1, 1)"), null),
            (Start("-MEAN, -x.std().log().expand(1, 4, 1, 1)"), "a deviation of its own"),
            (Start("-MEAN, -VAR.log()"), "not of the variance"),
            (Start("-MEAN, 0.5 * VAR.log()"), "wrong sign"),
            (Start("MEAN, -0.5 * VAR.log()"), "sign of the shift"),
            (Start("-x.mean().expand(1, 4, 1, 1), -0.5 * VAR.log()"), "mean of each channel"),
            (Start("-x.mean([0, 2, 3]), -x.std().log()"), "the shapes are")),
        new("11", "exercise-2", "",
            ("Func<Tensor, Tensor>? afterSqueeze = w => kron(w, eye(4, dtype: w.dtype));", null),
            ("""
             Func<Tensor, Tensor>? afterSqueeze = w => einsum("kl,pq->kplq", w, eye(4, dtype: w.dtype))
                 .reshape(4 * w.shape[0], 4 * w.shape[0]);
             """, null),
            ("""
             Func<Tensor, Tensor>? afterSqueeze = w =>
             {
                 var all = zeros(4 * w.shape[0], 4 * w.shape[0], dtype: w.dtype);
                 for (var k = 0; k < w.shape[0]; k++)
                     for (var l = 0; l < w.shape[0]; l++)
                         for (var p = 0; p < 4; p++) all[4 * k + p, 4 * l + p] = w[k, l];
                 return all;
             };
             """, null),
            ("Func<Tensor, Tensor>? afterSqueeze = w => kron(w.t().contiguous(), eye(4, dtype: w.dtype));", "transpose it"),
            ("Func<Tensor, Tensor>? afterSqueeze = w => kron(eye(4, dtype: w.dtype), w);", "the other order"),
            ("Func<Tensor, Tensor>? afterSqueeze = w => kron(w, ones(4, 4, dtype: w.dtype));", "not invertible"),
            ("Func<Tensor, Tensor>? afterSqueeze = w => w;", "the shape is")),
        new("12", "exercise-1", "",
            ("int? passesForSamples = 140;", null), ("int? passesForSamples = 5 * 28;", null),
            ("int? passesForSamples = Enumerable.Repeat(28, 5).Sum();", null),
            ("int? passesForSamples = 3920;", "a whole row is ready at once"), ("int? passesForSamples = 28;", "one layer"),
            ("int? passesForSamples = 135;", "the first row"), ("int? passesForSamples = 5;", "the density"),
            ("int? passesForSamples = 33;", "times layers")),
        new("14", "exercise-1", "",
            ("double? linearLogDet = -3;", null), ("double? linearLogDet = 1.0 - 4.0 + 1e-14;", null),
            ("""
             var a14 = tensor(new[,] { { 1.0, 2.0 }, { 3.0, -4.0 } });
             double? linearLogDet = linalg.slogdet(matrix_exp(a14)).Item2.ToDouble();
             """, null),
            ("double? linearLogDet = 3;", "mind the sign"), ("double? linearLogDet = -10;", "det A"),
            ("double? linearLogDet = Math.Log(10);", "log|det A|"), ("double? linearLogDet = Math.Exp(-3);", "its logarithm"),
            ("double? linearLogDet = 1;", "the trace of A")),
        new("15", "exercise-1", "",
            (Line("(z - m) / t"), null), (Line("(z - (1 - t) * m) / t - m"), null),
            (Line("z.sub(m).mul(1 / t)"), null),
            (Line("(m - z) / t"), "from noise to data"), (Line("z - m"), "divide by the time"),
            (Line("(m - z) / (1 - t)"), "data are at t = 0"), (Line("z / t"), "the noise is known")),
        new("15", "exercise-2", "",
            ("double? lossFloor = Math.PI;", null), ("double? lossFloor = 2 * Math.PI / 2;", null),
            ("double? lossFloor = 3.1416;", null),
            ("double? lossFloor = 0;", "no function of the place"), ("double? lossFloor = Math.PI / 2;", "deviation 1"),
            ("double? lossFloor = 5;", "knowing z helps"), ("double? lossFloor = 2 * Math.PI;", "not the variance"),
            ("double? lossFloor = 1;", "the integral")),
        new("15", "exercise-3", "",
            ("double? LandingDeviation(double mu, double sigma) => 0;", null),
            ("double? LandingDeviation(double mu, double sigma) => sigma - sigma;", null),
            ("double? LandingDeviation(double mu, double sigma) => (ones(9, float64) * mu).std().ToDouble();", null),
            ("double? LandingDeviation(double mu, double sigma) => sigma;", "straight paths"),
            ("double? LandingDeviation(double mu, double sigma) => 1;", "taken off"),
            ("double? LandingDeviation(double mu, double sigma) => Math.Abs(mu);", "how far do they spread"),
            ("double? LandingDeviation(double mu, double sigma) => Math.Sqrt(1 + sigma * sigma);", "says nothing about x")),
        new("15", "exercise-4", "",
            ("double? speed = 0;", null), ("double? speed = Math.PI / 2 * (3 * 0.5 - 3 * 0.5);", null),
            ("double? speed = 1e-12;", null),
            ("double? speed = 5;", "all directions"), ("double? speed = 5 * Math.PI / 2;", "all directions"),
            ("double? speed = 2.5;", "which velocity keeps it")),
        new("15", "exercise-5", "",
            (Guess("z - t * u"), null), (Guess("z.sub(u * t)"), null),
            (Guess("(1 - t) * (z - t * u) + t * (z + (1 - t) * u) - t * u"), null),
            (Guess("z + (1 - t) * u"), "that is the noise"), (Guess("z + t * u"), "go against it"),
            (Guess("z - (1 - t) * u"), "back to the data"), (Guess("z"), "follow the line")),
        new("20", "exercise-3", "",
            (Passes("family == \"maf\" ? layers * (scored + drawn * d) : family == \"iaf\" ? layers * (scored * d + drawn) "
                + ": layers * (scored + drawn)"), null),
            (Passes("layers * (scored * (family == \"iaf\" ? d : 1) + drawn * (family == \"maf\" ? d : 1))"), null),
            (Passes("(family switch { \"maf\" => scored + d * drawn, \"iaf\" => d * scored + drawn, "
                + "_ => scored + drawn }) * layers"), null),
            (Passes("layers * (scored * (family == \"maf\" ? d : 1) + drawn * (family == \"iaf\" ? d : 1))"), "changed places"),
            (Passes("layers * (scored * (family == \"iaf\" ? d : 1) + drawn * (family == \"maf\" ? d + 1 : 1))"),
                "no further pass"),
            (Passes("layers * (scored * (family == \"iaf\" ? d : 1) + drawn * (family == \"iaf\" ? d + 1 : d))"),
                "couplings take"),
            (Passes("scored * (family == \"iaf\" ? d : 1) + drawn * (family == \"maf\" ? d : 1)"), "couplings take")),
        .. Inference,
        .. Simulation,
        .. Supports,
        .. TransformerFlows,
    ];

    private static string Each(string point) => Draw($"var k = pi.multinomial(n, replacement: true); return {point};");

    private static string Draw(string body) => $"Tensor? Draw(int n, Tensor pi, Tensor mean, Tensor s) {{ {body} }}";

    private static string Log(string value) => $"Func<Tensor, Tensor>? logDensityOfSquare = y => {value};";

    private static string Sandwich(string value) =>
        $"Func<Tensor, Tensor, Tensor, double, Tensor>? logDetOfThree = (x, w1, w2, a) => {value};";

    private static string Start(string value) => $"(Tensor Shift, Tensor LogScale)? StartOf(Tensor x) => ({value});"
        .Replace("MEAN", "x.mean([0, 2, 3], keepdim: true)", StringComparison.Ordinal)
        .Replace("VAR", "x.var([0, 2, 3], unbiased: false, keepdim: true)", StringComparison.Ordinal);

    private static string Line(string velocity) => $"Tensor? ToOnePoint(double t, Tensor z, Tensor m) => {velocity};";

    private static string Guess(string x) => $"Tensor? BestGuess(double t, Tensor z, Tensor u) => {x};";

    private static string Passes(string value) =>
        $"Func<string, long, long, long, long, long>? passes = (family, scored, drawn, d, layers) => {value};";
}
