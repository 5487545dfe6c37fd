using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>
/// From whole numbers to a continuous density: a density of dequantised data bounds the probability of the whole numbers from
/// below.
/// </summary>
/// <example>
/// <code>
/// var levels = tensor(new byte[] { 0, 255 }).view(1, 2);
/// var x = Dequantize.Uniform(levels, levels: 256, new Generator(1));   // in [0, 1)
/// Console.WriteLine(x.ge(0).logical_and(x.lt(1)).all().ToBoolean());
/// // prints True
/// </code>
/// </example>
public static class Dequantize
{
    /// <summary>
    /// (x + u) / levels with u uniform on [0, 1), from x in {0 .. levels - 1} to [0, 1). The mean of log p over u, minus D log
    /// levels, is at most log P(x) (Theis, van den Oord, Bethge 2016, arXiv:1511.01844, equation 6).
    /// </summary>
    /// <param name="x">Whole numbers of any shape and dtype.</param>
    /// <param name="levels">Their number.</param>
    /// <param name="generator">Source of u; null is torch's global one.</param>
    /// <param name="dtype">The result's dtype.</param>
    /// <exception cref="ArgumentException">A value is no whole number from 0 to levels - 1.</exception>
    public static Tensor Uniform(Tensor x, int levels = 256, Generator? generator = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        using var scope = NewDisposeScope();
        var wide = x.to(torch.float64);
        Require(wide, levels, nameof(x));
        // Kept one rounding below 1, so that no value rounds up into the next level.
        var u = torch.rand(x.shape, torch.float64, x.device, generator: generator).clamp_max(1 - levels * torch.finfo(dtype).eps);
        return scope.MoveToOuter(((wide + u) / levels).to(dtype));
    }

    /// <summary>
    /// The same in float32 on the data's device, for values that were checked before: no look at them, so no wait for the device.
    /// </summary>
    internal static Tensor Fast(Tensor x, int levels, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var u = torch.rand(x.shape, ScalarType.Float32, x.device, generator: generator)
            .clamp_max_(1 - levels * torch.finfo(ScalarType.Float32).eps);
        return scope.MoveToOuter(u.add_(x).div_(levels));
    }

    /// <summary>Holds every value to be a whole number from 0 to levels - 1.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    internal static void Require(Tensor x, int levels, string name)
    {
        if (x.numel() == 0) return;
        if (x.is_floating_point()) Finite.Require(x, name);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = (x.min().ToDouble(), x.max().ToDouble());
        if (!(low >= 0 && high <= levels - 1) || (x.is_floating_point() && !x.eq(x.round()).all().ToBoolean()))
            throw new ArgumentException(
                $"{name} holds whole numbers from 0 to {levels - 1} where {levels} levels are dequantised, but its values run "
                + $"from {low:g6} to {high:g6}"
                + $"{(x.is_floating_point() ? $" in {x.dtype}" : "")}.", name);
    }
}
