using RealNvp.Flows.Bijections;
using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>
    /// Noise that becomes data: points go back through the layers of a flow, the last layer first, one frame a layer.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="flow">The layers, data to latent.</param>
    /// <param name="latents">Samples of the base [N, 2]; at most 1500 are drawn.</param>
    public static Plot Generation(string title, string x, string y, Chain flow, Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(latents);
        using IDisposable scope = NewDisposeScope();
        using var quiet = no_grad();
        var points = latents;
        List<(string, Points)> frames = [("noise", points)];
        foreach (var layer in flow.Layers.Reverse())
        {
            points = layer.Inverse(points).X;
            // A permutation by itself is a jump that shows nothing; it moves with the layer after it.
            if (layer is not Permute)
                frames.Add(($"{frames.Count} of {flow.Layers.Count(each => each is not Permute)} layers", points));
        }
        return Animation(title, x, y, [.. frames]);
    }
}
