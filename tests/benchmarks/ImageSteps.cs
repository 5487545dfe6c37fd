using TorchSharp;

namespace RealNvp.Benchmarks;

/// <summary>
/// The library's multi-scale Real NVP beside one written by hand in Python (Python/image.py): training steps, by the
/// library's own trainer, in float32 and with bfloat16 convolutions, and log-densities in evaluation. Random bytes on the one
/// side, blobs on the other: the arithmetic is the same.
/// </summary>
internal static class ImageSteps
{
    internal static void Run(int rounds, double seconds, int threads, string device, int batch)
    {
        torch.set_num_threads(threads);
        using var python = new PythonPeer("image.py", $"{threads}", device, $"{batch}");
        var server = new FlowServer("image", device, batch);
        Side Library(bool bfloat16) => new(bfloat16 ? "library, bfloat16" : "library", s => server.TimeTraining(s, bfloat16));
        Race.Head(python, rounds, seconds, threads);
        Race.Run("training step", rounds, seconds, Library(false), python.Side("Python", "float32"));
        Race.Run("training step in bfloat16", rounds, seconds, Library(true), Library(false),
            python.Side("Python, autocast", "bfloat16"));
        Race.Run("log-density", rounds, seconds, new("library", s => server.TimeLogProb(batch, s)),
            python.Side("Python", "log_prob"));
    }
}
