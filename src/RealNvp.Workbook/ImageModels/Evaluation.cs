using System.Globalization;
using RealNvp.Figures;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Workbook.ImageModels;

/// <summary>What there is to say about a flow on images: numbers on the console, pictures in a folder.</summary>
internal sealed class Evaluation(Flow flow, ImageSet set, Device device, long seed)
{
    private const int InverseImages = 1000;
    private const int OtherImages = 2000;
    private const int Across = 10;
    private static readonly double[] Temperatures = [0.6, 0.7, 0.8, 0.9, 1];

    /// <returns>Bits per dimension of the test images.</returns>
    internal BitsPerDimension Run(int? images, int draws, string folder)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var test = Head(set.Test, images ?? (int)set.Test.size(0)).to(device);
        var bits = Likelihood(test, draws);
        Inverse(test);
        Others(test);
        Samples(folder);
        Paths(test, folder);
        return bits;
    }

    private BitsPerDimension Likelihood(Tensor test, int draws)
    {
        var (average, importance) = BitsPerDimension.Of(flow, test, set.Levels, draws, seed: seed);
        Console.WriteLine($"{set.Name} test: {average.Mean:f4} bits/dim, standard error {average.StandardError:f4}, 95 % "
            + $"interval {average.Interval.Low:f4} to "
            + $"{average.Interval.High:f4} ({average.Count:n0} images, {draws} dequantisation "
            + $"{(draws == 1 ? "sample" : "samples")} each)");
        if (draws > 1)
            Console.WriteLine($"importance-weighted over {draws}: {importance.Mean:f4} bits/dim, standard error "
                + $"{importance.StandardError:f4}");
        return average;
    }

    private void Inverse(Tensor test)
    {
        using var scope = NewDisposeScope();
        var x = Dequantize.Uniform(Head(test, InverseImages), set.Levels);
        var error = InverseError.Of(flow.Bijection, x);
        Console.WriteLine($"inverse error: at most {error.Largest * set.Levels:g3} grey levels, {error.Mean * set.Levels:g3} "
            + $"on average ({error.Count:n0} images, float32)");
    }

    /// <summary>Images that are not the set's: are they less likely, and does a score tell?</summary>
    private void Others(Tensor test)
    {
        using var scope = NewDisposeScope();
        var own = LogProb(Head(test, OtherImages));
        var train = LogProb(Head(set.Train, OtherImages).to(device));
        var (likelihood, typicality) = (OutOfDistribution.Likelihood(own), OutOfDistribution.Typicality(own, train));
        Console.WriteLine($"{"other images",-26}{"bits/dim",10}{"+-",9}{"AUROC of likelihood",22}{"of typicality",16}");
        Row(set.Name + " test", own, null, null);
        foreach (var (name, images) in OtherSets(Head(test, OtherImages)))
        {
            var log = LogProb(images.to(device));
            Row(name, log, OutOfDistribution.Auroc(likelihood, OutOfDistribution.Likelihood(log)),
                OutOfDistribution.Auroc(typicality, OutOfDistribution.Typicality(log, train)));
        }
    }

    private IEnumerable<(string Name, Tensor Images)> OtherSets(Tensor test)
    {
        foreach (var name in ImageSet.Names.Where(n => n != set.Name))
            if (ImageSet.TestOf(name) is { } other && other.Levels == set.Levels && other.Images.shape[1..]
                .SequenceEqual(set.Shape))
                yield return (name + " test", Head(other.Images, OtherImages));
        yield return ("turned by a quarter", test.transpose(2, 3).flip(3));
        yield return ("black and white exchanged", set.Levels - 1 - test.to(ScalarType.Int32));
        yield return ("one grey", full_like(Head(test, 100), set.Levels / 2));
        yield return ("noise", randint(0, set.Levels, Head(test, 500).shape, ScalarType.Int32));
    }

    private void Row(string name, Tensor log, double? likelihood, double? typicality)
    {
        using var scope = NewDisposeScope();
        var bits = log * (-1 / (flow.Dimension * Math.Log(2))) + Math.Log2(set.Levels);
        Console.WriteLine($"{name,-26}{bits.mean().ToDouble(),10:f3}{bits.std().ToDouble() / Math.Sqrt(bits.size(0)),9:f3}{likelihood,22:f3}{typicality,16:f3}");
    }

    private void Samples(string folder)
    {
        using var scope = NewDisposeScope();
        var rows = Temperatures.Select(t => Latents.SampleAt(flow, Across, t)).ToArray();
        Save(cat(rows, 0), folder, "samples.png",
            "samples at temperatures "
            + $"{string.Join(", ", Temperatures.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture)))}, a row each");
        // Beside samples at 0.8 the training images that are nearest to them: a model that copies would show twice the same.
        var samples = rows[2].cpu();
        var nearest = (cdist(samples.flatten(1), set.Train.flatten(1).to(float32) / set.Levels)).argmin(1);
        Save(cat([samples, set.Train.index_select(0, nearest).to(float32) / set.Levels], 0), folder, "nearest.png",
            "samples, and below each the nearest training image");
    }

    private void Paths(Tensor test, string folder)
    {
        using var scope = NewDisposeScope();
        var x = Dequantize.Uniform(Head(test, Across), set.Levels);
        var pairs = Enumerable.Range(0, Math.Min(5, (int)x.size(0) / 2))
            .Select(k => Latents.Interpolate(flow, x[2 * k], x[2 * k + 1], Across));
        Save(cat([.. pairs], 0), folder, "interpolation.png", "between two test images, a row each");
    }

    private void Save(Tensor images, string folder, string file, string what)
    {
        var path = Path.Combine(folder, file);
        using var onHost = images.cpu();
        Pictures.SavePng(onHost, path, Across);
        Console.WriteLine($"{path}: {what}");
    }

    private Tensor LogProb(Tensor images) => OutOfDistribution.LogProb(flow, images, set.Levels, seed: seed);

    private static Tensor Head(Tensor x, long n) => x.narrow(0, 0, Math.Min(n, x.size(0)));
}
