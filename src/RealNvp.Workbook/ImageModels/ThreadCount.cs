using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Data;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

namespace RealNvp.Workbook.ImageModels;

/// <summary>
/// How many threads a training run on the CPU gets. More are not always faster: small layers, cores that other programs use and
/// cores that are halves of one all tip the scales. And the count decides in which order sums are formed, so a run that is
/// resumed keeps the count that it began with.
/// </summary>
internal static class ThreadCount
{
    private const int Rounds = 3;
    private static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(10);

    /// <summary>More than this end the process: OpenMP starts them all at once.</summary>
    internal static int Most => Math.Max(256, Environment.ProcessorCount);

    /// <summary>Metadata key of a checkpoint.</summary>
    internal const string Key = "threads";

    /// <summary>
    /// What was asked for; else what the checkpoint to resume was trained with; else OMP_NUM_THREADS; else what a short trial
    /// finds fastest.
    /// </summary>
    /// <exception cref="UserException">The checkpoint holds a number of threads that no machine has.</exception>
    internal static int For(TrainingPlan plan, ImageSet set, int? asked, string? resumed)
    {
        if (asked is { } count) return count;
        if (resumed is not null && Kept(resumed) is { } before) return before;
        return Environment.ProcessorCount == 1 || Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }
            ? get_num_threads() : Fastest(plan, set);
    }

    /// <exception cref="UserException">The file holds a number that no machine has.</exception>
    private static int? Kept(string checkpoint)
    {
        using var scope = NewDisposeScope();
        if (!Safetensors.Load(checkpoint).Metadata.TryGetValue(Key, out var text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= Most
            ? count
            : throw new UserException($"{checkpoint} was trained with {Shown.Text(text)} threads, it says, expected are 1 to "
                + $"{Most}: say with --threads how many");
    }

    /// <summary>
    /// Times steps of a model like the one to be trained; counts take turns, so that what else the machine does hits them alike.
    /// </summary>
    internal static int Fastest(TrainingPlan plan, ImageSet set)
    {
        var before = get_num_threads();
        using var scope = NewDisposeScope();
        using var flow = plan.Model.Build();
        var n = Math.Min(plan.Options.BatchSize, set.Train.size(0));
        var x = Dequantize.Uniform(set.Train.narrow(0, 0, n), set.Levels);
        flow.train();
        using var precision = plan.Options.BFloat16Convolutions ? Precision.BFloat16(flow) : null;
        void Step()
        {
            using var inner = NewDisposeScope();
            flow.LogProb(x).mean().neg().backward();
        }

        try
        {
            var best = Candidates(Environment.ProcessorCount).ToDictionary(count => count, _ => TimeSpan.MaxValue);
            var clock = Stopwatch.StartNew();
            Step();   // sets up
            for (var round = 0; round < Rounds && (round == 0 || clock.Elapsed < LongestTrial); round++)
            {
                foreach (var count in best.Keys.ToArray())
                {
                    set_num_threads(count);
                    var start = Stopwatch.GetTimestamp();
                    Step();
                    if (Stopwatch.GetElapsedTime(start) is var time && time < best[count]) best[count] = time;
                }
            }
            return best.MinBy(pair => pair.Value).Key;
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>Powers of two below the number of cores, and that number.</summary>
    internal static IEnumerable<int> Candidates(int cores)
    {
        for (var count = 1; count < cores; count *= 2) yield return count;
        yield return cores;
    }
}
