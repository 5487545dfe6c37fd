#:project ../src/RealNvp.Figures
#:property PublishAot=false

// Regression that says how sure it is: the flipper length and body mass of a penguin, given the size of its bill. The answer to
// each question is a density p(y | x) of its own, from which any interval follows; here, those that hold 90 %.
using System.Globalization;
using RealNvp.Figures;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

var quick = args.Contains("--quick");
manual_seed(1);
var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var table = ReadTable(Path.Combine(here, "..", "data", "penguins.csv"), 4);
var rows = table[randperm(table.size(0))];
var (bills, birds) = (rows[.., ..2], rows[.., 2..]);

// What is given goes to the networks as it is, so it is standardised; what is asked for, the flow standardises itself. Flippers
// were measured in whole millimetres: noise of half of one keeps the density from narrowing down to these.
bills = (bills - bills.mean([0])) / bills.std(0);
var heldOut = 80;
var (x, xHeldOut) = (bills[heldOut..], bills[..heldOut]);
var (y, yHeldOut) = (birds[heldOut..], birds[..heldOut]);

var spline = Architectures.NeuralSpline(2, layers: 4, hidden: [32], contextSize: 2);
var flow = new Flow(new Chain([Standardize.Fit(y), spline.Bijection]));
TrainingOptions options = new() { Steps = quick ? 400 : 2000, LearningRate = 2e-3, DataNoise = 0.5, EvaluateEvery = 20 };
Console.WriteLine(Trainer.Fit(flow, y, yHeldOut, options, trainContext: x, heldOutContext: xHeldOut));

// For each bird 1000 answers; the interval of the middle 90 % of them.
using var noGrad = no_grad();
var answers = flow.Sample(heldOut * 1000, xHeldOut.repeat_interleave(1000, 0)).view(heldOut, 1000, 2);
var parts = answers.quantile(tensor(new[] { 0.05f, 0.5f, 0.95f }), 1);
var (low, middle, high) = (parts[0], parts[1], parts[2]);
var inside = (yHeldOut.ge(low) & yHeldOut.le(high)).to(float32).mean([0]);

Console.WriteLine("\nThree birds that it was not trained on:");
for (var k = 0; k < 3; k++)
    Console.WriteLine($"  body mass {middle[k, 1].ToSingle():f0} g, from {low[k, 1].ToSingle():f0} to {high[k, 1].ToSingle():f0} g; "
        + $"measured: {yHeldOut[k, 1].ToSingle():f0} g");
Console.WriteLine($"Of {heldOut} such birds, the 90 % intervals hold {inside[0].ToSingle():p0} of the flippers and "
    + $"{inside[1].ToSingle():p0} of the masses.");
var (_, p) = Calibration.AgainstUniform(Calibration.HighestDensityLevel(flow, yHeldOut, 500, context: xHeldOut));
Console.WriteLine($"Do birds fall into the density's regions as often as it says? p = {p:f2}; below 0.01, they would not.");

var page = Path.GetFullPath("regression.html");
var which = middle.select(1, 1).argsort();
var index = arange(heldOut, float32);
Plot.Lines("Nine of ten birds lie between the outer lines", "birds, by their median", "body mass [g]",
    ("5 %", index, low[which, 1]), ("median", index, middle[which, 1]), ("95 %", index, high[which, 1]),
    ("measured", index, yHeldOut[which, 1])).Save(page);
Console.WriteLine($"The figure: {page}");

static Tensor ReadTable(string path, int columns)
{
    var values = File.ReadLines(path).Skip(1)
        .SelectMany(line => line.Split(',').Take(columns).Select(v => float.Parse(v, CultureInfo.InvariantCulture)));
    return tensor(values.ToArray()).view(-1, columns);
}
