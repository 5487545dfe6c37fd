using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>Angles in radians.</summary>
internal static class Circle
{
    /// <summary>The angle in [-pi, pi) that stands for the same place, of slope 1 everywhere.</summary>
    internal static Tensor Wrap(Tensor angle) => angle - ((angle.detach() + Math.PI) / (2 * Math.PI)).floor() * (2 * Math.PI);
}
