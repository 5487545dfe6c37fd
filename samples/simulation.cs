#:project ../src/RealNvp.Figures
#:property PublishAot=false

// Simulation-based inference: an epidemic can be simulated, but the probability of what was seen cannot be written down. A flow
// that is trained on simulations, parameters given outcome, is the posterior for any outcome at once (neural posterior
// estimation; Papamakarios, Murray 2016).
using RealNvp.Figures;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

const float People = 1000;
var quick = args.Contains("--quick");
manual_seed(1);
using var noGrad = no_grad();

// Prior: how many a day somebody infects, 0.1 to 1, and how many days the illness lasts, 2 to 20, both uniform in the logarithm.
Tensor Prior(long n) => rand(n, 2) * MathF.Log(10) + tensor(new[] { MathF.Log(0.1f), MathF.Log(2f) });

// Each day people meet and recover by chance; what is seen is how many are ill on every fourth day of forty.
Tensor Simulate(Tensor logTheta)
{
    var (infect, recover) = (logTheta.select(1, 0).exp(), 1 - (-(-logTheta.select(1, 1)).exp()).exp());
    var (healthy, ill) = (full_like(infect, People - 5), full_like(infect, 5));
    var seen = new List<Tensor>();
    for (var day = 1; day <= 40; day++)
    {
        var (caught, well) = (binomial(healthy, 1 - (-infect * ill / People).exp()), binomial(ill, recover));
        (healthy, ill) = (healthy - caught, ill + caught - well);
        if (day % 4 == 0) seen.Add(ill.log1p());
    }
    return stack(seen, 1);
}

var theta = Prior(quick ? 4000 : 20_000);
var outcomes = Simulate(theta);
var spline = Architectures.NeuralSpline(2, layers: 4, hidden: [64], contextSize: 10);
var posterior = new Flow(new Chain([Standardize.Fit(theta), spline.Bijection]));
var n = (int)theta.size(0) / 5;
using (enable_grad())
    Console.WriteLine(Trainer.Fit(posterior, theta[n..], theta[..n], new() { Steps = quick ? 600 : 4000, LearningRate = 2e-3 },
        trainContext: outcomes[n..], heldOutContext: outcomes[..n]));

// An outbreak whose parameters we know, and hide from the flow.
var truth = tensor(new[] { MathF.Log(0.4f), MathF.Log(7f) }).unsqueeze(0);
var observed = Simulate(truth);
var draws = posterior.Sample(4000, observed.expand(4000, 10)).exp();
var ills = observed.expm1().data<float>().ToArray().Select(ill => ill.ToString("0"));
Console.WriteLine($"\nill on days 4, 8, ... 40: {string.Join(' ', ills)}");
foreach (var (name, k, hidden) in new[] { ("infected by one a day", 0, 0.4), ("days ill", 1, 7) })
{
    var part = draws.select(1, k).quantile(tensor(new[] { 0.05f, 0.5f, 0.95f }));
    Console.WriteLine($"posterior of {name,-22} {part[1].ToSingle():f2}, with 90 % from {part[0].ToSingle():f2} to "
        + $"{part[2].ToSingle():f2}; it was {hidden}");
}

// Is it as sure as it may be? Over fresh simulations the truth falls into regions as often as they say.
var fresh = Prior(200);
var (_, p) = Calibration.AgainstUniform(Calibration.HighestDensityLevel(posterior, fresh, 500, context: Simulate(fresh)));
Console.WriteLine($"Over {fresh.size(0)} outbreaks: p = {p:f2}; below 0.01, its regions would be of the wrong size.");

var page = Path.GetFullPath("simulation.html");
Plot.Scatter("What the outbreak tells: both parameters, and how they hang together",
    "infected by one ill person [1/day]", "illness [days]", ("posterior", draws[..2000]), ("truth", truth.exp())).WithEqualAspect(false).Save(page);
Console.WriteLine($"The figure: {page}");
