#:project ../src/RealNvp.Figures
#:property PublishAot=false

// The likelihood of images: a flow learns handwritten digits of 8 x 8 pixels, draws new ones, and says of a picture in bits for
// each pixel how little it is surprised. Pictures of noise, and digits lying on their side, surprise it more.
using System.Globalization;
using RealNvp.Figures;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

const int Levels = 17;   // ink from 0 to 16
var quick = args.Contains("--quick");
manual_seed(1);
var path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "digits.csv");
var values = File.ReadLines(path).Skip(1)
    .SelectMany(line => line.Split(',').Take(64).Select(v => byte.Parse(v, CultureInfo.InvariantCulture)));
var images = tensor(values.ToArray()).view(-1, 1, 8, 8);
images = images[randperm(images.size(0))];
var (train, heldOut) = (images[300..], images[..300]);

// Levels: each batch is dequantised, whole numbers become densities on [0, 1).
var flow = Architectures.RealNvpImages([1, 8, 8], width: quick ? 16 : 32, blocks: quick ? 1 : 2);
Console.WriteLine(Trainer.Fit(flow, train, heldOut,
    new() { Steps = quick ? 150 : 2000, BatchSize = 64, Levels = Levels, EvaluateEvery = 50 }));

// The same number of bits would code a picture: log2(17) for each pixel where nothing is known.
using var noGrad = no_grad();
var noise = randint(0, Levels, heldOut.shape);
var bits = new (string Name, Tensor Images)[]
    { ("digits", heldOut), ("digits on their side", heldOut.rot90(1, (2, 3))), ("noise", noise) }.Select(kind => (kind.Name, BitsPerDimension.Of(flow, kind.Images, Levels).Average)).ToList();
Console.WriteLine($"\nbits for each pixel (knowing nothing: {Math.Log2(Levels):f2}):");
foreach (var (name, value) in bits) Console.WriteLine($"  {name,-22} {value.Mean:f2} +- {value.StandardError:f2}");
var likelier = bits[0].Average.Mean < bits[1].Average.Mean && bits[1].Average.Mean < bits[2].Average.Mean;
Console.WriteLine(likelier ? "Digits are the likeliest, noise the least." : "It has not learned digits yet: train for longer.");

var page = Path.GetFullPath("images.html");
Plot.SideBySide("The flow's digits, beside those it learned from", false,
    Plot.Images("Learned from", "pixels", "pixels", train[..32].to(float32) / (Levels - 1)),
    Plot.Images("Drawn", "pixels", "pixels", flow.Sample(32).clamp(0, 1))).Save(page);
Console.WriteLine($"The figure: {page}");
return likelier ? 0 : 1;
