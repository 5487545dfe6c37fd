#:project ../src/RealNvp.Figures
#:property PublishAot=false

// The density of a table, and which of its rows are odd: measurements of penguins, among which four are hidden that were
// spoilt on purpose. A spoilt row has no value that is odd by itself; what is odd is how its values go together.
using System.Globalization;
using RealNvp.Figures;
using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

var quick = args.Contains("--quick");
manual_seed(1);
var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var (x, names) = ReadTable(Path.Combine(here, "..", "data", "penguins.csv"), 4);

// Rows whose flippers are another bird's: the lightest birds' with the heaviest birds'.
var byMass = x.select(1, 3).argsort();
var spoilt = x[cat([byMass[..2], byMass[^2..]])].clone();
spoilt.select(1, 2).copy_(spoilt.select(1, 2).flip(0));
var all = cat([x, spoilt]);

var (train, heldOut) = Splits.TrainHeldOut(all);
var flow = Architectures.Tabular(train, layers: 4, width: 32);
Console.WriteLine(Trainer.Fit(flow, train, heldOut, new() { Steps = quick ? 300 : 1500, DataNoise = 0.1, EvaluateEvery = 20 }));

// The score of a row is -log p(row), in nats: so much more surprising than one of score 0.
using var noGrad = no_grad();
var scores = -flow.LogProb(all);
var order = scores.argsort(descending: true).data<long>().ToArray();
Console.WriteLine($"\nThe eight oddest of {all.size(0)} rows (spoilt ones are marked):");
Console.WriteLine($"{"score",8}  {string.Join("  ", names)}");
foreach (var row in order.Take(8))
    Console.WriteLine($"{scores[row].ToSingle(),8:f1}  "
        + string.Join("  ", names.Select((name, k) => all[row, k].ToSingle().ToString("0.#").PadLeft(name.Length)))
        + (row >= x.size(0) ? "  <- spoilt" : ""));
var found = order.Take(8).Count(row => row >= x.size(0));
Console.WriteLine($"{found} of the {spoilt.size(0)} spoilt rows are among them.");

var page = Path.GetFullPath("anomalies.html");
Plot.SideBySide("Odd rows lie where the density is low, though each of their values is common", false,
    Plot.Scatter("The table", "flipper length [mm]", "body mass [g]",
        ("measured", x[.., 2..4]), ("spoilt", spoilt[.., 2..4])).WithEqualAspect(false),
    Plot.Histogram("Scores", "-log p [nats]", "share of rows", ("measured", scores[..(int)x.size(0)]),
        ("spoilt", scores[(int)x.size(0)..]))).Save(page);
Console.WriteLine($"The figure: {page}");
return found > 0 ? 0 : 1;

static (Tensor Table, string[] Names) ReadTable(string path, int columns)
{
    var lines = File.ReadAllLines(path);
    var values = lines.Skip(1)
        .SelectMany(line => line.Split(',').Take(columns).Select(v => float.Parse(v, CultureInfo.InvariantCulture)));
    return (tensor(values.ToArray()).view(-1, columns), lines[0].Split(',')[..columns]);
}
