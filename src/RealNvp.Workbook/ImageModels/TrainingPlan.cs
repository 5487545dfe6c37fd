using RealNvp.Chapters;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;

namespace RealNvp.Workbook.ImageModels;

/// <summary>
/// Model and run that a budget stands for. Sizes were chosen so that quick takes a minute or two and full an hour or two on two
/// cores; gpu wants a GPU.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Options">The run, without files and callbacks.</param>
internal sealed record TrainingPlan(ImageModel Model, TrainingOptions Options)
{
    /// <exception cref="UserException">There is no such model.</exception>
    internal static TrainingPlan For(string kind, ImageSet set, Budget budget, long seed)
    {
        var small = set.Shape[1] <= 8;
        var (width, depth) = kind switch
        {
            "realnvp" => budget.Choose((8, 1), (16, 1), (48, 4)),
            "nice" => budget.Choose((128, 2), (512, 4), (1000, 5)),
            "glow" => budget.Choose((16, 2), (48, 6), (256, 16)),
            "spline" => budget.Choose((16, 2), (48, 4), (128, 12)),
            "tarflow" => budget.Choose((32, 2), (64, 4), (256, 8)),
            _ => throw new UserException($"expected a model {string.Join(", ", ImageModel.Kinds)}, got \"{kind}\""),
        };
        // NICE has no convolutions: its steps are short, and it needs many
        var brief = kind == "nice" ? 1500 : small ? 400L : 150;
        var steps = budget.Choose(brief, small ? 4000 : 6000, small ? 20_000 : 100_000);
        var options = new TrainingOptions
        {
            Steps = steps,
            BatchSize = budget.Choose(64, 64, 128),
            // Weights of normalised length bear, and need, far larger steps than usual (docs/images.md). A step turns a kernel by
            // an angle that grows with the square root of its inputs: the gpu budget's wider networks take about as much less
            // (NICE, whose weights are not normalised, by its first steps).
            LearningRate = kind switch
            {
                "realnvp" => budget.Choose(8e-3, 8e-3, 4e-3),
                "glow" => budget.Choose(1.6e-2, 1.2e-2, 5e-3),
                "spline" => budget.Choose(1.6e-2, 8e-3, 5e-3),
                "tarflow" => budget.Choose(3e-3, 2e-3, 1e-3),   // no normalised weights
                _ => budget.Choose(1e-2, 1e-2, 4e-3),
            },
            Schedule = Schedule.Warmup(Math.Min(500, steps / 20), Schedule.Cosine(0.01)),
            ClipGradient = 100,
            Levels = set.Levels,
            FlipHorizontally = set.MirrorsWell,
            EmaDecay = 0.999,
            Seed = seed,
            EvaluateEvery = budget.Choose(50, 250, 1000),
            EvaluationBatch = 500,
            LogEvery = budget.Choose(10, 50, 200),
            CheckpointEvery = budget.Choose(50, 100, 1000),
            Patience = null,
        };
        return new(new(kind, set.Shape, set.Levels, width, depth), options);
    }
}
