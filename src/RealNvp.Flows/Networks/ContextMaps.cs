using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// How networks of images show a context [N, ContextSize]: features [c] as constant maps, one for each; an image [c, H, W], which
/// the context holds flattened, as it is, or averaged over blocks where the network's input is smaller, as it is after squeezes.
/// </summary>
internal sealed class ContextMaps
{
    private readonly long[] shape;

    /// <exception cref="ArgumentException">shape is neither [c] nor [c, H, W].</exception>
    internal ContextMaps(long[]? shape)
    {
        Size(shape);
        this.shape = shape ?? [0];
    }

    /// <summary>The features of a context of a shape; null where there is none.</summary>
    /// <exception cref="ArgumentException">contextShape is neither [c] nor [c, H, W].</exception>
    internal static long? Size(long[]? contextShape) =>
        contextShape is null or { Length: 1 or 3 } && (contextShape?.All(size => size >= 1) ?? true) ? contextShape?.Elements()
        : throw new ArgumentException($"A context has shape [c] or [c, H, W], but was given {Shapes.Text(contextShape)}.",
            nameof(contextShape));

    /// <summary>c; 0 where there is no context.</summary>
    internal long Channels => shape[0];

    /// <summary>[c, H, W] where the context is an image.</summary>
    internal long[]? Image => shape.Length == 3 ? shape : null;

    /// <summary>
    /// The maps [N, H, W, c] of a context for an input of this height and width: channels last, as convolutions are fastest.
    /// </summary>
    /// <exception cref="ArgumentException">The image cannot be averaged down to the input.</exception>
    internal Tensor At(Tensor context, long height, long width)
    {
        var n = context.size(0);
        if (shape.Length == 1) return context.view(n, 1, 1, shape[0]).expand(n, height, width, shape[0]);
        var (rows, columns) = (shape[1] / height, shape[2] / width);
        if (rows * height != shape[1] || columns * width != shape[2])
            throw new ArgumentException(
                $"A context image of {shape[1]} x {shape[2]} is shown to images of that height and width, or of a whole part "
                + $"of them, but was given one of {height} x {width}.", nameof(context));
        var image = context.reshape(n, shape[0], shape[1], shape[2]);
        return (rows == 1 && columns == 1 ? image : image.reshape(n, shape[0], height, rows, width, columns).mean([3, 5]))
            .permute(0, 2, 3, 1);
    }

    /// <summary>What a network's description adds; nothing without a context.</summary>
    public override string ToString() => shape[0] == 0 ? "" : $", context {Shapes.Text(shape)}";
}
