namespace RealNvp.Workbook.ImageModels;

/// <summary>
/// From nats of an image's dequantised density on [0, 1) to bits for each of its dimensions, and what that leaves to say.
/// </summary>
internal static class BitsPerDim
{
    /// <summary>Bits per dimension of a loss -log p(x), x = (pixel + u) / levels.</summary>
    internal static double Of(double loss, long dimension, int levels) => loss / (dimension * Math.Log(2)) + Math.Log2(levels);
}
