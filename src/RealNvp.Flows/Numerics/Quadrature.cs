using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>
/// Integrals of densities over boxes by the midpoint rule, whose error falls exponentially for smooth functions that vanish at
/// the border.
/// </summary>
/// <example>
/// <code>
/// Console.WriteLine($"{Quadrature.Integrate2D(x =&gt; new StandardNormal(2).LogProb(x), -8, 8):f4}");
/// // prints 1.0000
/// </code>
/// </example>
public static class Quadrature
{
    /// <summary>
    /// A regular grid of midpoints over [lower, upper] squared: points [n n, 2] in float64, the second coordinate running
    /// fastest, and the area of a cell.
    /// </summary>
    public static (Tensor Points, double CellArea) Grid2D(double lower, double upper, int n) =>
        Grid2D(lower, upper, lower, upper, n);

    /// <summary>The same over a rectangle.</summary>
    public static (Tensor Points, double CellArea) Grid2D(double x0, double x1, double y0, double y1, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        using var scope = NewDisposeScope();
        var axes = torch.meshgrid([Midpoints(x0, x1, n), Midpoints(y0, y1, n)], "ij");
        var points = torch.stack([axes[0].flatten(), axes[1].flatten()], 1);
        return (scope.MoveToOuter(points), (x1 - x0) * (y1 - y0) / n / n);
    }

    /// <summary>Midpoints of n equal intervals, [n] in float64.</summary>
    public static Tensor Midpoints(double lower, double upper, int n)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((torch.arange(0L, n, dtype: torch.float64) + 0.5) * ((upper - lower) / n) + lower);
    }

    /// <summary>The integral of p over a square: near 1 when the density is normalised and the square holds its mass.</summary>
    /// <param name="logDensity">log p at points of the plane, [N, 2] to [N].</param>
    /// <param name="lower">Lower end of both axes.</param>
    /// <param name="upper">Upper end of both axes.</param>
    /// <param name="n">Cells along each axis.</param>
    /// <param name="dtype">The dtype that the density works in.</param>
    public static double Integrate2D(Func<Tensor, Tensor> logDensity, double lower, double upper, int n = 400,
        ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (points, area) = Grid2D(lower, upper, n);
        var sum = 0.0;
        for (var at = 0L; at < points.size(0); at += 65536)
        {
            using var inner = NewDisposeScope();
            var part = points.narrow(0, at, Math.Min(65536, points.size(0) - at)).to(dtype);
            sum += logDensity(part).to(torch.float64).exp().sum().ToDouble();
        }
        return sum * area;
    }
}
