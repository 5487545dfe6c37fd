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

    private static string? Explain(Exception e, string checkpoint) => e switch
    {
        TrainingDivergedException or ArgumentException or InvalidDataException or FileNotFoundException => e.Message,
        UnauthorizedAccessException => $"{e.Message} Name a place that can be written with --output.",
        IOException => $"writing {checkpoint} failed: {e.Message} {Kept(checkpoint)}",
        OutOfMemoryException => $"this machine's memory is used up. {Kept(checkpoint)} Take a smaller --batch or --width.",
        ExternalException x when x.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || x.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase) =>
            $"the device's memory is used up. {Kept(checkpoint)} Take a smaller --batch or --width.",
        ExternalException x when x.Message.Contains("CUDA", StringComparison.Ordinal) =>
            $"the GPU failed: {x.Message.Split('\n')[0]} {Kept(checkpoint)}",
        _ => null,
    };

    private static string Kept(string checkpoint) => File.Exists(checkpoint)
        ? $"The last good checkpoint, {checkpoint}, is whole: --resume goes on from it."
        : "There is no checkpoint yet.";
}
