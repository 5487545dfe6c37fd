using System.Runtime.InteropServices;
using RealNvp.Flows.Training;

namespace RealNvp.Workbook.ImageModels;

/// <summary>What goes wrong on a machine while models are trained or judged, as one line for the user.</summary>
internal static class Failures
{
    /// <summary>Runs work on a model's file; what is the user's to mend comes out as a <see cref="UserException"/>.</summary>
    internal static T Explained<T>(string checkpoint, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Explain(e, checkpoint) is { } line)
        {
            throw new UserException(line, e);
        }
    }

    /// <summary>Sees before the work, which may take hours, that its file can be written.</summary>
    /// <exception cref="UserException">It cannot: the path is a folder's, or the folder takes no files.</exception>
    internal static void RequireWritable(string path)
    {
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new UserException($"expected --output to name a file (.safetensors), got the folder {path}");
        try
        {
            AtomicFile.CheckWritable(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be written: {Sentence(e.Message)} Name another place with --output.", e);
        }
    }

    private static string? Explain(Exception e, string checkpoint) => e switch
    {
        TrainingDivergedException or ArgumentException or InvalidDataException or FileNotFoundException => e.Message,
        UnauthorizedAccessException => $"{e.Message} Name a place that can be written with --output.",
        IOException => $"writing {checkpoint} failed: {Sentence(e.Message)} {Kept(checkpoint)}",
        OutOfMemoryException => $"this machine's memory is used up. {Kept(checkpoint)} Take a smaller --batch or --width.",
        ExternalException x when Mentions(x, "DefaultCPUAllocator", "bad_alloc") =>
            $"this machine's memory is used up. {Kept(checkpoint)} Take a smaller --batch or --width.",
        ExternalException x when Mentions(x, "out of memory", "not enough memory", "ALLOC_FAILED") =>
            $"the device's memory is used up. {Kept(checkpoint)} Take a smaller --batch or --width.",
        ExternalException x when Mentions(x, "CUDA", "CUBLAS", "CUDNN") =>
            $"the GPU failed: {Sentence(OfTheDevice(x.Message))} {Kept(checkpoint)}",
        _ => null,
    };

    // What libtorch, cuBLAS and cuDNN say.
    private static bool Mentions(ExternalException e, params string[] words) =>
        words.Any(word => e.Message.Contains(word, StringComparison.OrdinalIgnoreCase));

    // Without the operator that the host was at, which on a GPU is mostly a later one than what failed.
    private static string OfTheDevice(string message)
    {
        var line = message.Split('\n')[0];
        var at = line.IndexOf("CUDA error", StringComparison.Ordinal);
        return at < 0 ? line : line[at..];
    }

    private static string Sentence(string message) => message.TrimEnd('.', ' ') + ".";

    private static string Kept(string checkpoint) => File.Exists(checkpoint)
        ? $"The last good checkpoint, {checkpoint}, is whole: --resume goes on from it."
        : "There is no checkpoint yet.";
}
