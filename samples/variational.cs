#:project ../src/RealNvp.Figures
#:property PublishAot=false

// Variational inference: the posterior of a hierarchical model, from nothing but its unnormalised density. Eight schools coached
// for a test (Rubin 1981): school j saw an effect y_j with standard error s_j. The effects are theta_j = mu + tau eta_j, with
// mu ~ N(0, 5^2), tau ~ half-Cauchy(5), eta_j ~ N(0, 1): how large are they?
using RealNvp.Figures;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

var quick = args.Contains("--quick");
manual_seed(1);
double[] y = [28, 8, -3, 7, -1, 1, 18, 12], s = [15, 10, 16, 11, 9, 11, 10, 18];
var (observed, error) = (tensor(y, float32), tensor(s, float32));

// An event is [mu / 5, log tau, eta_1, ..., eta_8]: all of the line, as the flow's are.
Tensor LogPosterior(Tensor z)
{
    var (mu, logTau, eta) = (z.select(1, 0) * 5, z.select(1, 1), z[.., 2..]);
    var theta = mu.unsqueeze(1) + logTau.exp().unsqueeze(1) * eta;
    var prior = -0.5 * z.select(1, 0).square() - (1 + (logTau.exp() / 5).square()).log() + logTau - 0.5 * eta.square().sum(1);
    return prior - 0.5 * ((observed - theta) / error).square().sum(1);
}

// The flow is fitted by its own samples: KL(flow || posterior), and what it is still wrong about, weights correct.
var flow = Architectures.RealNvp(10, layers: 6, hidden: [48]);
Console.WriteLine(Trainer.FitReverse(flow, LogPosterior, new() { Steps = quick ? 500 : 3000, LearningRate = 2e-3 },
    new() { PathGradients = true }));
using var noGrad = no_grad();
var sample = ImportanceSample.Draw(flow, LogPosterior, 20_000);
Console.WriteLine($"\n{sample}");

var (mean, meanError) = sample.Mean(z => z.select(1, 0) * 5);
var (spread, spreadError) = sample.Mean(z => z.select(1, 1).exp());
Console.WriteLine($"mean effect mu    {mean,5:f2} +- {meanError:f2}");
Console.WriteLine($"spread tau        {spread,5:f2} +- {spreadError:f2}");
var effects = Enumerable.Range(0, 8).Select(j =>
    sample.Mean(z => z.select(1, 0) * 5 + z.select(1, 1).exp() * z.select(1, 2 + j)).Mean).ToArray();
for (var j = 0; j < 8; j++)
    Console.WriteLine($"school {"ABCDEFGH"[j]}: measured {y[j],3} +- {s[j],2}, estimated {effects[j],5:f1}");
Console.WriteLine("Large effects shrink towards the mean: what sets a school apart is mostly chance.");

var draws = sample.Resample(4000);
var page = Path.GetFullPath("variational.html");
Plot.SideBySide("What eight schools tell of all schools", false,
    Plot.Histogram("The spread between schools may be none", "tau [points]", "density",
        ("posterior", draws.select(1, 1).exp().clamp(max: 25))),
    Plot.Measurements("Estimates lie nearer together than measurements", "school (A to H)", "effect [points]",
        ("measured", Enumerable.Range(1, 8).Select(j => (double)j).ToArray(), y, s),
        ("estimated", Enumerable.Range(1, 8).Select(j => j + 0.2).ToArray(), effects, new double[8]))).Save(page);
Console.WriteLine($"The figure: {page}");
