using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;

namespace RealNvp.Chapters;

/// <summary>
/// The trained models of images in the repository's folder data/checkpoints, whose README tells how each was trained.
/// </summary>
public static class Pretrained
{
    /// <summary>Builds a flow with its weights, in evaluation mode.</summary>
    /// <param name="name">Its file's name, without the ending: realnvp-fashion-mnist, glow-fashion-mnist.</param>
    /// <returns>The flow, its description, and what else the file says.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; the message lists where it was looked for.</exception>
    /// <exception cref="InvalidDataException">The file is truncated or damaged, or does not say what model it is of.</exception>
    public static (Flow Flow, ImageModel Model, IReadOnlyDictionary<string, string> Metadata) Load(string name) =>
        ImageModel.Load(DataFiles.Find(Path.Combine("checkpoints", name + ".safetensors")));
}
