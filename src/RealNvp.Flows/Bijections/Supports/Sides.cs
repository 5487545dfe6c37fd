using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Open intervals (a, b), each end finite or not, to the line and back, element by element: log((x - a) / (b - x)), log(x - a),
/// -log(b - x) or x.
/// </summary>
/// <param name="Low">a, of a shape that broadcasts to the elements.</param>
/// <param name="High">b.</param>
internal sealed record Sides(Tensor Low, Tensor High)
{
    private Tensor Open => Low.isinf() & High.isinf();

    private Tensor Closed => (Low.isinf() | High.isinf()).logical_not();

    /// <summary>Where x lies outside, or on an end. Not-a-number is neither outside nor inside.</summary>
    internal Tensor Outside(Tensor x) => x.le(Low) | x.ge(High);

    /// <summary>z and log dz/dx; outside, z is 0 and the log-derivative minus infinity.</summary>
    internal (Tensor Z, Tensor LogDerivative) ToLine(Tensor x)
    {
        var (outside, one, zero) = (Outside(x), torch.ones_like(x), torch.zeros_like(x));
        var fromLow = Edge.Log(torch.where(outside | Low.isinf(), one, x - Low));
        var fromHigh = Edge.Log(torch.where(outside | High.isinf(), one, High - x));
        var z = fromLow - fromHigh + torch.where(Open & outside.logical_not(), x, zero);
        var logWidth = torch.where(Closed, High - Low, torch.ones_like(Low)).log();
        return (z, (logWidth - fromLow - fromHigh).masked_fill(outside, double.NegativeInfinity));
    }

    /// <summary>x, rounded to a number inside, and log dx/dz.</summary>
    internal (Tensor X, Tensor LogDerivative) FromLine(Tensor z)
    {
        var (closed, zero) = (Closed, torch.zeros_like(z));
        var (low, high) = (Low.masked_fill(Low.isinf(), 0), High.masked_fill(High.isinf(), 0));
        var width = torch.where(closed, High - Low, torch.ones_like(Low));
        var between = torch.where(z.lt(0), low + z.sigmoid() * width, high - z.neg().sigmoid() * width);
        // From the one end that is there, upwards or downwards.
        var up = High.isinf() & Low.isinf().logical_not();
        var down = Low.isinf() & High.isinf().logical_not();
        var signed = torch.where(up, z, torch.where(down, z.neg(), zero));
        var away = signed.clamp_max(Edge.LargestExponent(z)).exp();
        var x = torch.where(closed, between, torch.where(up, low + away, torch.where(down, high - away, z)));
        var log = torch.where(closed, width.log() - Twice(z), signed);
        return (torch.minimum(torch.maximum(x, Edge.Above(Low)), Edge.Below(High)), log);
    }

    /// <summary>log(1 + exp(z)) + log(1 + exp(-z)).</summary>
    private static Tensor Twice(Tensor z)
    {
        var size = z.abs();
        return size + size.neg().exp().log1p() * 2;
    }
}
