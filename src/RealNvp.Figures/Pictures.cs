using static TorchSharp.torch;

namespace RealNvp.Figures;

/// <summary>Images as PNG files, without a browser.</summary>
public static class Pictures
{
    /// <summary>
    /// Writes images in rows and columns, one pixel of nothing between two of them; the file is replaced as a whole or not at
    /// all.
    /// </summary>
    /// <param name="images">N images [N, C, H, W] with C of 1 or 3, or [N, H, W], in [0, 1]; values outside are clipped,
    /// not-a-number is black.</param>
    /// <param name="path">The file.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="zoom">Each pixel becomes a square of so many.</param>
    /// <exception cref="ArgumentException">There is no image, or the number of channels is neither 1 nor 3.</exception>
    public static void SavePng(Tensor images, string path, int columns = 8, int zoom = 3)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(zoom);
        var shape = images.dim() == 3 ? [images.shape[0], 1, images.shape[1], images.shape[2]] : images.shape;
        if (shape.Length != 4 || shape.Contains(0) || shape[1] is not (1 or 3))
            throw new ArgumentException(
                $"Expected images of shape [N, 1 or 3, H, W] or [N, H, W]; given {Tensors.Shape(images)}.", nameof(images));
        (var count, var channels, var height, var width) =
            ((int)shape[0], (int)shape[1], (int)shape[2] * zoom, (int)shape[3] * zoom);
        using var large = images.view(shape).repeat_interleave(zoom, dim: 2).repeat_interleave(zoom, dim: 3);
        columns = Math.Min(columns, count);
        var rows = (count + columns - 1) / columns;
        var pixels = Plot.Montage(Tensors.Values(large), count, channels, height, width, rows, columns);
        AtomicFile.Write(path, stream => stream.Write(pixels));
    }
}
