namespace RealNvp.Flows.Numerics;

/// <summary>Gauss and Legendre's rule: n nodes integrate polynomials of degree 2 n - 1 exactly.</summary>
internal static class GaussLegendre
{
    private const int NewtonSteps = 100;

    /// <summary>Nodes and weights on [0, 1], by Newton's method on the Legendre polynomial (Press et al. 2007, section
    /// 4.6).</summary>
    internal static (double Node, double Weight)[] Unit(int n) => [.. Enumerable.Range(0, n).Select(k => One(k, n))];

    private static (double, double) One(int k, int n)
    {
        var x = Math.Cos(Math.PI * (k + 0.75) / (n + 0.5));
        var (value, slope) = Legendre(n, x);
        for (var step = 0; step < NewtonSteps && Math.Abs(value) > 1e-15 * Math.Abs(slope); step++)
        {
            x -= value / slope;
            (value, slope) = Legendre(n, x);
        }
        return ((1 - x) / 2, 1 / ((1 - x * x) * slope * slope));
    }

    private static (double Value, double Slope) Legendre(int n, double x)
    {
        var (before, value) = (0.0, 1.0);
        for (var k = 1; k <= n; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
        return (value, n * (x * value - before) / (x * x - 1));
    }
}
